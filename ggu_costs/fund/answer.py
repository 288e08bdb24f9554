"""What a run of a fund or fee says first: what is paid, how it is divided, what changed, and what is not in it."""

from collections.abc import Iterable, Sequence

from ggu_costs.display.report import Answer, Tile
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import Change
from ggu_costs.fund.said import all_causes, causes_of, key_words, money, neighbours, rate_of, state_of, why
from ggu_costs.words.messages import Message, euro, message


def answer_of_bills(bills: Sequence[Bill], change: Change | None, more: Iterable[str] = ()) -> Answer:
    """Return what all municipalities pay in the last year, against the year before where there is one.

    Parameters
    ----------
    bills
        The bill of each year.
    change
        The change of the last bill from the one before.
    more
        Further lines: underspend, half-yearly report, outlook.
    """
    last = bills[-1]
    rate = rate_of(last)
    return Answer(
        sentence=message(
            "bill_of_all", count=len(last.cents), year=last.terms.year, total=money(last.total_cents), rate=rate,
            key=key_words(last.terms), change=_since(bills, change),
        ),
        tiles=_tiles(bills, money(last.total_cents), rate, None),
        more=(*_net(last), *more),
        outside=last.outside,
    )  # fmt: skip


def answer_of_note(bills: Sequence[Bill], change: Change | None, code: str) -> Answer:
    """Return what one municipality pays in the last year, against the year before where there is one."""
    last = bills[-1]
    people = last.terms.figures["inhabitants"]
    amount = money(last.cents[code])
    rate = amount / people[code] if people[code] else None
    near = [
        message("name_and_amount", name=last.names[other], amount=money(last.cents[other]))
        for other in neighbours(last.cents, people, code)
    ]
    ahead = sum(count > people[code] for count in people.values())
    lines = [message("place_and_similar", rank=ahead + 1, n=len(people), names=near)] if near else []
    causes = all_causes(causes_of(change, code)) if change else ""
    return Answer(
        sentence=message(
            "bill_of_one", name=last.names[code], year=last.terms.year, amount=amount, rate=rate,
            key=key_words(last.terms), share=amount / money(last.total_cents) if last.total_cents else 0,
            total=money(last.total_cents), change=_since(bills, change, code),
        ),
        tiles=_tiles(bills, amount, rate, code),
        more=tuple(filter(None, (causes, *_net(last, code), *lines))),
        outside=last.outside,
    )  # fmt: skip


def _since(bills: Sequence[Bill], change: Change | None, code: str | None = None) -> str:
    """Say what changed since the year before, and why; nothing where there is none."""
    if change is None:
        return ""
    causes = causes_of(change, code)
    difference = sum(causes.values())
    key = "since" if difference else "same_since"
    return message(key, difference=money(difference), year=bills[-2].terms.year, why=why(causes))


def _tiles(bills: Sequence[Bill], amount: object, rate: object, code: str | None) -> tuple[Tile, ...]:
    """The amount, euro per inhabitant as it was and becomes, and the difference; all of one year, in one VAT state."""
    last = bills[-1]
    state, year = state_of([last]), last.terms.year
    basis = message("one_year", year=year, state=state)
    tiles = [Tile(name=message("tile_amount", year=year), value=euro(amount), basis=basis)]
    before = bills[-2] if len(bills) > 1 else None
    was = None if before is None else _rate(before, code)
    rate_basis = (
        basis if was is None else message("one_year_was", basis=basis, was=was, year=before and before.terms.year)
    )
    tiles.append(Tile(name=message("tile_rate", year=year), value=euro(rate), basis=rate_basis))
    if before is not None and (code is None or code in before.cents):
        old = before.total_cents if code is None else before.cents[code]
        new = last.total_cents if code is None else last.cents[code]
        name = message("tile_since", year=before.terms.year)
        tiles.append(Tile(name=name, value=message("more_or_less", amount=money(new - old)), basis=basis))
    return tuple(tiles)


def _rate(bill: Bill, code: str | None) -> object:
    if code is None:
        return rate_of(bill)
    people = bill.terms.figures["inhabitants"].get(code)
    return money(bill.cents[code]) / people if people else None


def _net(bill: Bill, code: str | None = None) -> list[Message]:
    """Say what is left after the VAT compensation fund, where that is known, with the caution on its ceiling."""
    vat = bill.terms.vat
    if not vat.known or vat.state == "none":
        return []
    parts = [vat.split(bill.cents[c], c) for c in (bill.cents if code is None else [code])]
    net, back = sum(part.net or 0 for part in parts), sum(part.recoverable or 0 for part in parts)
    return [message("net_after_fund", net=money(net), back=money(back), caution=message("bcf"))]
