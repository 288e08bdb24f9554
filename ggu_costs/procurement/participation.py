"""Who takes part in a case: by the list, the selection, or the take-up of a year."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.money import round_half_up
from ggu_costs.procurement.definition import ProcurementDefinition
from ggu_costs.procurement.keys import check_count
from ggu_costs.procurement.parties import Parties, drawn
from ggu_costs.procurement.terms import TakeUp
from ggu_costs.reference import Reference


def all_parties(definition: ProcurementDefinition, reference: Reference) -> Parties:
    """Every municipality of the map and every body of the file, whether they take part or not."""
    day = reference.map_day(definition.map_date, what="map_date")
    names = reference.names_of(day)
    counted = reference.inhabitants_on(definition.counting_date, day)
    others = {other.code: other for other in definition.others}
    codes = sorted([*names, *others])
    return Parties(
        codes=tuple(codes),
        names=tuple(others[code].name if code in others else names[code] for code in codes),
        kinds=tuple(others[code].kind if code in others else "municipality" for code in codes),
        inhabitants=np.array([np.nan if code in others else float(counted[code]) for code in codes]),
        others=others,
        map_date=definition.map_date,
        counting_date=definition.counting_date,
        reference=reference,
    )


def taking_part(
    definition: ProcurementDefinition, everyone: Parties, selected: Decimal | None, year: int | None
) -> tuple[str, ...]:
    """Codes that take part: by the list, the selection, or the take-up of a year.

    Parameters
    ----------
    everyone
        All there are.
    selected
        Number of municipalities to draw, where the file has a selection.
    year
        Of a voluntary case.
    """
    part = definition.participation
    bodies = tuple(everyone.others)
    municipal: Sequence[str] = part.municipalities or everyone.reference.member_codes(definition.map_date)
    if part.mode == "listed" and part.selection is None and not part.municipalities:
        municipal = ()
    if part.selection is not None:
        assert selected is not None  # noqa: S101 (a selection has a count)
        faults = Faults()
        check_count(selected, part.selection.include, municipal, faults)
        faults.check(f"{definition.id}: this selection cannot be drawn", remedy="Correct the count.")
        include = list(part.selection.include)
        rest = drawn(set(municipal) - set(include), part.selection.seed)
        municipal = [*include, *rest][: int(selected)]
    if part.take_up is None:
        return tuple(sorted([*municipal, *bodies]))
    shares = part.take_up.share.years
    assert shares is not None  # noqa: S101 (checked when the file was read)
    share = shares[year if year is not None else max(shares)]
    assert isinstance(share, Decimal)  # noqa: S101 (checked when the file was read)
    candidates = candidates_of(definition, everyone)
    return tuple(sorted(candidates[: round_half_up(share * len(candidates))]))


def candidates_of(definition: ProcurementDefinition, everyone: Parties) -> list[str]:
    """Candidates of a take-up in the order in which they join."""
    part = definition.participation
    assert part.take_up is not None  # noqa: S101 (asked of a voluntary case)
    municipal = part.municipalities or everyone.reference.member_codes(definition.map_date)
    return _joining_order(everyone.only([*municipal, *everyone.others]), part.take_up)


def _joining_order(parties: Parties, take_up: TakeUp) -> list[str]:
    """Candidates in the order in which they join, as the take-up states."""
    if take_up.order == "drawn":
        assert take_up.seed is not None  # noqa: S101 (checked when the file was read)
        return drawn(parties.codes, take_up.seed)
    sign = -1.0 if take_up.order == "largest" else 1.0
    order = np.argsort(sign * parties.people, kind="stable")
    return [parties.codes[i] for i in order]
