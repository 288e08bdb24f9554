"""What a run of a circulaire says first: the algemene uitkering, of what it is made, and what is not in it."""

from fractions import Fraction

from ggu_costs.display.report import Answer, Tile
from ggu_costs.grants.amounts import GrantAmounts
from ggu_costs.money import round_half_up
from ggu_costs.words.messages import euro, message, word


def answer_of_all(amounts: GrantAmounts) -> Answer:
    """Return what all municipalities receive together."""
    people = sum(amounts.inhabitants.values(), Fraction(0))
    cents = {name: sum(column.values()) for name, column in amounts.columns.items()}
    return Answer(
        sentence=message(
            "grants_of_all", count=len(amounts.codes), total=_euro(cents["general_grant"]), **_facts(amounts, None)
        ),
        tiles=_tiles(amounts, cents),
        more=(message("grant_people_counted", people=float(people), rate=_each(cents["general_grant"], people)),),
        outside=amounts.outside,
    )


def answer_of_one(amounts: GrantAmounts, code: str) -> Answer:
    """Return what one municipality receives."""
    people = amounts.inhabitants[code]
    cents = {name: column[code] for name, column in amounts.columns.items()}
    rates = {one: _each(amounts.general_cents[one], amounts.inhabitants[one]) for one in amounts.codes}
    return Answer(
        sentence=message(
            "grants_of_one", name=amounts.names[code], total=_euro(cents["general_grant"]), **_facts(amounts, code)
        ),
        tiles=_tiles(amounts, cents),
        more=(
            message(
                "grant_rank", people=float(people), rate=rates[code], count=len(rates),
                rank=1 + sum(rate > rates[code] for rate in rates.values()),
            ),
        ),
        outside=amounts.outside,
    )  # fmt: skip


def _facts(amounts: GrantAmounts, code: str | None) -> dict[str, object]:
    """The factor and what it multiplies, in cents rounded for reading."""
    codes = amounts.codes if code is None else [code]
    base, alone = (
        Fraction(round_half_up(100 * sum((part[one] for one in codes), Fraction(0))), 100)
        for part in (amounts.base, amounts.deduction)
    )
    return {
        "year": amounts.year,
        "circular": amounts.circular,
        "factor": amounts.factor,
        "base": base,
        "deduction": -alone,
    }


def _tiles(amounts: GrantAmounts, cents: dict[str, int]) -> tuple[Tile, ...]:
    basis = message("grant_basis", year=amounts.year, circular=amounts.circular)
    return tuple(Tile(name=word(name), value=euro(_euro(value)), basis=basis) for name, value in cents.items())


def _euro(cents: int) -> Fraction:
    return Fraction(cents, 100)


def _each(cents: int, people: Fraction) -> Fraction:
    return _euro(cents) / people if people else Fraction(0)
