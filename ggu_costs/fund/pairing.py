"""Which model file of this year belongs to which of next year: the same kind, and the same place but for the year."""

import re
from collections.abc import Sequence
from typing import Any

from ggu_costs.errors import Faults, listed
from ggu_costs.fund.assembly import Assembly, assembly_table
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.run import BillingModel

Model = BillingModel[Any]
_YEAR = re.compile(r"/?(?:19|20|21)\d\d$")
_REMEDY = "Name one fund or fee of this year for each of next year, unless its own file holds the year before."


def assembly_of(models: Sequence[object], against: Sequence[object] = (), *, year: int | None = None) -> Assembly:
    """Return the table of an assembly of opened models.

    Parameters
    ----------
    models
        Funds and fees of next year.
    against
        The same of this year, in any order. A file that holds the year before needs none.
    year
        Next year, where a file holds several; required then.

    Raises
    ------
    InputError
        Models of another kind, and every one without the bill of this year, or that could belong to several.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> fund = ggu.open_fund("funds/example-portfolio")
    >>> following, this = (ggu.open_fee(f"fees/vng-contributie/{year}") for year in (2024, 2023))
    >>> float(assembly_of([fund, following], [this], year=2024).national()["together_2024"])
    57639447.04
    """
    faults = Faults()
    if not models:
        faults.add("models", "none", "one or more funds and fees")
    for model in (*models, *against):
        if not isinstance(model, BillingModel):
            kind = getattr(getattr(model, "definition", None), "kind", type(model).__name__)
            faults.add(str(getattr(model, "id", kind)), f"a {kind}", "funds and fees, which have bills")
    faults.check("these models make no table of an assembly", remedy="Leave out what is no fund or fee.")
    asked = [model for model in models if isinstance(model, BillingModel)]
    left = [model for model in against if isinstance(model, BillingModel)]
    pairs: list[tuple[Bill, Bill]] = []
    for model in asked:
        after = model.bill(year)
        fitting = _fitting(model, asked, left)
        earlier = [one for one in model.years if one < after.terms.year]
        if len(fitting) == 1:
            left.remove(fitting[0])
            pairs.append((_before(fitting[0], after.terms.year, faults), after))
        elif not fitting and earlier:
            pairs.append((model.bill(max(earlier)), after))
        else:
            found = f"{listed([one.id for one in fitting])} could belong to it" if fitting else "no bill of this year"
            faults.add(model.id, found, "one fund or fee of this year")
    for model in left:
        faults.add(model.id, "belongs to no fund or fee of next year", "the kind and the place of one of them")
    faults.check("this year cannot be put beside next year", remedy=_REMEDY)
    return assembly_table(*pairs)


def _before(model: Model, year: int, faults: Faults) -> Bill:
    """Return the last bill before a year."""
    earlier = [one for one in model.years if one < year]
    if not earlier:
        faults.add(model.id, f"years {listed(model.years)}", f"a year before {year}")
    return model.bill(max(earlier or model.years))


def _fitting(model: Model, models: Sequence[Model], left: Sequence[Model]) -> list[Model]:
    """Return those of this year that could belong to a model: of its place, else of its kind where it is alone."""
    kind = model.definition.kind
    alike = [one for one in left if one.definition.kind == kind]
    same = [one for one in alike if _place(one) == _place(model)]
    alone = sum(one.definition.kind == kind for one in models) == 1
    return same or (alike if alone else [])


def _place(model: Model) -> str:
    return _YEAR.sub("", model.id)
