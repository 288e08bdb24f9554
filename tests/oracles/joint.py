"""A joint body by hand: plain dictionaries, fractions and one loop a year, written from the definition of its room."""

from __future__ import annotations

from fractions import Fraction
from typing import Any


def half_up(amount: Fraction) -> int:
    """Whole cents, halves away from zero."""
    size = int(abs(amount) + Fraction(1, 2))
    return size if amount >= 0 else -size


def remainders(total: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """Largest remainders, ties by code; a credit is the mirror image."""
    whole = sum(weights.values())
    exact = {code: abs(total) * weight / whole for code, weight in sorted(weights.items())}
    cents = {code: int(share) for code, share in exact.items()}
    left = abs(total) - sum(cents.values())
    for code in sorted(exact, key=lambda code: exact[code] - cents[code], reverse=True)[:left]:
        cents[code] += 1
    return {code: -share if total < 0 else share for code, share in cents.items()}


def spread(total: int, parts: int) -> list[int]:
    """Equal whole cents, the first the larger."""
    return [total // parts + (place < total % parts) for place in range(parts)]


def members(body: dict[str, Any], year: int) -> list[str]:
    """Who takes part in a year."""
    return sorted(code for code, (first, last) in body["members"].items() if first <= year <= last)


def shares(body: dict[str, Any], year: int) -> dict[str, dict[str, int]]:
    """Cents by cost group and participant."""
    codes = members(body, year)
    return {
        name: remainders(group["net"][year], {code: Fraction(group["weights"][code]) for code in codes})
        for name, group in body["groups"].items()
    }


def damage(body: dict[str, Any], code: str, year: int) -> int:
    """What stays with the others over the bridging years."""
    found = 0
    for step in range(body["bridging"]):
        for name, group in body["groups"].items():
            part = group["stays"][step] if step < len(group["stays"]) else 0
            found += half_up(shares(body, year)[name][code] * Fraction(part))
    return found


def exit_fee(body: dict[str, Any], code: str, year: int) -> int:
    """The fee by the rule of the body, at most the real damage."""
    yearly = sum(part[code] for part in shares(body, year).values())
    asked = {
        "years": 5 * yearly,
        "declining": sum(half_up(yearly * part) for part in map(Fraction, ("1", "0.8", "0.6", "0.4", "0.2"))),
        "real_damage": damage(body, code, year),
    }[body["rule"]]
    return min(asked, damage(body, code, year))


def years(body: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Contributions and the money beside them, year by year."""
    fees: dict[int, int] = {}
    for code, (_, last) in sorted(body["members"].items()):
        if last + 1 in body["years"]:
            fees[last + 1] = fees.get(last + 1, 0) + exit_fee(body, code, last)
    released: dict[int, int] = {}
    for paid, fee in fees.items():
        for place, cents in enumerate(spread(fee, body["bridging"])):
            released[paid + place] = released.get(paid + place, 0) + cents
    balance, found = body["opening"], {}
    for year in body["years"]:
        added, taken = body["added"][year], body["taken"][year]
        balance += added - taken
        gross = sum(group["net"][year] for group in body["groups"].values())
        above = max(0, balance - half_up(gross * Fraction(body["ceiling"])))
        balance -= above
        codes = members(body, year)
        paying = {
            code: (body["once"] if first == year else body["yearly"])
            for code, (first, _) in body["members"].items()
            if body["years"][0] < first <= year <= first + body["terms"]
        }
        step_in = sum(paying.values())
        sharing = [code for code in codes if not paying.get(code)] or codes
        weights = {code: Fraction(body["reserve_weights"][code]) for code in codes}
        total = dict.fromkeys(codes, 0)
        parts = list(shares(body, year).values())
        parts += [remainders(cents, weights) for cents in (added, -taken, -above, -released.get(year, 0)) if cents]
        parts += [remainders(-step_in, {code: weights[code] for code in sharing})] if step_in else []
        for part in parts:
            for code, cents in part.items():
                total[code] += cents
        found[year] = {
            "contributions": total, "fee": fees.get(year, 0), "step_in": step_in, "added": added, "reserve": balance,
            "taken": taken + above + released.get(year, 0), "cost": gross,
        }  # fmt: skip
    return found
