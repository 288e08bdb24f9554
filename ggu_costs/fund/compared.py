"""What a comparison says first: new minus old with its sign in words, why, who pays more and less, and the phase-in."""

from collections.abc import Mapping, Sequence

from ggu_costs.display.report import Answer, Tile
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import Change
from ggu_costs.fund.phase_in import PhaseIn
from ggu_costs.fund.redistribution import Redistribution
from ggu_costs.fund.said import (
    all_causes,
    amount_ends,
    causes_of,
    ends,
    extremes,
    listed_sides,
    money,
    neighbours,
    rate_of,
    sides,
    state_of,
    who_pays,
    why,
    why_moved,
)
from ggu_costs.words.messages import Message, euro, joined, message


def answer_of_all(
    bills: Mapping[str, Bill],
    effects: Sequence[Redistribution],
    changes: Sequence[Change | None],
    paths: Sequence[PhaseIn],
) -> Answer:
    """Return what all municipalities together pay more or less than with the first bill.

    Parameters
    ----------
    bills
        The bills by letter.
    effects, changes, paths
        Of each bill after the first: the differences, the causes where they are known, the phase-in where asked.
    """
    letters = list(bills)[1:]
    said = [
        _of_all(bills, letter, effect, change, again=letter != letters[0] and _moves(bills, letters[0], effects[0]))
        for letter, effect, change in zip(letters, effects, changes, strict=True)
    ]
    counted = [letter for letter in letters if _total_differs(bills, letter)]  # the sentence counts the others
    more = [
        *listed_sides(letters, [who_pays(e) if x in counted else "" for x, e in zip(letters, effects, strict=True)]),
        *listed_sides(letters, [extremes(effect, named=_named(bills, effect)) for effect in effects]),
        *(listed_sides(letters, [_path_of_all(path) for path in paths]) if paths else ()),
    ]
    return Answer(
        sentence=joined(said, " "),
        tiles=_tiles_of_all(bills, effects),
        more=tuple(more),
        outside=_outside(bills),
    )


def answer_of_one(
    bills: Mapping[str, Bill],
    effects: Sequence[Redistribution],
    changes: Mapping[str, Change | None],
    paths: Sequence[PhaseIn],
    code: str,
) -> Answer:
    """Return what one municipality pays more or less than with the first bill, with the parts of the difference."""
    letters = list(bills)[1:]
    said = [_of_one(bills, letter, effect, code) for letter, effect in zip(letters, effects, strict=True)]
    causes = [all_causes(causes_of(change, code)) if (change := changes.get(letter)) else "" for letter in letters]
    more = [
        *listed_sides(letters, causes),
        *listed_sides(letters, [_place(effect, code) for effect in effects]),
        *listed_sides(letters, [_similar(effect, code) for effect in effects]),
        *(listed_sides(letters, [_path_of_one(path, code) for path in paths]) if paths else ()),
    ]
    return Answer(
        sentence=joined(said, " "),
        tiles=_tiles_of_one(bills, effects, code),
        more=tuple(more),
        outside=_outside(bills),
    )


def _named(bills: Mapping[str, Bill], effect: Redistribution) -> bool:
    """Whether who rises and falls most is told beside the tiles, which tell it where they have room."""
    _, *letters = bills
    up, down, _, _ = sides(effect)
    return len(letters) > 1 or (_total_differs(bills, letters[0]) and bool(up and down))


def _side(bills: Mapping[str, Bill], letter: str) -> Message:
    return message("side", title=bills[letter].called, letter=letter.upper())


def _outside(bills: Mapping[str, Bill]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for bill in bills.values() for text in bill.outside))


def _total_differs(bills: Mapping[str, Bill], letter: str) -> bool:
    return bills[letter].total_cents != bills[next(iter(bills))].total_cents


def _moves(bills: Mapping[str, Bill], letter: str, effect: Redistribution) -> bool:
    """Whether some pay more and others less of the same total."""
    return not _total_differs(bills, letter) and any(effect.difference.values())


def _of_all(
    bills: Mapping[str, Bill], letter: str, effect: Redistribution, change: Change | None, *, again: bool
) -> Message:
    """Say what all pay together; after a sentence that says the same of another bill in fewer words."""
    base, bill = bills[next(iter(bills))], bills[letter]
    facts = {
        "a": _side(bills, next(iter(bills))), "b": _side(bills, letter), "count": len(effect.after),
        "total": money(bill.total_cents),
    }  # fmt: skip
    difference = bill.total_cents - base.total_cents
    if difference:
        reason = why(causes_of(change)) if change else ""
        return message("compared_all", **facts, difference=money(difference), why=reason)
    up, down, moved, _ = sides(effect)
    if not moved:
        return message("compared_nothing", **facts)
    counts = {"up": up, "down": down, "moved": money(moved)}
    if again:
        return message("compared_moved_too", b=facts["b"], **counts)
    return message("compared_moved", **facts, **counts, why=why_moved(base.terms, bill.terms))


def _of_one(bills: Mapping[str, Bill], letter: str, effect: Redistribution, code: str) -> Message:
    first, bill = bills[next(iter(bills))], bills[letter]
    difference = effect.difference[code]
    other, rest = effect.other_total[code], effect.redistribution[code]
    parts = ""
    if any(effect.other_total.values()):
        side = "higher" if bill.total_cents > first.total_cents else "lower"
        facts = {"other": money(other), "rest": money(rest)}
        parts = message(f"parts_{side}", **facts) if rest else message(f"part_{side}", **facts)
    elif difference:
        parts = why_moved(first.terms, bill.terms)
    return message(
        "compared_one" if difference else "compared_one_same", name=effect.names.get(code, code),
        a=_side(bills, next(iter(bills))), b=_side(bills, letter), amount=money(effect.after[code]),
        before=money(effect.before[code]), difference=money(difference), parts=parts,
    )  # fmt: skip


