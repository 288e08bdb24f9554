"""A case over years by hand: plain dictionaries and fractions, one loop a year, written from what its room says.

A case is a mapping: ``years``; ``members`` by code its first and last year; ``people`` and ``units`` by code; pools
``fixed`` (name, euro, rise a year, by people or equally), ``written_off`` (euro, term, by people), ``tiers`` of a price
for all units, ``use`` by year, and ``own`` once by code in the year of joining.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracles.joint import half_up

Case = dict[str, Any]


def members(case: Case, year: int) -> list[str]:
    """Who takes part in a year."""
    return sorted(code for code, (first, last) in case["members"].items() if first <= year <= last)


def units(case: Case, year: int) -> dict[str, Fraction]:
    """Units of each participant in a year."""
    return {code: case["units"][code] * case["use"][year] for code in members(case, year)}


def exact(case: Case, year: int) -> dict[str, Fraction]:
    """Exact share of each participant in euro."""
    codes, volume = members(case, year), units(case, year)
    people = sum(case["people"][code] for code in codes)
    price = [price for bound, price in case["tiers"] if bound <= sum(volume.values())][-1]
    since = year - case["years"][0]
    shares = {}
    for code in codes:
        part = Fraction(case["people"][code], people)
        share = part * Fraction(case["written_off"][0], case["written_off"][1])
        share += Fraction(case["fixed"][0]) * (1 + case["fixed"][1]) ** since / len(codes)
        share += volume[code] * Fraction(price)
        if year == case["members"][code][0]:
            share += Fraction(case["own"][code])
        shares[code] = share
    return shares


def bills(case: Case, year: int) -> dict[str, int]:
    """Whole cents that add up to the rounded total: largest remainders, ties by code."""
    shares = exact(case, year)
    cents = {code: int(share * 100) for code, share in shares.items()}
    left = half_up(sum(shares.values()) * 100) - sum(cents.values())
    rest = sorted(shares, key=lambda code: (-(shares[code] * 100 - cents[code]), code))
    for code in rest[:left]:
        cents[code] += 1
    return cents


def leaving_after(case: Case, code: str, year: int) -> Case:
    """The case in which a participant leaves at the end of a year."""
    return {**case, "members": {**case["members"], code: (case["members"][code][0], year)}}


def exit_fees(case: Case, code: str, year: int, friction: int) -> dict[str, int]:
    """Cents by rule, without the cap, and the damage: of who stays to the end in the case that is given."""
    after = [one for one in case["years"] if one > year]
    gone = leaving_after(case, code, year)
    more = sum(
        sum(bills(gone, one).values()) - sum(cents for other, cents in bills(case, one).items() if other != code)
        for one in after
    )
    share = exact(case, year)[code] - (Fraction(case["own"][code]) if year == case["members"][code][0] else 0)
    yearly = half_up(share * 100)
    people = sum(case["people"][one] for one in members(case, year))
    book = (
        Fraction(case["people"][code], people) * Fraction(case["written_off"][0], case["written_off"][1]) * len(after)
    )
    return {
        "yearly": yearly, "years": 5 * yearly,
        "declining": sum(half_up(Fraction(5 - step, 5) * yearly) for step in range(5)),
        "real_damage": max(0, more) + friction, "book_value": half_up(book * 100),
    }  # fmt: skip
