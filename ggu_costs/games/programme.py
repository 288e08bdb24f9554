"""Linear and mixed-integer programmes through HiGHS: one place for its settings, its states and their causes."""

from collections.abc import Callable

import highspy
import numpy as np

from ggu_costs.errors import InfeasibleError
from ggu_costs.typing import FloatArray, IntArray

_CAUSES = {
    highspy.HighsModelStatus.kInfeasible: "no point meets all constraints",
    highspy.HighsModelStatus.kUnbounded: "the objective has no limit",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "no point meets all constraints, or the objective has no limit",
}


class _Silent(highspy.Highs):
    """A solver that never prints: as it is made HiGHS would write who it is to the process's output."""

    def enableCallbacks(self) -> None:  # noqa: N802 (a name of highspy: the first of its steps that is told of)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Programme:
    """Minimise cost . x subject to low <= A x <= high; rows can be added and changed, and the basis stays warm.

    Parameters
    ----------
    cost, low, high
        Objective and bounds of the variables; -inf and inf for none.
    whole
        Positions of variables that must be whole numbers.
    """

    def __init__(self, cost: FloatArray, low: FloatArray, high: FloatArray, *, whole: IntArray | None = None) -> None:
        make: Callable[[], highspy.Highs] = _Silent  # untyped in highspy
        self._solver = make()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "presolve": "off" if whole is None else "on",
            "primal_feasibility_tolerance": 1e-10,
            "dual_feasibility_tolerance": 1e-10,
            "mip_feasibility_tolerance": 1e-9,
            "ipm_optimality_tolerance": 1e-10,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-10,
        }.items():
            self._solver.setOptionValue(option, value)
        count = len(cost)
        self._columns = np.arange(count, dtype=np.int32)
        self._solver.addVars(count, low, high)
        self.set_costs(cost)
        if whole is not None:
            kinds = np.full(len(whole), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            self._solver.changeColsIntegrality(len(whole), whole.astype(np.int32), kinds)
        self.rows = 0
        self.runs = 0

    def add_rows(self, rows: FloatArray, low: FloatArray, high: FloatArray) -> None:
        """Add rows of coefficients, shape (rows, variables)."""
        places, columns = np.nonzero(rows)
        starts = np.searchsorted(places, np.arange(len(rows))).astype(np.int32)
        self._solver.addRows(
            len(rows),
            low,
            high,
            len(columns),
            starts,
            columns.astype(np.int32),
            rows[places, columns],
        )
        self.rows += len(rows)

    def set_costs(self, cost: FloatArray) -> None:
        """Minimise something else."""
        self._solver.changeColsCost(len(cost), self._columns, cost)

    def bound_row(self, row: int, low: float, high: float) -> None:
        """Give a row other bounds; with -inf and inf it constrains nothing any more."""
        self._solver.changeRowBounds(row, low, high)

    def fix_row(self, row: int, column: int, value: float) -> None:
        """Turn a row into an equation without the variable `column`."""
        self._solver.changeCoeff(row, column, 0.0)
        self.bound_row(row, value, value)

    def solve(self, what: str, *, interior: bool = False) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the optimum: variables, row duals, and reduced costs of the variables.

        With `interior` a point amid the optima rather than a corner, by an interior point method from scratch.

        Raises
        ------
        InfeasibleError
            There is no optimum; the message names the cause.
        """
        status = self._run(interior=interior)
        if interior and status != highspy.HighsModelStatus.kOptimal:
            status = self._run(interior=False)
        if status != highspy.HighsModelStatus.kOptimal:
            cause = _CAUSES.get(status, f"the solver stopped: {self._solver.modelStatusToString(status)}")
            raise InfeasibleError(
                f"the programme for {what} has no optimum: {cause}",
                remedy="Check the costs of the game; another rule, such as shapley, exists for every game.",
            )
        solution = self._solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual), np.array(solution.col_dual)

    def _run(self, *, interior: bool) -> highspy.HighsModelStatus:
        if interior:
            self._solver.clearSolver()
        self._solver.setOptionValue("solver", "ipm" if interior else "choose")
        self._solver.setOptionValue("run_crossover", "off" if interior else "on")
        self._solver.run()
        self.runs += 1
        return self._solver.getModelStatus()

    @property
    def objective(self) -> float:
        """The optimum found last."""
        return float(self._solver.getInfo().objective_function_value)

    @property
    def bound(self) -> float:
        """What no solution of the mixed-integer programme can be below."""
        return float(self._solver.getInfo().mip_dual_bound)
