"""The GGU fund (fonds GGU) and the VNG membership fee (contributie) over the years.

A fund year is a total, or a rate per inhabitant, shared by a key on the municipal map and the counting date that the
model file states. A fee is a bracket tariff on inhabitants. From either come the bill of each municipality to the cent,
what is left after VAT recovery, why it changed, what another key does, settlement, underspend and the half-yearly
report.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.fund.assembly import assembly_table as assembly_table
    from ggu_costs.fund.bill import Bill as Bill
    from ggu_costs.fund.compare import compare as compare
    from ggu_costs.fund.definition import FeeDefinition as FeeDefinition
    from ggu_costs.fund.definition import FundDefinition as FundDefinition
    from ggu_costs.fund.fee import Fee as Fee
    from ggu_costs.fund.model import Fund as Fund
    from ggu_costs.fund.pairing import assembly_of as assembly_of
    from ggu_costs.fund.phase_in import path_of as path_of
    from ggu_costs.fund.redistribution import redistribution as redistribution
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "fund.assembly": "assembly_table",
            "fund.bill": "Bill",
            "fund.compare": "compare",
            "fund.definition": "FeeDefinition FundDefinition",
            "fund.fee": "Fee",
            "fund.model": "Fund",
            "fund.pairing": "assembly_of",
            "fund.phase_in": "path_of",
            "fund.redistribution": "redistribution",
        },
    )
