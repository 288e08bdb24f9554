"""The nucleolus by its definition, and Kohlberg's criterion, in exact arithmetic.

Costs and weights are Fractions over 2^n coalitions. Shares x are written as savings u_i = C({i}) - x_i, which are 0 or
more in every imputation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracles.games import Table, members, players_of

Row = list[Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass
class Optimum:
    value: Fraction
    point: Row


def maximise(objective: Row, at_most: Sequence[tuple[Row, Fraction]], equal: Sequence[tuple[Row, Fraction]]) -> Optimum:
    """Simplex with Bland's rule over z >= 0, in two phases; the programme must be feasible and bounded."""
    width, slack = len(objective), len(at_most)
    helped = [k for k, (_, bound) in enumerate(at_most) if bound < 0] + list(range(slack, slack + len(equal)))
    real = width + slack
    rows: list[Row] = []
    basis: list[int] = []
    for k, (row, bound) in enumerate([*at_most, *equal]):
        sign = -1 if bound < 0 else 1
        slacks = [ONE if j == k else ZERO for j in range(slack)]
        artificial = [ONE if j == k else ZERO for j in helped]
        rows.append([*(sign * v for v in [*row, *slacks]), *artificial, sign * bound])
        basis.append(real + helped.index(k) if k in helped else width + k)
    if helped:
        assert _pivot(rows, basis, [ZERO] * real + [-ONE] * len(helped), real + len(helped)) == 0, "infeasible"
        for k, column in enumerate(basis):  # drive artificial variables out
            entering = next((j for j in range(real) if rows[k][j] != 0), None)
            if column >= real and entering is not None:
                _exchange(rows, basis, k, entering)
    value = _pivot(rows, basis, [*objective, *[ZERO] * (slack + len(helped))], real)
    point = [ZERO] * (real + len(helped))
    for k, column in enumerate(basis):
        point[column] = rows[k][-1]
    return Optimum(value, point[:width])


def _pivot(rows: list[Row], basis: list[int], objective: Row, usable: int) -> Fraction:
    """Improve until no column helps; the last row of the tableau holds the reduced objective."""
    reduced = [*objective, ZERO]
    for k, column in enumerate(basis):
        if objective[column]:
            reduced = [a - objective[column] * b for a, b in zip(reduced, rows[k], strict=True)]
    rows.append(reduced)
    while (entering := next((j for j in range(usable) if rows[-1][j] > 0), None)) is not None:
        ratios = [(row[-1] / row[entering], basis[k], k) for k, row in enumerate(rows[:-1]) if row[entering] > 0]
        assert ratios, "unbounded"
        _exchange(rows, basis, min(ratios)[2], entering)
    return -rows.pop()[-1]


def _exchange(rows: list[Row], basis: list[int], leaving: int, entering: int) -> None:
    head = rows[leaving][entering]
    rows[leaving] = [value / head for value in rows[leaving]]
    for k, row in enumerate(rows):
        if k != leaving and row[entering] != 0:
            factor = row[entering]
            rows[k] = [a - factor * b if b else a for a, b in zip(row, rows[leaving], strict=True)]
    basis[leaving] = entering


