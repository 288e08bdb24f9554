"""A phase-in as a file or Python states it, read with the bill that it starts from."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ggu_costs.errors import Faults, listed
from ggu_costs.figures import read_whole, shown
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.paths import Path, Start
from ggu_costs.fund.phasing import PhaseInTerms
from ggu_costs.fund.yearly import as_decimal

_NAMES = ("from_key", "from_bill", "first_year", "per_inhabitant_per_year")
_ALLOWED = f"a mapping with {listed(_NAMES)}, of which one of the first two"
KeyReader = Callable[[Any, Faults], Mapping[str, Decimal] | None]


def start_of(bill: Billed) -> Start:
    """Start from an earlier bill."""
    return Start(cents=dict(bill.cents), map_date=bill.terms.map_date, name=bill.called)


def path_of_file(stated: PhaseInTerms, earlier: Billed | None) -> Path:
    """Return the phase-in of a file; `earlier` is the bill that it names."""
    key = {name: Fraction(part) for name, part in (stated.from_key or {}).items()}
    start = Start(key) if earlier is None else start_of(earlier)
    return Path(start, stated.first_year, Fraction(stated.per_inhabitant_per_year))


def path_of_python(asked: object, faults: Faults, read_key: KeyReader) -> Path | None:
    """Return the phase-in of the argument `phase_in` of `with_changes`; None with its faults noted.

    Parameters
    ----------
    read_key
        Reads and checks a key.
    """
    before = len(faults.found)
    if not isinstance(asked, Mapping):
        faults.add("phase_in", shown(asked), _ALLOWED)
        return None
    for name in asked.keys() - set(_NAMES):
        faults.add(f"phase_in.{name}", "no such part", listed(_NAMES))
    if ("from_key" in asked) == ("from_bill" in asked):
        faults.add("phase_in", "both or neither of from_key and from_bill", _ALLOWED)
    for name in _NAMES[2:]:
        if name not in asked:
            faults.add(f"phase_in.{name}", "missing", _ALLOWED)
    bill = asked.get("from_bill")
    if bill is not None and not (isinstance(bill, Billed) and bill.terms.kind == "fund"):
        faults.add("phase_in.from_bill", shown(bill), "the bill of a fund: fund.contributions(year)")
    year = read_whole(
        asked.get("first_year", 2000), "phase_in.first_year", faults, least=1900, most=2200, allowed="a year"
    )
    step = as_decimal("phase_in.per_inhabitant_per_year", asked.get("per_inhabitant_per_year", 1), faults)
    key = read_key(asked["from_key"], faults) if "from_key" in asked else None
    if len(faults.found) > before:
        return None
    start = start_of(bill) if isinstance(bill, Billed) else Start({n: Fraction(p) for n, p in (key or {}).items()})
    return Path(start, int(year or 0), Fraction(step))
