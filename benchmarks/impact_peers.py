"""R1 with the tools that users would pick instead: OpenTURNS and monaco; scipy and SALib for the indices.

Each gets the model in its own best form: one NumPy function over blocks of draws (one draw for monaco, which knows no
others). The analyses return, per unit and for the sum of all units (the last row): mean, sd, P5, P25, P50, P75, P95 and
P(> 0). The Sobol indices are those of independent drivers.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
from impact_opponents import LEVELS, exact_drivers, scores
from numpy.typing import NDArray
from oracles.impact_models import DISCOUNT, KEY, NAMES, POPULATION, YEARS, copula, drivers
from scipy import stats

Array = NDArray[np.float64]
_LOG = np.log(POPULATION)


def present_values(values: Array) -> Array:
    """Net present value of every unit, (12, draws) to (342, draws): a few numbers a draw, no loop over the years."""
    F, v, b, m0, beta, s, g, C, X, h, k, B = values
    adopted = 1 / (1 + np.exp(-k * (YEARS[:, None] - (m0 - B))))
    rise = DISCOUNT @ np.diff(adopted, axis=0, prepend=0.0)
    weighted = DISCOUNT[:, None] * adopted
    indexed = (weighted * (1 + g) ** YEARS[:, None]).sum(axis=0)
    per_head = s * h * indexed - b * weighted.sum(axis=0)
    net = np.exp(_LOG[:, None] * beta)
    net *= v * X * rise
    net += F * X * rise
    net += POPULATION[:, None] * per_head
    net -= KEY[:, None] * (C * DISCOUNT.sum())
    return np.asarray(net)


def distributions() -> list[object]:
    """The drivers as scipy has them."""
    made: list[object] = []
    for driver in drivers():
        kind, p = driver.marginal.kind, driver.marginal.parameters
        if kind == "triangular":
            made.append(stats.triang((p[1] - p[0]) / (p[2] - p[0]), p[0], p[2] - p[0]))
        elif kind == "pert":
            a, b = 1 + p[3] * (p[1] - p[0]) / (p[2] - p[0]), 1 + p[3] * (p[2] - p[1]) / (p[2] - p[0])
            made.append(stats.beta(a, b, p[0], p[2] - p[0]))
        elif kind == "lognormal":
            made.append(stats.lognorm(p[1], scale=np.exp(p[0])))
        else:
            made.append(stats.bernoulli(p[0]))
    return made


def openturns(draws: int, seed: int) -> Array:
    """Marginals, normal copula, a Python function over whole samples; statistics per component."""
    import openturns as ot

    marginals = []
    for driver in drivers():
        kind, p = driver.marginal.kind, driver.marginal.parameters
        if kind == "triangular":
            marginals.append(ot.Triangular(*p))
        elif kind == "pert":
            a, b = 1 + p[3] * (p[1] - p[0]) / (p[2] - p[0]), 1 + p[3] * (p[2] - p[1]) / (p[2] - p[0])
            marginals.append(ot.Beta(a, b, p[0], p[2]))
        elif kind == "lognormal":
            marginals.append(ot.LogNormal(p[0], p[1]))
        else:
            marginals.append(ot.Bernoulli(p[0]))
    ot.TBB.Disable()  # one thread, as all others
    ot.RandomGenerator.SetSeed(seed)
    joint = ot.JointDistribution(marginals, ot.NormalCopula(ot.CorrelationMatrix(copula())))

    def whole(sample: object) -> Array:
        units = present_values(np.asarray(sample).T)
        return np.vstack([units, units.sum(axis=0)]).T

    model = ot.PythonFunction(len(NAMES), POPULATION.size + 1, func_sample=whole)
    sample = ot.CompositeRandomVector(model, ot.RandomVector(joint)).getSample(draws)
    found = [sample.computeMean(), sample.computeStandardDeviation()]
    found += [sample.computeQuantilePerComponent(float(p)) for p in LEVELS]
    return np.column_stack([*map(np.asarray, found), (np.asarray(sample) > 0).mean(axis=0)])


def monaco(draws: int, seed: int) -> Array:
    """A case for each draw. It knows no correlated inputs: it is given driver values drawn beforehand."""
    import monaco as mc

    values = np.array(exact_drivers(scores(draws, seed)))

    def before(case: object) -> tuple[Array]:
        return (np.array([case.invals[name].val for name in NAMES])[:, None],)

    def run(one: Array) -> tuple[Array]:
        units = present_values(one)[:, 0]
        return (np.append(units, units.sum()),)

    def after(case: object, net: Array) -> None:
        case.addOutVal("net", net)

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        sim = mc.Sim(
            "R1", draws, {"preprocess": before, "run": run, "postprocess": after}, seed=seed, verbose=False,
            samplemethod="random",
        )  # fmt: skip
        for name, row in zip(NAMES, values, strict=True):
            sim.addInVar(name, vals=list(row))
        sim.runSim()
        net = sim.outvars["net"]
        net.addVarStat("mean")
        net.addVarStat("variance")
        for p in LEVELS:
            net.addVarStat("percentile", {"p": float(p)})
        net.addVarStat(lambda x, axis=None: (x > 0).mean(axis=0))
    found = [np.asarray(stat.nums, dtype=np.float64) for stat in net.varstats]
    return np.column_stack([found[0], np.sqrt(found[1]), *found[2:]])


def scipy_sobol(points: int, seed: int) -> tuple[Array, Array]:
    """First-order and total indices of all units, shape (342, 12)."""
    found = stats.sobol_indices(func=present_values, n=points, dists=distributions(), rng=np.random.default_rng(seed))
    return found.first_order, found.total_order


def salib_sobol(points: int, seed: int, units: NDArray[np.int64]) -> tuple[Array, Array]:
    """First-order and total indices of some units: SALib analyses one outcome at a time."""
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    problem = {"num_vars": len(NAMES), "names": list(NAMES), "bounds": [[0.0, 1.0]] * len(NAMES)}
    uniforms = sample.sample(problem, points, calc_second_order=False, seed=seed)
    values = np.array([made.ppf(row) for made, row in zip(distributions(), uniforms.T, strict=True)])
    net = present_values(values)[units]
    found = [analyse.analyze(problem, row, calc_second_order=False, seed=seed) for row in net]
    return np.array([part["S1"] for part in found]), np.array([part["ST"] for part in found])