def nucleolus(costs: Table, weights: Table) -> Row:
    """Lexicographic maximum of (C(S) - x(S)) / wt(S) over imputations; wt 0 keeps x(S) <= C(S) and is not ranked.

    At each stage e is maximised; a coalition is settled when no optimum leaves it better off than e.
    """
    n = players_of(costs)
    alone = [costs[1 << i] for i in range(n)]
    saved = {S: sum((alone[i] for i in members(S)), ZERO) - costs[S] for S in range(1, len(costs) - 1)}
    whole: tuple[Row, Fraction] = ([ONE] * n + [ZERO, ZERO], sum(alone, ZERO) - costs[-1])

    def worth(S: int, level: Fraction) -> Row:
        """-u(S) + level * wt(S) (e+ - e-) as coefficients."""
        return [-ONE if S >> i & 1 else ZERO for i in range(n)] + [level * weights[S], -level * weights[S]]

    hard = [(worth(S, ZERO), -saved[S]) for S in saved if weights[S] == 0]
    settled: dict[int, Fraction] = {}
    ranked = [S for S in saved if weights[S] > 0]
    while len(settled) < len(ranked):
        free = [S for S in ranked if S not in settled]
        equal = [whole] + [(worth(S, ZERO), -saved[S] - e * weights[S]) for S, e in settled.items()]
        best = maximise([ZERO] * n + [ONE, -ONE], hard + [(worth(S, ONE), -saved[S]) for S in free], equal)
        level, points = best.value, [best.point[:n]]
        for S in free:
            if any(_savings(point, S) - saved[S] > level * weights[S] for point in points):
                continue
            rows = hard + [(worth(T, ZERO), -saved[T] - level * weights[T]) for T in free]
            points.append(
                maximise([ONE if S >> i & 1 else ZERO for i in range(n)] + [ZERO, ZERO], rows, equal).point[:n]
            )
            if _savings(points[-1], S) - saved[S] == level * weights[S]:
                settled[S] = level
    return [a - u for a, u in zip(alone, points[-1], strict=True)]


def _savings(point: Row, mask: int) -> Fraction:
    return sum((point[i] for i in members(mask)), ZERO)


def meets_kohlberg(costs: Table, weights: Table, shares: Row) -> bool:
    """Kohlberg's criterion: at every level, no change of the shares helps a group so far without harming another.

    Those who pay their full cost alone may not pay more either. All weights are above 0.
    """
    n = players_of(costs)
    if sum(shares, ZERO) != costs[-1] or any(shares[i] > costs[1 << i] for i in range(n)):
        return False
    excess: dict[Fraction, list[int]] = {}
    for S in range(1, len(costs) - 1):
        paid = sum((shares[i] for i in members(S)), ZERO)
        excess.setdefault((costs[S] - paid) / weights[S], []).append(S)
    full = [i for i in range(n) if shares[i] == costs[1 << i]]
    directions = _null_space([[ONE] * n])
    for level in sorted(excess):
        group = [row for S in excess[level] if any(row := [_savings(d, S) for d in directions])]
        if not directions:
            return True
        if not group:
            continue
        # y in the span of the directions: y(S) <= 0 for the group, y_i <= 0 for the full; is some y(S) < 0 possible?
        width = len(directions)
        bounds = [*group, *([d[i] for d in directions] for i in full)]
        rows = [([*row, *(-v for v in row)], ZERO) for row in bounds]
        rows += [([ONE if j == k else ZERO for j in range(2 * width)], ONE) for k in range(2 * width)]
        aim = [-sum((row[k] for row in group), ZERO) for k in range(width)]
        if maximise([*aim, *(-a for a in aim)], rows, []).value > 0:
            return False
        kept = _null_space(group)
        directions = [
            [sum((c * d[i] for c, d in zip(k, directions, strict=True)), ZERO) for i in range(n)] for k in kept
        ]
    return True


def _null_space(rows: list[Row]) -> list[Row]:
    """Basis of the vectors on which all rows are 0."""
    width = len(rows[0])
    work = [row[:] for row in rows]
    pivots: list[int] = []
    for column in range(width):
        rest = [row for row in work[len(pivots) :] if row[column] != 0]
        if not rest:
            continue
        place = work.index(rest[0], len(pivots))
        work[len(pivots)], work[place] = work[place], work[len(pivots)]
        head = work[len(pivots)]
        head[:] = [value / head[column] for value in head]
        for row in work:
            if row is not head and row[column] != 0:
                factor = row[column]
                row[:] = [a - factor * b for a, b in zip(row, head, strict=True)]
        pivots.append(column)
    basis = []
    for free in (j for j in range(width) if j not in pivots):
        vector = [ONE if j == free else ZERO for j in range(width)]
        for k, column in enumerate(pivots):
            vector[column] = -work[k][free]
        basis.append(vector)
    return basis
