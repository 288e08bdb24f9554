"""Random allocations: every sum and every bound of what leaves `allocate` is compared with whole numbers.

A fifth of the amounts are shared alone, the others sixteen at once. Figures of the key lie up to 10^100 apart, totals
reach 10^15 euro, and bounds can be met. With totals up to 10^13 nothing may be refused. What is counted is amounts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from ggu_costs.allocation import allocate

from .counts import Case, Counts, WrongSumError, try_all

NAME = "money"
DRAWS = 16  # of a problem of many amounts
EVERY = 5  # problem has many, the others one
_RULES = ("proportional", "proportional", "proportional", "equal", "cea", "cel", "talmud", "random_arrival")
_NOISE = 2.0**-44  # of unrounded shares, relative


def fuzz(count: int, seed: int) -> Counts:
    """Share `count` amounts."""
    counts = try_all(NAME, attempt, _cases(count, seed))
    counts.tried = count
    return counts


def _cases(count: int, seed: int) -> Iterable[Case]:
    number = 0
    while count > 0:
        draws = min(count, DRAWS) if number % EVERY == 0 else 1
        large = number % 4 == 3
        problem = {"seed": seed, "number": number, "draws": draws, "large": large}
        yield Case(json.dumps(problem).encode(), ".json", valid=not large)
        count -= draws
        number += 1


@dataclass(frozen=True)
class _Problem:
    """Amounts in whole cents, a key, and bounds or claims in whole cents that can be met."""

    rule: str
    totals: list[int]
    key: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    lows: list[int] | None
    highs: list[int | None] | None
    sign: int
    cents: bool


def attempt(case: Case) -> None:
    """Share one problem; raise where a sum or a bound is not met."""
    told = json.loads(case.content)
    rng = np.random.default_rng([told["seed"], told["number"]])
    problem = _made(rng, told["draws"], 1e15 if told["large"] else 1e13)
    amounts = [problem.sign * total / 100 for total in problem.totals]
    many = told["number"] % EVERY == 0
    if many:  # beyond 7e13 a float stands for other cents
        problem = replace(problem, totals=[round(abs(Decimal(repr(amount))) * 100) for amount in amounts])
    shares = _shared(problem, np.array(amounts) if many else Fraction(problem.sign * problem.totals[0], 100))
    for place, row in enumerate(shares if many else [shares]):
        _check(problem, place, row.tolist())
    if many and problem.cents:
        alone = _shared(problem, amounts[0])
        if (np.abs(alone - shares[0]) > 0.015 + 1e-15 * np.abs(alone)).any():
            raise WrongSumError(f"{problem}: {shares[0].tolist()} among many, {alone.tolist()} alone")


def _made(rng: np.random.Generator, draws: int, most: float) -> _Problem:
    """Shares first, and bounds around them, so that there is an answer."""
    rule = str(rng.choice(_RULES))
    count = int(rng.integers(1, 8) if rule == "random_arrival" or rng.random() < 0.97 else rng.integers(8, 343))
    scale = most ** rng.random() / count
    sizes = scale * 10.0 ** rng.uniform(-rng.choice([0.0, 3.0, 15.0]), 0.0, count)
    held = [int(size * 100) for size in sizes]
    cents = bool(rng.random() < 0.7)
    if rule not in ("proportional", "equal"):
        parts = [Fraction(int(rng.integers(0, 1001)), 1000) for _ in range(draws)]
        totals = [int(sum(held) * part) for part in parts]
        key = np.array([claim / 100 for claim in held])
        return _Problem(rule, totals, key, [0] * count, list(held), 1, cents) if any(held) else _simple(draws)
    key = 10.0 ** rng.uniform(-rng.choice([0.0, 3.0, 30.0, 100.0]), 0.0, count)
    if rng.random() < 0.4:
        key = np.ceil(key * 10.0 ** rng.integers(0, 9))
    key *= 10.0 ** rng.integers(-9, 10)
    sign = 1 if rng.random() < 0.7 else -1
    lows, highs = None, None
    if rng.random() < 0.7:
        lows = [one - int(rng.exponential(scale) * 100) for one in held]
        lows = [low if rng.random() < 0.5 or low > 0 else 0 for low in lows]
    if rng.random() < 0.7:
        highs = [one + int(rng.exponential(scale) * 100) if rng.random() < 0.8 else None for one in held]
    totals = [sum(held)]
    for _ in range(draws - 1):
        other = [_between(rng, one, lows and lows[i], highs and highs[i]) for i, one in enumerate(held)]
        totals.append(max(0, sum(other)))
    return _Problem(rule, totals, key, lows, highs, sign, cents)


def _simple(draws: int) -> _Problem:
    return _Problem("equal", [1] * draws, np.ones(1), None, None, 1, True)


def _between(rng: np.random.Generator, one: int, low: int | None, high: int | None) -> int:
    """Return another share between the bounds."""
    least = max(0, one // 2 if low is None else low)
    most = 2 * one if high is None else high
    return least + int((most - least) * rng.choice([0.0, 1.0, rng.random()]))


def _shared(problem: _Problem, amount: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    bounds = {}
    if problem.rule in ("proportional", "equal"):
        low = problem.lows and [one / 100 for one in problem.lows]
        high = problem.highs and [math.inf if one is None else one / 100 for one in problem.highs]
        if problem.sign < 0:
            low, high = high and [-one for one in high], low and [-one for one in low]
        bounds = {"minimum": low, "maximum": high}
    return allocate(amount, problem.key, rule=problem.rule, cents=problem.cents, **bounds).values  # type: ignore[arg-type]


def _check(problem: _Problem, place: int, row: list[float]) -> None:
    """Compare one row with its amount and its bounds."""
    total, row = problem.totals[place], [problem.sign * share for share in row]
    lows = problem.lows or [0] * len(row)
    highs = problem.highs or [None] * len(row)
    if problem.cents:
        units = [round(Fraction(share) * 100) for share in row]
        met = sum(units) == total and all(unit / 100 == share for unit, share in zip(units, row, strict=True))
        inside = all(
            low <= unit and (high is None or unit <= high) for unit, low, high in zip(units, lows, highs, strict=True)
        )
    else:
        size = math.fsum(map(abs, row)) + total / 100
        met = abs(math.fsum([*row, -total / 100])) <= _NOISE * size
        inside = all(
            low / 100 <= share and (high is None or share <= high / 100)
            for share, low, high in zip(row, lows, highs, strict=True)
        )
    if not (met and inside):
        raise WrongSumError(f"{problem}, amount {place}: {row} {'passes a bound' if met else 'does not add up'}")
