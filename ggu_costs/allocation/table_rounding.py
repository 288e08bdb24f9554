r"""Rounding a table to whole cents so that its rows and its columns add up (controlled rounding).

Every cell goes to one of the two whole cents around it, :math:`x_{ij} = \lfloor v_{ij} \rfloor + u_{ij}` with
:math:`u_{ij} \in \{0, 1\}`, and rows and columns add up exactly. Of all such tables the one with the largest
:math:`\sum_{ij} f_{ij} u_{ij}` is taken, where :math:`f` is what the floor leaves: the largest remainders go up as
far as the totals allow. That is a transport problem; its constraint matrix is totally unimodular, so the corner of
the linear programme is whole. Only cells with a fraction are variables.

References
----------
Causey, B., Cox, L. and Ernst, L. (1985). Applications of transportation theory to statistical problems. Journal of the
American Statistical Association 80, 903-909.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np

from ggu_costs.errors import Faults, InfeasibleError
from ggu_costs.figures import in_order, is_pandas, read_figures
from ggu_costs.money import MOST_CENTS, euros, nearest_cents, shortest

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import ByCode, FloatArray, IntArray

    Totals: TypeAlias = FloatArray | ByCode | Mapping[str, float]


_BITS = 20  # fractions of a cent are kept in steps of 2**-20, which takes the noise of floats away
_STEPS = 1 << _BITS
_AHEAD = 256  # a total that is ahead by such a part of a cent comes before all cells together
_EASY_CENTS = 2.0**42  # times _STEPS stays within int64; larger tables take Python's own integers


@overload
def round_table(
    values: pd.DataFrame, *, row_totals: Totals | None = None, column_totals: Totals | None = None
) -> pd.DataFrame: ...
@overload
def round_table(
    values: FloatArray, *, row_totals: Totals | None = None, column_totals: Totals | None = None
) -> FloatArray: ...
def round_table(
    values: pd.DataFrame | FloatArray, *, row_totals: Totals | None = None, column_totals: Totals | None = None
) -> pd.DataFrame | FloatArray:
    """Round a table of euros, such as pools by municipalities, to whole cents with exact row and column totals.

    Parameters
    ----------
    values
        Euro, shape (rows, columns), finite; may be negative.
    row_totals, column_totals
        Whole cents, one a row or column, each less than a cent from the sum of the cells; by label for a DataFrame and
        a Series or mapping, whose labels must differ. Where they are not given, the largest remainders of the sums go
        up, as far as a table exists for them; the whole then is the sum of the totals that are given, else the sum of
        all cells rounded half up.

    Returns
    -------
    pandas.DataFrame or numpy.ndarray
        Like `values`: float64 euros in whole cents.

    Raises
    ------
    InputError
        Lists every fault: cells that are no finite numbers, totals that are no whole cents, too far off, or add up
        differently for rows and columns, labels of totals that are unknown, missing or there twice.
    InfeasibleError
        No table of cells rounded up or down has the totals given.

    Notes
    -----
    A cell in whole cents stays as it is. The same table gives the same result.

    Examples
    --------
    >>> table = np.array([[0.333, 0.333, 0.334], [0.667, 0.667, 0.666]])
    >>> round_table(table, row_totals=np.array([1.0, 2.0])).tolist()
    [[0.33, 0.33, 0.34], [0.67, 0.67, 0.66]]
    """
    faults = Faults()
    read = read_figures(values, "values", faults)
    cells = np.zeros((0, 0)) if read is None else read
    if read is not None and (cells.ndim != 2 or cells.size == 0):
        faults.add("values", f"shape {cells.shape}", "a table of one or more rows and columns")
    faults.check("the table cannot be rounded", remedy="Correct the cells listed.")
    axes = (values.index, values.columns) if is_pandas(values) else map(range, cells.shape)
    rows, columns = (list[Hashable](axis) for axis in axes)
    for row, column in np.argwhere(~(np.abs(cells) * 100 <= MOST_CENTS)):
        allowed = f"finite, at most {MOST_CENTS // 100:,} euro: beyond, floats have no cents"
        faults.add(f"values[{rows[row]}, {columns[column]}]", str(cells[row, column]), allowed)
    faults.check("the table cannot be rounded", remedy="Correct the cells listed.")
    steps = _in_steps(cells)
    wanted = [
        _totals(totals, steps.sum(axis=1 - axis), labels, name=name, terms=cells.shape[1 - axis], faults=faults)
        for axis, (totals, labels, name) in enumerate(
            ((row_totals, rows, "row_totals"), (column_totals, columns, "column_totals"))
        )
    ]
    down, across = (int(cents.sum()) for cents, _ in wanted)
    if row_totals is not None and column_totals is not None and down != across and not faults:
        found = f"rows add up to {down / 100:,.2f}, columns to {across / 100:,.2f}"
        faults.add("row_totals, column_totals", found, "one sum of all")
    faults.check("the table cannot be rounded", remedy="Correct the totals listed.")
    rounded = euros(_round_up_best(steps, wanted[0], wanted[1]))
    if not is_pandas(values):
        return rounded
    import pandas as pd

    return pd.DataFrame(rounded, index=values.index, columns=values.columns)


def _in_steps(cells: FloatArray) -> IntArray:
    """Cells in steps of the grid; a large cell stands for its shortest decimal, as on a bill."""
    if float(np.abs(cells).sum()) * 100 < _EASY_CENTS:
        return np.rint(cells * 100 * _STEPS).astype(np.int64)
    exact = [round(shortest(cell) * 100 * _STEPS) for cell in cells.ravel().tolist()]
    steps: IntArray = np.array(exact, dtype=np.object_).reshape(cells.shape)  # type: ignore[assignment]
    return steps


def _totals(
    totals: Any, sums: IntArray, labels: list[Hashable], *, name: str, terms: int, faults: Faults
) -> tuple[IntArray, IntArray]:
    """Totals in cents and the part of a cent that may still be added to each (0 where the total is given)."""
    slack = terms  # steps: what the rounding of the cells to the grid may have moved a sum
    cells = (sums + slack) >> _BITS
    whole, part = cells.astype(np.int64), np.maximum(sums - (cells << _BITS), 0).astype(np.int64)
    part[part <= slack] = 0
    if totals is None:
        return whole, part
    ordered = in_order(totals, labels, name, faults)
    given = None if ordered is None else read_figures(ordered, name, faults, labels=labels)
    if given is None:
        return whole, part
    if given.shape != whole.shape:
        faults.add(name, f"shape {given.shape}", f"shape {whole.shape}")
        return whole, part
    stated = [nearest_cents(total) for total in given.tolist()]
    for label, one, total in zip(labels, stated, given.tolist(), strict=True):
        if one is None or abs(one) > MOST_CENTS * terms:
            faults.add(f"{name}[{label}]", f"{total}", "a whole number of cents")
    if faults:
        return whole, part
    cents = np.array(stated, dtype=sums.dtype)
    for place in np.flatnonzero(np.abs(cents * _STEPS - sums) >= _STEPS - slack):
        found = f"{given[place]:,.2f} for cells that add up to {sums[place] / _STEPS / 100:,.4f}"
        faults.add(f"{name}[{labels[place]}]", found, "less than a cent apart")
    return (cents.astype(np.int64), np.zeros_like(part)) if not faults else (whole, part)


def _round_up_best(steps: IntArray, rows: tuple[IntArray, IntArray], columns: tuple[IntArray, IntArray]) -> IntArray:
    """Whole cents of each cell. Variables: cells with a fraction, then rows and columns whose total is still open."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    units, parts = (steps >> _BITS).astype(np.int64), (steps & (_STEPS - 1)).astype(np.int64)
    noise = 2  # steps
    units += parts > _STEPS - noise
    parts[(parts <= noise) | (parts > _STEPS - noise)] = 0
    count = units.shape[0]
    cell_row, cell_column = np.nonzero(parts)
    open_row, open_column = np.flatnonzero(rows[1]), np.flatnonzero(columns[1])
    sizes = [cell_row.size, open_row.size, open_column.size]
    first_row, first_column, end = np.cumsum(sizes)
    number = np.arange(end)
    equations = np.concatenate([cell_row, open_row, count + cell_column, count + open_column])
    variables = np.concatenate(
        [number[:first_row], number[first_row:first_column], number[:first_row], number[first_column:end]]
    )
    signs = np.concatenate([np.ones(sizes[0]), -np.ones(sizes[1]), np.ones(sizes[0]), -np.ones(sizes[2])])
    needed = np.concatenate([rows[0] - units.sum(axis=1), columns[0] - units.sum(axis=0)]).astype(np.float64)
    if open_row.size and open_column.size:  # nothing else fixes the sum of all
        total = (int(steps.sum()) + _STEPS // 2) >> _BITS
        equations = np.concatenate([equations, np.full(open_row.size, needed.size)])
        variables = np.concatenate([variables, number[first_row:first_column]])
        signs = np.concatenate([signs, np.ones(open_row.size)])
        needed = np.append(needed, total - rows[0].sum())
    heavy = _AHEAD * float(sizes[0] + 1)  # totals come before cells
    gains = np.concatenate([parts[cell_row, cell_column], heavy * rows[1][open_row], heavy * columns[1][open_column]])
    chosen = np.zeros(end)
    if end:
        matrix = coo_array((signs, (equations, variables)), shape=(needed.size, end)).tocsr()
        rule = LinearConstraint(matrix, needed, needed)
        solved = milp(-gains / _STEPS, integrality=np.ones(end), bounds=Bounds(0, 1), constraints=rule)
        chosen = chosen if solved.x is None else np.rint(solved.x)
    residue = np.bincount(equations, signs * chosen[variables], minlength=needed.size) - needed
    if residue.any():
        raise InfeasibleError(
            "no table of cells rounded up or down by less than a cent has these totals",
            remedy="Leave out the row totals or the column totals, or change them by a cent.",
        )
    units[cell_row, cell_column] += chosen[:first_row].astype(np.int64)
    return units