def _basis(bills: Mapping[str, Bill], letter: str) -> Message:
    pair = [bills[next(iter(bills))], bills[letter]]
    years = list(dict.fromkeys(str(bill.terms.year) for bill in pair))
    return message("compared_years", years=years, state=state_of(pair))


def _tiles_of_all(bills: Mapping[str, Bill], effects: Sequence[Redistribution]) -> tuple[Tile, ...]:
    """The difference of each, of two bills with what those who pay more, and less, do together; at equal totals who."""
    first, *letters = bills
    if not any(_total_differs(bills, letter) for letter in letters):
        return (
            tuple(_tiles_of_ends(effects[0], _basis(bills, letters[0]))) if len(letters) == 1 else (_same_total(bills),)
        )
    tiles = [
        Tile(
            name=message("tile_difference", letter=letter.upper()),
            value=message("more_or_less", amount=money(bills[letter].total_cents - bills[first].total_cents)),
            basis=message(
                "was_becomes", basis=_basis(bills, letter), was=rate_of(bills[first]), becomes=rate_of(bills[letter])
            ),
        )
        for letter in letters
    ]
    if len(letters) == 1:
        up, down, gained, lost = sides(effects[0])
        if not (up and down):  # what those who pay more do together is the difference itself
            return (*tiles, *_tiles_of_ends(effects[0], _basis(bills, letters[0])))
        for key, count, cents in (("tile_up", up, gained), ("tile_down", down, lost)):
            amount = message("more_or_less", amount=money(cents))
            tiles.append(Tile(name=message(key, count=count), value=amount, basis=_basis(bills, letters[0])))
    return tuple(tiles)


def _same_total(bills: Mapping[str, Bill]) -> Tile:
    """The total that all bills have."""
    years = list(dict.fromkeys(str(bill.terms.year) for bill in bills.values()))
    basis = message("compared_years", years=years, state=state_of(bills.values()))
    total = money(next(iter(bills.values())).total_cents)
    return Tile(name=message("tile_same_total", letters=[x.upper() for x in bills]), value=euro(total), basis=basis)


def _tiles_of_ends(effect: Redistribution, basis: str) -> list[Tile]:
    """Who rises and falls most: per inhabitant, or in euro where all are alike per inhabitant."""
    tiles = [
        Tile(
            name=message("tile_rises" if becomes > was else "tile_falls", name=name),
            value=message("from_was", was=was, becomes=becomes),
            basis=message("per_inhabitant_of", basis=basis),
        )
        for name, was, becomes in ends(effect)
    ]
    return tiles or [
        Tile(
            name=message("tile_rises" if cents > 0 else "tile_falls", name=name),
            value=message("more_or_less", amount=money(cents)),
            basis=basis,
        )
        for name, cents in amount_ends(effect)
    ]


def _tiles_of_one(bills: Mapping[str, Bill], effects: Sequence[Redistribution], code: str) -> tuple[Tile, ...]:
    """The difference of each with euro per inhabitant as it was and becomes."""
    tiles = []
    for letter, effect in zip(list(bills)[1:], effects, strict=True):
        basis = _basis(bills, letter)
        if code in effect.rates:
            was, becomes = effect.rates[code]
            basis = message("was_becomes", basis=basis, was=was, becomes=becomes)
        value = message("more_or_less", amount=money(effect.difference[code]))
        tiles.append(Tile(name=message("tile_difference", letter=letter.upper()), value=value, basis=basis))
    return tuple(tiles)


def _place(effect: Redistribution, code: str) -> str:
    """Say where one stands among all by the change of its amount per inhabitant; nothing where all change alike."""
    changes = {other: after - before for other, (before, after) in effect.rates.items()}
    if code not in changes or len({round(change, 4) for change in changes.values()}) == 1:
        return ""
    ahead = sum(change > changes[code] for change in changes.values())
    return message("place_by_change", rank=ahead + 1, n=len(changes))


def _similar(effect: Redistribution, code: str) -> str:
    people = effect.inhabitants
    near = [
        message("name_and_more", name=effect.names[other], amount=money(effect.difference[other]))
        for other in neighbours(effect.after, people, code)
    ]
    return message("similar_are", names=near)


def _path_of_all(path: PhaseIn) -> Message:
    if path.reaches_full:
        whole = next(year for year, cents in enumerate(path.yearly, 1) if dict(cents) == dict(path.full))
        return message("path_whole", years=len(path.caps), whole=whole)
    left = sum(cents - path.yearly[-1][code] for code, cents in path.full.items() if cents > 0)
    key = "path_of_both" if path.both_sides else "path_of_all"
    return message(
        key,
        years=len(path.caps),
        first=path.limited[0],
        last=path.limited[-1],
        left=money(left),
        after=message(path.after),
    )


def _path_of_one(path: PhaseIn, code: str) -> Message:
    left = path.full[code] - path.yearly[-1][code]
    return message(
        "path_of_one", years=len(path.caps), first=money(path.yearly[0][code]), last=money(path.yearly[-1][code]),
        full=money(path.full[code]), left=money(left),
    )  # fmt: skip
