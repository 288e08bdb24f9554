"""What a run of a joint body says first: what participants contribute next year, and why that differs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ggu_costs.display.report import Answer, Tile
from ggu_costs.joint.leaving import Exit
from ggu_costs.joint.results import BodyOutlook, Contributions, CouncilView
from ggu_costs.modelfile.leaving import REGULATION
from ggu_costs.words.messages import euro, message, word


def answer_of_all(
    bill: Contributions, view: CouncilView | None, ahead: BodyOutlook, outside: tuple[str, ...]
) -> Answer:
    """Return what all participants contribute together, against the year before where the file has it."""
    total = sum(bill.cents.values())
    more = []
    if view is not None and len(view.called) > 1:
        changes = {code: view.change[code] for code in view.called if view.before[code] and view.after[code]}
        if len(changes) > 1:
            ends = [max(changes, key=changes.__getitem__), min(changes, key=changes.__getitem__)]
            most, least = (
                message("name_and_change", name=view.called[code], change=_euro(changes[code])) for code in ends
            )
            up, down = changes[ends[0]] > 0, changes[ends[1]] < 0
            key = "body_extremes" if up and down else "body_extremes_up" if up else "body_extremes_down"
            more.append(message(key, most=most, least=least))
    last = max(ahead.yearly)
    if last > bill.year:
        more.append(message("body_ahead", year=last, total=_euro(sum(ahead.yearly[last].values()))))
    fees = {year: books.fee for year, books in ahead.accounts.items() if books.fee}
    more += [message("body_fee_paid", year=year, fee=_euro(cents)) for year, cents in fees.items()]
    key = "body_of_all" if view is None else "body_of_all_change"
    return Answer(
        sentence=message(key, count=len(bill.called), year=bill.year, total=_euro(total), **_since(view, None)),
        tiles=_tiles(bill, ahead, total, None),
        more=tuple(more),
        outside=outside,
    )


def answer_of_one(
    bill: Contributions, view: CouncilView | None, ahead: BodyOutlook, code: str, *, leaving: Exit | None,
    outside: tuple[str, ...],
) -> Answer:  # fmt: skip
    """Return what one participant contributes, against the year before where the file has it."""
    total = sum(bill.cents.values())
    key = "body_of_one" if view is None else "body_of_one_change"
    more = []
    if leaving is not None:
        due, amount = leaving.due_by(REGULATION), leaving.amounts[REGULATION]
        if due is None or amount is None:
            more.append(message("body_exit_unknown", year=leaving.year))
        else:
            said = "body_exit" if due == amount else "body_exit_capped"
            facts = {"due": _euro(due), "amount": _euro(amount), "yearly": _euro(leaving.yearly)}
            more.append(message(said, year=leaving.year, **facts))
    return Answer(
        sentence=message(
            key, name=bill.called[code], year=bill.year, total=_euro(bill.cents[code]),
            share=Fraction(bill.cents[code], total) if total else 0, all=_euro(total), **_since(view, code),
        ),
        tiles=_tiles(bill, ahead, bill.cents[code], code),
        more=tuple(more),
        outside=outside,
    )  # fmt: skip


def _since(view: CouncilView | None, code: str | None) -> dict[str, object]:
    """The change from the year before, and its causes with the largest first."""
    if view is None:
        return {}
    codes = list(view.called) if code is None else [code]
    sums = {name: sum(cents[one] for one in codes) for name, cents in view.causes.items()}
    change = sum(view.change[one] for one in codes)
    return {"change": _euro(change), "before": view.year - 1, "causes": causes_in_words(sums)}


def causes_in_words(sums: Mapping[str, int]) -> list[str]:
    """Cents by cause in words, the largest first; what is nil is left out."""
    causes: list[str] = [
        message("body_cause", cause=word(name), amount=_euro(cents))
        for name, cents in sorted(sums.items(), key=lambda item: -abs(item[1]))
        if cents
    ]
    return causes or [message("body_no_cause")]


def _tiles(bill: Contributions, ahead: BodyOutlook, cents: int, code: str | None) -> tuple[Tile, ...]:
    basis = message("body_basis" if bill.vat is not None else "body_basis_vat_cost", year=bill.year)
    people = sum(bill.people.values()) if code is None else bill.people[code]
    tiles = [Tile(name=word("contribution"), value=euro(_euro(cents)), basis=basis)]
    if people:
        tiles.append(Tile(name=word("per_inhabitant"), value=euro(_euro(cents) / people), basis=basis))
    reserve = ahead.accounts[bill.year].reserve
    if code is None and reserve is not None:
        basis = message("body_reserve_basis", year=bill.year)
        tiles.append(Tile(name=word("reserve"), value=euro(_euro(reserve)), basis=basis))
    return tuple(tiles)


def _euro(cents: int) -> Fraction:
    return Fraction(cents, 100)
