r"""A model that is a Python function of uncertain drivers: what it gives, how sure that is, and what makes its spread.

The function takes arrays and gives arrays: a figure for each draw, one or several by name. Draws are those of the
engine: plain, Latin hypercubes or scrambled Sobol points, by seed and name of the driver, with correlations as a
Gaussian copula. With :math:`c(S) = V(E[y \mid x_S]) / V(y)` the part of the variance that the drivers in S explain,
:meth:`FunctionModel.sensitivity` gives for every outcome

* first order :math:`S_i = c(\{i\})` and total :math:`T_i = 1 - c(\bar i)`, with :math:`\bar S` all drivers that are not
  in S;
* second order :math:`S_{ij} = c(\{i, j\}) - S_i - S_j`, what two drivers do together, where drivers are independent;
* of a group G of drivers :math:`c(G)` and the total :math:`1 - c(\bar G)`;
* Shapley effects, which add up to 1 with correlated drivers too: see
  :mod:`ggu_costs.simulation.influence.effects` for how all of these are estimated.

References
----------
Saltelli, A. (2002). Making best use of model evaluations to compute sensitivity indices. Computer Physics
Communications 145, 280-297.
Song, E., Nelson, B. and Staum, J. (2016). Shapley effects for global sensitivity analysis. SIAM/ASA Journal on
Uncertainty Quantification 4, 1060-1083.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ggu_costs._version import __version__
from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, UnknownNameError, listed
from ggu_costs.figures import read_figures, read_whole, shown
from ggu_costs.impact.answers.function_runner import source_of
from ggu_costs.impact.function_results import FunctionResult, FunctionSensitivity
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.influence.effects import LEAST_POINTS, MOST_POINTS, Subsets
from ggu_costs.simulation.influence.effects import effects_of as effects_at
from ggu_costs.simulation.influence.normal_scores import FunctionScores
from ggu_costs.simulation.machine.compile import compile_spec
from ggu_costs.simulation.machine.sampling import Method, check_sampling
from ggu_costs.simulation.parts import NATION, Correlation, Driver, Output, Term
from ggu_costs.simulation.runs.engine import PROBABILITIES, draw_blocks, read_fractions
from ggu_costs.simulation.runs.given import summarise_replicates
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import BoolArray, FloatArray
from ggu_costs.words.messages import message

Outcome: TypeAlias = Callable[[Mapping[str, "FloatArray"]], "FloatArray | Mapping[str, FloatArray]"]
"""Drivers by name, each of shape (draws,), to one figure a draw, or to several by name."""

ALONE = "outcome"
"""Name of the outcome of a function that gives one."""


@dataclass(frozen=True, eq=False)
class FunctionModel(Brief):
    """A function of uncertain drivers.

    Parameters
    ----------
    function
        Called as ``function(drivers)`` with a mapping of names to arrays of shape (draws,); gives an array of that
        shape, or a mapping of names to such arrays, always the same names.
    drivers
        The uncertain inputs; each is one draw for all (level ``nation``).
    correlations
        Between drivers.
    title
        What outputs call it.

    Raises
    ------
    InputError
        Every fault of the drivers and correlations.

    Examples
    --------
    The Ishigami function, of which the indices are known:

    >>> import numpy as np
    >>> from ggu_costs import impact
    >>> angles = [impact.Driver(name, impact.marginals.uniform(-np.pi, np.pi)) for name in ("x1", "x2", "x3")]
    >>> model = impact.FunctionModel(
    ...     lambda x: np.sin(x["x1"]) + 7 * np.sin(x["x2"]) ** 2 + 0.1 * x["x3"] ** 4 * np.sin(x["x1"]), angles
    ... )
    >>> round(model.run(draws=4096, seed=1, method="sobol").figure().mean, 3)
    3.5
    >>> effects = model.sensitivity(seed=1).to_frame()
    >>> effects.loc[["x1", "x2"], ["first", "sobol_total", "shapley"]].round(2).to_numpy().tolist()
    [[0.31, 0.56, 0.44], [0.44, 0.44, 0.44]]
    """

    function: Outcome
    drivers: Sequence[Driver]
    correlations: Sequence[Correlation] = ()
    title: str = ""
    _outcomes: list[str] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        faults = Faults()
        if not callable(self.function):
            faults.add("function", shown(self.function), "a function of the drivers by name")
        for what, kind in (("drivers", Driver), ("correlations", Correlation)):
            given = getattr(self, what)
            if not isinstance(given, Sequence):
                faults.add(what, shown(given), f"a list of {kind.__name__}")
                continue
            for place, one in enumerate(given):
                if not isinstance(one, kind):
                    faults.add(f"{what}[{place}]", shown(one), f"a {kind.__name__}")
                elif isinstance(one, Driver) and one.level != NATION:
                    faults.add(
                        f"driver {one.name!r}", f"drawn for each {one.level}", "one draw for all: level 'nation'"
                    )
            if kind is Driver and not given:
                faults.add(what, "none", "one or more")
        faults.check("this function cannot be a model", remedy="Correct every part named.")
        self.spec  # noqa: B018 (checks the drivers and correlations)

    @property
    def spec(self) -> ModelSpec:
        """What the engine is told: the drivers, and nothing to work out."""
        return ModelSpec(
            units=("one",), years=(0,), drivers=tuple(self.drivers), terms=(Term("none", weights=np.ones(1)),),
            outputs=(Output("none", np.ones((1, 1)), units="moments", groups="none"),),
            correlations=tuple(self.correlations),
        )  # fmt: skip

    def sample(self, draws: int, seed: int, method: Method = "random", *, replicates: int = 8) -> pd.DataFrame:
        """Return the points at which :meth:`run` asks the function.

        Parameters
        ----------
        draws, seed, method, replicates
            As for :meth:`run`.

        Returns
        -------
        pandas.DataFrame
            A column for each driver; rows by ``replicate`` (one for plain draws) and ``draw``.
        """
        blocks = list(self._drawn(draws, seed, method, replicates))
        values = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
        count = len(next(iter(values.values()))) // draws
        index = pd.MultiIndex.from_product([range(count), range(draws)], names=["replicate", "draw"])
        return pd.DataFrame(values, index=index)

    def run(
        self,
        draws: int = 16_384,
        *,
        seed: int,
        method: Method = "random",
        replicates: int = 8,
        thresholds: Sequence[float] = (0.0,),
        probabilities: Sequence[float] = PROBABILITIES,
    ) -> FunctionResult:
        """Ask the function at draws of the drivers.

        Parameters
        ----------
        draws
            Draws; of each replicate for the last two methods, and a power of two for ``sobol``.
        seed
            Whole number of 0 or more. The same seed gives the same draws.
        method
            ``random``, ``latin_hypercube`` or ``sobol`` (scrambled).
        replicates
            Independent repetitions of the last two, 2 or more; errors follow from their spread.
        thresholds
            Figures of which the chance to be above is exact.
        probabilities
            Of the exact quantiles.

        Returns
        -------
        FunctionResult

        Raises
        ------
        InputError
            Settings that cannot be used, or figures that cannot: every fault.

        Notes
        -----
        All figures are kept while they are summarised: 8 bytes for each draw and outcome.
        """
        faults = check_sampling(draws, seed, method, replicates)
        fractions = read_fractions(probabilities, faults)
        limits = read_figures(list(thresholds), "thresholds", faults)
        faults.check("this function cannot be asked like this", remedy="Correct every setting named.")
        parts = [self._at(block) for block in self._drawn(draws, seed, method, replicates)]
        values, count = np.concatenate(parts, axis=1), 1 if method == "random" else replicates
        assert limits is not None  # noqa: S101 (a fault otherwise)
        told = tuple(limits.tolist())
        rows = tuple(summarise_replicates(figures[None], count, told, fractions) for figures in values)
        made: dict[str, object] = {"draws": draws, "seed": seed, "method": method, "replicates": count}
        return FunctionResult(self._called, tuple(self._outcomes), self._provenance(made), rows)

    def sensitivity(
        self, *, seed: int, points: int = 4096, groups: Mapping[str, Sequence[str]] | None = None
    ) -> FunctionSensitivity:
        """Return what makes the spread of every outcome.

        Parameters
        ----------
        seed
            Whole number of 0 or more.
        points
            256 to 4,194,304: the function is asked at about as many points for each subset of the drivers, up to 12
            of them, and for each random order beyond.
        groups
            Names of drivers by the name of a group, whose parts are wanted.

        Raises
        ------
        InputError
            Settings that cannot be used, groups of drivers that are not there, or figures that cannot be used.
        """
        faults = check_sampling(2, seed, "random", 2)
        if read_whole(points, "points", Faults(), least=LEAST_POINTS, most=MOST_POINTS) is None:
            faults.add("points", shown(points), f"a whole number from {LEAST_POINTS} to {MOST_POINTS:,}")
        names = [driver.name for driver in self.drivers]
        wanted = dict(groups) if isinstance(groups, Mapping) else {}
        if groups is not None and not isinstance(groups, Mapping):
            faults.add("groups", shown(groups), "lists of drivers by the name of a group")
        for group, members in wanted.items():
            told = list(members) if isinstance(members, Sequence) and not isinstance(members, str) else []
            unknown = [name for name in told if name not in names]
            if not told or unknown:
                found = f"no driver {listed(unknown)}" if unknown else shown(members)
                faults.add(f"groups.{group}", found, f"a list of drivers: {listed(names)}")
        faults.check("this sensitivity cannot be worked out", remedy="Correct every setting named.")
        levels = compile_spec(self.spec).levels
        correlated = any(level.correlated for level in levels)
        names = [name for level in levels for name in level.names]
        pairs = [] if correlated else list(combinations(range(len(names)), 2))
        subsets = _subsets(names, pairs, list(wanted.values()))
        middle = [np.zeros((len(level.names), level.groups, 2)) for level in levels]
        many = len(FunctionScores(levels, 1, self._of_scores).at(middle))  # that is when its outcomes are known
        model = FunctionScores(levels, many, self._of_scores)
        effects = effects_at(model, None, seed, points, subsets)
        parts = {"first": effects.first, "sobol_total": effects.total, "shapley": effects.shapley, "more": effects.more}
        values, errors = ({name: part[place] for name, part in parts.items()} for place in range(2))
        return FunctionSensitivity(
            self._called, tuple(self._outcomes), self._provenance({"points": points, "seed": seed}), tuple(names),
            values, errors, correlated, tuple((names[i], names[j]) for i, j in pairs), tuple(wanted),
        )  # fmt: skip

    @property
    def _called(self) -> str:
        return self.title or message("function_model")

    def _provenance(self, made: Mapping[str, object]) -> dict[str, object]:
        function = source_of(self.function)
        asked = fingerprint(list(self.drivers), list(self.correlations), function)
        return {"library": f"ggu_costs {__version__}", **made, "digest_of_model": asked}

    def _drawn(self, draws: int, seed: int, method: Method, replicates: int) -> Iterator[dict[str, FloatArray]]:
        for national, _ in draw_blocks(self.spec, draws=draws, seed=seed, method=method, replicates=replicates):
            yield national

    def _of_scores(self, values: Mapping[str, FloatArray]) -> FloatArray:
        return self._at({name: part[0] for name, part in values.items()})

    def _at(self, values: Mapping[str, FloatArray]) -> FloatArray:
        """The outcomes at values of the drivers, shape (outcomes, points), checked."""
        (points,) = next(iter(values.values())).shape
        given: Any = self.function(_Drivers(values))
        stated = dict(given) if isinstance(given, Mapping) else {ALONE: given}
        faults, figures = Faults(), {}
        if not stated:
            faults.add("function", "no outcomes", "one or more")
        for name, figure in stated.items():
            where = f"outcome {name!r}"
            read = read_figures(figure, where, faults, missing=True, infinite=True, copy=False)
            if read is None:
                continue
            if read.shape != (points,):
                faults.add(where, f"shape {read.shape}", f"({points},): one figure for each draw")
            elif not np.isfinite(read).all():
                first = int(np.argmin(np.isfinite(read)))
                at = ", ".join(f"{driver} = {float(row[first]):g}" for driver, row in values.items())
                faults.add(where, f"not finite, first with {at}", "finite figures")
            figures[str(name)] = read
        if not self._outcomes and not faults:
            self._outcomes.extend(figures)
        for name in sorted(figures.keys() ^ set(self._outcomes)) if self._outcomes else ():
            found = "not given before" if name in figures else "not given any more"
            faults.add(f"outcome {name!r}", found, f"the same outcomes each time: {listed(self._outcomes)}")
        faults.check("the function gave figures that cannot be used", remedy="Correct the function.")
        return np.stack([figures[name] for name in self._outcomes])


class _Drivers(dict[str, FloatArray]):
    """Values by driver, of which a name that is not there is told with those that are."""

    def __missing__(self, name: str) -> FloatArray:
        raise UnknownNameError("driver", name, list(self))


def _subsets(names: Sequence[str], pairs: Sequence[tuple[int, int]], groups: Sequence[Sequence[str]]) -> Subsets:
    """Which subsets are asked: for second orders each pair and each alone, for groups themselves and the others."""
    many = len(names)
    kept: list[BoolArray] = []
    places: dict[bytes, int] = {}

    def place(inside: BoolArray) -> int:
        key = inside.tobytes()
        if key not in places:
            places[key] = len(kept)
            kept.append(inside)
        return places[key]

    measures: list[dict[int, float]] = []
    alone = np.eye(many, dtype=bool)
    for i, j in pairs:
        measures.append({place(alone[i] | alone[j]): 1.0, place(alone[i]): -1.0, place(alone[j]): -1.0})
    for members in groups:
        inside = np.array([name in members for name in names])
        measures.append({place(inside): 1.0})
        measures.append(
            {place(np.ones(many, bool)): 1.0, place(~inside): -1.0} if not inside.all() else {place(inside): 1.0}
        )
    combine = np.zeros((len(measures), len(kept)))
    for row, measure in enumerate(measures):
        for column, weight in measure.items():
            combine[row, column] = weight
    return Subsets(np.array(kept, bool).reshape(len(kept), many), combine)
