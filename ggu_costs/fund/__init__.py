"""The GGU fund (fonds GGU) and the VNG membership fee (contributie) over the years.

A fund year is a total, or a rate per inhabitant, shared by a key on the municipal map and the counting date that the
model file states. A fee is a bracket tariff on inhabitants. From either come the bill of each municipality to the cent,
what is left after VAT recovery, why it changed, what another key does, settlement, underspend and the half-yearly
report.
"""

from ggu_costs.fund.bill import Bill
from ggu_costs.fund.compare import compare
from ggu_costs.fund.definition import FeeDefinition, FundDefinition
from ggu_costs.fund.fee import Fee
from ggu_costs.fund.model import Fund
from ggu_costs.fund.redistribution import redistribution

__all__ = ["Bill", "Fee", "FeeDefinition", "Fund", "FundDefinition", "compare", "redistribution"]
