r"""The nucleolus at any n where the cost pools allow it: airport games and concave volume games.

*Airport.* With needs :math:`c_1 \le \dots \le c_n`, m players settled who pay P together, the next to settle pay
:math:`y = \min_{m < i < n} (c_i - P) / (i - m + 1)` each, up to the last i that attains it; player n pays the rest
(Littlechild). An amount that everyone causes once raises every need; own amounts are added at the end.

*Concave volume.* The savings game is convex, so its kernel is one point, the nucleolus (Maschler, Peleg and Shapley).
The surplus of i over j has a closed form, and transfers between pairs lead to where all pairs are even. Near it the
coalitions that decide each surplus no longer change: their linear equations give the point itself, and one more round
over all pairs is the proof.

References
----------
Littlechild, S. (1974). A simple expression for the nucleolus in a special case. International Journal of Game Theory 3,
21-29.
Maschler, M., Peleg, B. and Shapley, L. (1972). The kernel and bargaining set for convex games. International Journal of
Game Theory 1, 73-93.
Stearns, R. (1968). Convergent transfer schemes for n-person games. Transactions of the American Mathematical Society
134, 449-459.
"""

import numpy as np

from ggu_costs.games.pools.part import Pieces
from ggu_costs.typing import FloatArray, IntArray

_EVEN = 1e-14  # of C(N): a largest transfer below this is none
_SWEEPS = 10  # sweeps between two attempts at the equations
_ROUNDS = 400
_STEPS = 8


def airport_needs(pieces: list[Pieces], n: int) -> FloatArray | None:
    """What the facility of each player alone costs, own amounts apart; None where the pools make no airport game."""
    levels = [piece.levels for piece in pieces if piece.levels is not None]
    if len(levels) > 1 or any(piece.tiers or piece.regions for piece in pieces):
        return None
    return (levels[0] if levels else np.zeros(n)) + sum(piece.due for piece in pieces)


def airport_nucleolus(needs: FloatArray) -> FloatArray:
    """Nucleolus of C(S) = the largest need in S, for needs of 0 or more.

    Examples
    --------
    >>> airport_nucleolus(np.array([8.0, 11.0, 13.0, 18.0])).tolist()
    [3.25, 3.25, 3.25, 8.25]
    """
    order = np.argsort(needs, kind="stable")
    rising = needs[order]
    n = len(needs)
    paid = np.empty(n)
    settled, together = 0, 0.0
    while settled < n - 1:
        shares = (rising[settled : n - 1] - together) / np.arange(2, n - settled + 1)
        last = settled + len(shares) - int(np.argmin(shares[::-1]))
        paid[settled:last] = shares[last - 1 - settled]
        together += float(paid[last - 1]) * (last - settled)
        settled = last
    paid[n - 1] = rising[-1] - together
    values = np.empty(n)
    values[order] = paid
    return values


def even_out(due: FloatArray, slopes: FloatArray, shares: FloatArray) -> tuple[FloatArray, float]:
    """Find the split at which no pair has anything to settle, for C(S) = min_k due_k + sum of slopes[k, S], C(N) = 1.

    Parameters
    ----------
    due, slopes
        Shapes (ways,) and (ways, n).
    shares
        Where to start; adds up to 1.

    Returns
    -------
    shares : numpy.ndarray
    residual : float
        Largest transfer in a last round over all pairs.
    """
    order = np.argsort(slopes[0], kind="stable")
    best, residual = _swept(due, slopes, shares, 1)
    for _ in range(_ROUNDS):
        if residual <= _EVEN:
            break
        best, residual = _swept(due, slopes, best, _SWEEPS)
        solved = _equations(due, slopes, best, order)
        if solved is not None:
            again, left = _swept(due, slopes, solved, 1)
            if left < residual:
                best, residual = again, left
    return best, residual


def _swept(due: FloatArray, slopes: FloatArray, shares: FloatArray, sweeps: int) -> tuple[FloatArray, float]:
    from ggu_costs.games._transfer_kernels import transfer_sweep

    moving = shares.copy()
    largest = 0.0
    for _ in range(sweeps):
        least = due + np.minimum(slopes - moving, 0.0).sum(axis=1)
        largest = transfer_sweep(slopes, least, moving)
    return moving, largest


def _equations(due: FloatArray, slopes: FloatArray, shares: FloatArray, order: IntArray) -> FloatArray | None:
    """Solve for a point at which neighbours in the order are even, given the coalitions that decide near it."""
    first, second = order[:-1], order[1:]
    point = shares
    for _ in range(_STEPS):
        useful = slopes - point
        mine, mine_cost = _deciding(due, slopes, useful, first, second)
        yours, yours_cost = _deciding(due, slopes, useful, second, first)
        matrix = np.vstack([mine - yours, np.ones(len(shares))])
        try:
            solved = np.linalg.solve(matrix, np.append(mine_cost - yours_cost, 1.0)).astype(np.float64)
        except np.linalg.LinAlgError:
            return None
        moved = float(np.max(np.abs(solved - point)))
        point = solved
        if moved <= _EVEN:
            break
    return point if np.isfinite(point).all() and np.max(np.abs(point)) < 10.0 else None


def _deciding(
    due: FloatArray, slopes: FloatArray, useful: FloatArray, inside: IntArray, outside: IntArray
) -> tuple[FloatArray, FloatArray]:
    """The coalition with one player and without another that costs least beyond its shares, a row a pair; its cost."""
    least = due + np.minimum(useful, 0.0).sum(axis=1)
    surplus = least[:, None] + np.maximum(useful[:, inside], 0.0) + np.maximum(-useful[:, outside], 0.0)
    way = np.argmin(surplus, axis=0)
    members = (useful < 0)[way]
    rows = np.arange(len(inside))
    members[rows, inside] = True
    members[rows, outside] = False
    return members.astype(np.float64), due[way] + np.sum(slopes[way] * members, axis=1)
