"""What the table of an assembly says first: what is paid, how much more or less than this year, and why."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from ggu_costs.display.report import Answer, Tile
from ggu_costs.fund.said import all_causes, counts_pay, money, neighbours, state_of, why
from ggu_costs.fund.streams import Stream
from ggu_costs.words.messages import Message, euro, joined, message

_REASONS = 2  # causes that a sentence names


class Table(Protocol):
    """What is said of a table of an assembly."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Funds and fees."""
        ...

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the members."""
        ...

    @property
    def names(self) -> Mapping[str, str]:
        """Their names."""
        ...

    @property
    def people(self) -> Mapping[str, Fraction]:
        """Inhabitants of the latest count."""
        ...

    @property
    def added_up(self) -> bool:
        """Whether there are streams whose amounts can be added up."""
        ...


def answer_of_members(table: Table) -> Answer:
    """Return what all members pay next year, against this year."""
    who = message("all_municipalities", count=len(table.codes))
    moves = [sum(s.difference(code) for s in table.streams) for code in table.codes]
    up, down = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    counts = [counts_pay(up, down, len(moves))] if table.added_up or len(table.streams) == 1 else []
    return _answer(table, who, table.codes, extra=counts, several=True)


def answer_of_member(table: Table, code: str) -> Answer:
    """Return what one member pays next year, against this year, and among whom it stands."""
    people = table.people
    whole = {c: sum(s.cents["after"][c] for s in table.streams) for c in table.codes}
    ahead = sum(count > people[code] for count in people.values())
    near = [
        message("name_and_amount", name=table.names[other], amount=money(whole[other]))
        for other in neighbours(whole, people, code)
    ]
    comparable = table.added_up or len(table.streams) == 1
    place = [message("place_and_similar", rank=ahead + 1, n=len(people), names=near)] if near and comparable else []
    return _answer(table, table.names[code], [code], extra=place, several=False)


def _answer(table: Table, who: str, codes: Sequence[str], *, extra: Sequence[str], several: bool) -> Answer:
    outside = [joined([s.after.called, text], ": ") for s in table.streams for text in s.after.outside]
    lines = [_line(stream, codes) for stream in table.streams] if len(table.streams) > 1 else []
    causes = [all_causes(table.streams[0].causes(codes))] if len(table.streams) == 1 else []
    return Answer(
        sentence=_sentence(table, who, codes, several=several),
        tiles=_tiles(table, codes),
        more=tuple(filter(None, (*lines, *causes, *extra))),
        outside=tuple(dict.fromkeys(outside)),
    )


def _sentence(table: Table, who: str, codes: Sequence[str], *, several: bool) -> Message:
    """Say the amount, how much more or less it is, and why: of all streams together, or of each in its own year."""
    facts = {"who": who, "n": len(codes) if several else 1}
    if not table.added_up:
        return message("members_pay_each", **facts, parts=[_part(stream, codes) for stream in table.streams])
    before, after = (sum(s.cents[side][c] for s in table.streams for c in codes) for side in ("before", "after"))
    this, following = table.streams[0].years
    return message(
        "members_pay", **facts, year=following, total=money(after),
        since=_since(after - before, this, _reasons(table.streams, codes, after - before)),
        parts=[
            message("amount_of", amount=money(_paid(s, codes)), letter=s.letter.upper(), title=s.after.called)
            for s in table.streams
        ],
    )  # fmt: skip


def _part(stream: Stream, codes: Sequence[str]) -> Message:
    causes = stream.causes(codes)
    since = _since(sum(causes.values()), stream.years[0], why(causes))
    return message(
        "pays_in_year", year=stream.years[1], amount=money(_paid(stream, codes)), title=stream.after.called, since=since
    )


def _paid(stream: Stream, codes: Sequence[str], side: str = "after") -> int:
    return sum(stream.cents[side][code] for code in codes)


def _since(difference: int, year: int, reasons: str) -> Message:
    key = "since" if difference else "same_since"
    return message(key, difference=money(difference), year=year, why=reasons)


def _reasons(streams: Sequence[Stream], codes: Sequence[str], difference: int) -> str:
    """Say the causes that make most of the difference, each with the fund or fee in which it is."""
    found = [(cents, cause, s) for s in streams for cause, cents in s.causes(codes).items() if cents * difference > 0]
    largest = sorted(found, key=lambda one: -abs(one[0]))[:_REASONS]
    if not largest:
        return ""
    reasons = [
        message("cause_in_stream", cause=cause, amount=money(cents), letter=stream.letter.upper())
        for cents, cause, stream in largest
    ]
    return message("mainly_because", reasons=reasons)


def _line(stream: Stream, codes: Sequence[str]) -> str:
    """Say of one stream what is paid, in which VAT state, the difference, and every cause of it."""
    causes = stream.causes(codes)
    line = message(
        "stream_line", letter=stream.letter.upper(), title=stream.after.called, state=state_of([stream.after]),
        amount=money(_paid(stream, codes)), since=_since(sum(causes.values()), stream.years[0], ""),
    )  # fmt: skip
    return joined(filter(None, (line, all_causes(causes))), " ")


def _tiles(table: Table, codes: Sequence[str]) -> tuple[Tile, ...]:
    """The amount, the difference and euro per inhabitant; of streams in different years only what each is."""
    first, *others = table.streams
    if others and not table.added_up:
        return tuple(
            Tile(
                name=message("tile_stream", title=s.after.called),
                value=euro(money(_paid(s, codes))),
                basis=message("one_year", year=s.years[1], state=state_of([s.after])),
            )
            for s in table.streams[:3]
        )
    this, following = first.years
    before, after = (sum(_paid(s, codes, side) for s in table.streams) for side in ("before", "after"))
    people = sum((table.people[code] for code in codes), Fraction(0))
    basis = message("one_year", year=following, state=state_of(s.after for s in table.streams))
    rate = money(after) / people if people else None
    return (
        Tile(name=message("tile_amount", year=following), value=euro(money(after)), basis=basis),
        Tile(name=message("tile_since", year=this), value=message("more_or_less", amount=money(after - before)),
             basis=basis),
        Tile(name=message("tile_rate", year=following), value=euro(rate, pm=True), basis=basis),
    )  # fmt: skip
