"""Correlation between drivers by a Gaussian copula.

Rank correlations (Spearman) become correlations of normal scores by r = 2 sin(pi rho / 6), exact for the Gaussian
copula. A matrix that no set of drivers can have (not positive semidefinite) is replaced by the nearest one that can,
in the Frobenius norm, and a warning shows what changed (N. Higham, IMA Journal of Numerical Analysis 22, 2002, with
Dykstra's correction).
"""

import warnings
from collections.abc import Sequence

import numpy as np

from ggu_costs.simulation.parts import Correlation
from ggu_costs.text import one_line
from ggu_costs.typing import FloatArray

_SWEEPS = 1000
_SETTLED = 1e-13
_NEGATIVE = 1e-10  # eigenvalues down to minus this are rounding, not a contradiction
_ZERO = 1e-12
_SEEN = 0.0005  # changes below this are not told


class CorrelationWarning(UserWarning):
    """The stated correlations contradict each other and were replaced by the nearest that do not."""


def normal_correlation(part: Correlation) -> FloatArray:
    """Correlations of the normal scores that belong to the stated ones.

    Examples
    --------
    >>> ranks = Correlation(("a", "b"), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> round(float(normal_correlation(ranks)[0, 1]), 6)
    0.517638
    """
    if part.kind == "normal":
        return part.matrix.copy()
    carried = 2.0 * np.sin(np.pi * part.matrix / 6.0)
    np.fill_diagonal(carried, 1.0)
    return carried


def nearest_correlation(matrix: FloatArray) -> FloatArray:
    """Return the positive semidefinite matrix with ones on the diagonal that lies nearest in the Frobenius norm."""
    correction = np.zeros_like(matrix)
    current = matrix.copy()
    for _ in range(_SWEEPS):
        shifted = current - correction
        values, vectors = np.linalg.eigh(shifted)
        projected = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = projected - shifted
        following = projected.copy()
        np.fill_diagonal(following, 1.0)
        moved = np.abs(following - current).max()
        current = following
        if moved < _SETTLED:
            break
    return (current + current.T) / 2.0


def factor_of_level(names: Sequence[str], parts: Sequence[Correlation]) -> FloatArray:
    """Lower triangular factor L with L L' = the correlation matrix of the normal scores of these drivers.

    Warns
    -----
    CorrelationWarning
        Where the stated matrix is not positive semidefinite; shows each pair before and after.
    """
    whole = np.eye(len(names))
    for part in parts:
        matrix, changes = repaired(part)
        if changes:
            pairs = "; ".join(f"{one} with {other}: {old:.3f} became {new:.3f}" for one, other, old, new in changes)
            warnings.warn(
                one_line(f"the stated correlations contradict each other; the nearest that do not are used: {pairs}"),
                CorrelationWarning,
                stacklevel=2,
            )
        places = [names.index(name) for name in part.names]
        whole[np.ix_(places, places)] = matrix
    return _semidefinite_cholesky(whole)


def repaired(part: Correlation) -> tuple[FloatArray, list[tuple[str, str, float, float]]]:
    """Return the matrix of the normal scores that is used, and what changed where the stated one cannot be.

    Of every pair that changed: the two drivers, the stated correlation and the one in its place, the largest change
    first. Empty for a matrix that some set of drivers can have.

    Examples
    --------
    >>> ranks = Correlation(("a", "b"), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> repaired(ranks)[1]
    []
    """
    matrix = normal_correlation(part)
    if np.linalg.eigvalsh(matrix)[0] >= -_NEGATIVE:
        return matrix, []
    nearest = nearest_correlation(matrix)
    stated = nearest if part.kind == "normal" else 6.0 / np.pi * np.arcsin(nearest / 2.0)
    changes = [
        (part.names[i], part.names[j], float(part.matrix[i, j]), float(stated[i, j]))
        for i in range(len(part.names))
        for j in range(i)
    ]
    changes.sort(key=lambda change: -abs(change[3] - change[2]))
    return nearest, [change for change in changes if abs(change[3] - change[2]) >= _SEEN] or changes[:1]


def _semidefinite_cholesky(matrix: FloatArray) -> FloatArray:
    """Lower triangular factor; sums are numpy's own and not those of BLAS, whose order hangs on the processor."""
    factor = np.zeros_like(matrix)
    for j in range(len(matrix)):
        left = matrix[j:, j] - (factor[j:, :j] * factor[j, :j]).sum(axis=1)
        if left[0] > _ZERO:
            factor[j:, j] = left / np.sqrt(left[0])
    return factor
