"""A slow plain twin of a circulaire, in fractions, from the text of its tables."""

from __future__ import annotations

from fractions import Fraction


def rows(text: str) -> list[dict[str, str]]:
    header, *lines = [line.split("\t") for line in text.strip().split("\n")]
    return [dict(zip(header, line, strict=True)) for line in lines]


def general(
    weights: str, volumes: str, factor: str, outside: tuple[str, ...], column: str = "total"
) -> dict[str, Fraction]:
    """The algemene uitkering of each municipality: factor x bases + what the factor leaves alone."""
    price = {row["code"]: Fraction(row[column]) for row in rows(weights)}
    amounts = {}
    for row in rows(volumes):
        code = row.pop("code")
        amounts[code] = sum(
            (
                price[name] * Fraction(units) * (1 if name in outside else Fraction(factor))
                for name, units in row.items()
            ),
            Fraction(0),
        )
    return amounts


def others(text: str) -> dict[str, Fraction]:
    """The other uitkeringen of each municipality together."""
    return {row.pop("code"): sum(map(Fraction, row.values()), Fraction(0)) for row in rows(text)}


def half_up(amount: Fraction) -> int:
    """Whole cents, halves away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * int(abs(amount) * 100 + Fraction(1, 2))


def reformed(
    weights: str, volumes: str, factor: str, outside: tuple[str, ...], *, top_slice: str = "0",
    tasks: tuple[tuple[str, str], ...] = (),
) -> dict[str, Fraction]:  # fmt: skip
    """The algemene uitkering after a top-slice and task mutations (amount, maatstaf), each added as money."""
    whole = [general(weights, volumes, str(times), outside) for times in (0, 1)]
    base = {code: whole[1][code] - whole[0][code] for code in whole[0]}
    moved = Fraction(factor) - Fraction(top_slice) / sum(base.values())
    amounts = {code: moved * base[code] + whole[0][code] for code in base}
    for amount, name in tasks:
        units = {row["code"]: Fraction(row[name]) for row in rows(volumes)}
        for code in amounts:
            amounts[code] += Fraction(amount) * units[code] / sum(units.values())
    return amounts
