"""A model that is a function: draws, outcomes and sensitivity against formulas, twins and plain sums."""

import math
from itertools import combinations

import numpy as np
import pytest
from cases import FACTORS, PROFILE
from oracles import functions as twin

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.impact import Correlation, Driver, FunctionModel, marginals

pytestmark = pytest.mark.compiled

ANGLES = [Driver(name, marginals.uniform(-math.pi, math.pi)) for name in ("x1", "x2", "x3")]


def ishigami(x):
    return np.sin(x["x1"]) + 7 * np.sin(x["x2"]) ** 2 + 0.1 * x["x3"] ** 4 * np.sin(x["x1"])


def ishigami_indices():
    """First orders, totals and the second order of x1 and x3: Ishigami and Homma (1990)."""
    one, two, joint = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * math.pi**8 / 225
    whole = one + two + joint
    return {"x1": (one / whole, (one + joint) / whole), "x2": (two / whole, two / whole), "x3": (0.0, joint / whole)}


def g_function(a):
    def g(x):
        return np.prod([(np.abs(4 * x[f"u{k}"] - 2) + each) / (1 + each) for k, each in enumerate(a)], axis=0)

    return FunctionModel(g, [Driver(f"u{k}", marginals.uniform(0, 1)) for k in range(len(a))])


FLOOD = FunctionModel(
    twin.flood,
    [
        Driver("u", marginals.uniform(*twin.FLOWS)),
        Driver("Ks", marginals.truncated(marginals.normal(*twin.KS[:2]), lower=twin.KS[2])),
        Driver("Hd", marginals.uniform(7, 9)),
        *(Driver(name, marginals.triangular(*points)) for name, points in twin.TRIANGLES.items()),
    ],
)
BOREHOLE = FunctionModel(
    twin.borehole,
    [
        Driver("rw", marginals.normal(*twin.RW)),
        Driver("r", marginals.lognormal(*twin.R)),
        *(Driver(name, marginals.uniform(*ends)) for name, ends in twin.UNIFORMS.items()),
    ],
)
# first order and total of 2**22 plain points, off by 0.0007 at most: python -m tests.oracles.functions
OF_FLOOD = {
    "u": (0.3443, 0.3533), "Ks": (0.1338, 0.1423), "Hd": (0.2835, 0.2834), "Zv": (0.1894, 0.1899),
    "Zm": (0.0035, 0.0038), "Cb": (0.0354, 0.0355), "L": (0.0, 0.0), "B": (0.0001, 0.0001),
}  # fmt: skip
OF_BOREHOLE = {
    "rw": (0.6634, 0.6937), "r": (0.0, 0.0), "Tu": (0.0, 0.0), "Hu": (0.0951, 0.1061), "Tl": (0.0, 0.0),
    "Hl": (0.0945, 0.1061), "L": (0.0903, 0.1027), "Kw": (0.0220, 0.0251),
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "known", "told"), [(FLOOD, OF_FLOOD, twin.FLOOD), (BOREHOLE, OF_BOREHOLE, twin.BOREHOLE)],
    ids=["flood", "borehole"],
)  # fmt: skip
def test_functions_of_engineers(model, known, told):
    """Within 0.005 of a twin of 2**22 points at 2**14 points; the twin itself, at fewer points, is near that."""
    frame = model.sensitivity(seed=5, points=2**14).to_frame()
    again = twin.indices(told, 2**17, 1)
    for name, (first, total) in known.items():
        assert frame.loc[name, "first"] == pytest.approx(first, abs=0.005)
        assert frame.loc[name, "sobol_total"] == pytest.approx(total, abs=0.005)
        assert abs(again[name][0] - first) < 4 * again[name][1] + 1e-3
        assert abs(again[name][2] - total) < 4 * again[name][3] + 1e-3
    assert frame["shapley"].sum() == pytest.approx(1)


def test_ishigami_and_its_second_order():
    found = FunctionModel(ishigami, ANGLES).sensitivity(
        seed=2, points=2**14, groups={"odd": ["x1", "x3"], "even": ["x2"]}
    )
    known = ishigami_indices()
    frame, pairs, groups = found.to_frame(), found.pairs(), found.groups()
    for name, (first, total) in known.items():
        assert frame.loc[name, "first"] == pytest.approx(first, abs=0.001)
        assert frame.loc[name, "sobol_total"] == pytest.approx(total, abs=0.001)
    assert pairs.loc[("x1", "x3"), "second"] == pytest.approx(known["x3"][1], abs=0.001)
    assert pairs.loc[[("x1", "x2"), ("x2", "x3")], "second"].to_numpy() == pytest.approx([0, 0], abs=1e-12)
    assert groups.loc["odd", "first"] + groups.loc["even", "sobol_total"] == pytest.approx(1)
    assert groups.loc["odd", "first"] == pytest.approx(known["x1"][1], abs=0.001)
    assert (pairs["second_low"] <= pairs["second"]).all()
    assert pairs.index[0] == ("x1", "x3")


def test_the_g_function_and_its_second_orders():
    """Parts of the variance are products: V_i = 1 / (3 (1 + a_i)^2), V_ij = V_i V_j, V = prod(1 + V_i) - 1."""
    a = [0.0, 1.0, 4.5, 9.0]
    part = np.array([1 / (3 * (1 + each) ** 2) for each in a])
    whole = np.prod(1 + part) - 1
    found = g_function(a).sensitivity(seed=3, points=2**14, groups={"first two": ["u0", "u1"]})
    frame, pairs = found.to_frame(), found.pairs()
    for k in range(len(a)):
        total = part[k] * np.prod(1 + np.delete(part, k)) / whole
        assert frame.loc[f"u{k}", "first"] == pytest.approx(part[k] / whole, abs=0.002)
        assert frame.loc[f"u{k}", "sobol_total"] == pytest.approx(total, abs=0.002)
    for i, j in combinations(range(len(a)), 2):
        assert pairs.loc[(f"u{i}", f"u{j}"), "second"] == pytest.approx(part[i] * part[j] / whole, abs=0.002)
    both = (np.prod(1 + part[:2]) - 1) / whole
    assert found.groups().loc["first two", "first"] == pytest.approx(both, abs=0.002)


def test_sharp_at_four_thousand_points_and_honest():
    """Root mean square errors of Ishigami's indices at 4,096 points, and how often intervals hold what is exact.

    Only x1 and x3 do anything together, so that a Shapley effect is halfway first order and total.
    """
    model, known, held = FunctionModel(ishigami, ANGLES), ishigami_indices(), []
    off = {"first": [], "sobol_total": [], "shapley": []}
    for seed in range(round(20 * FACTORS[PROFILE])):
        frame = model.sensitivity(seed=seed).to_frame().loc[["x1", "x2", "x3"]]
        ends = np.array([known[driver] for driver in frame.index])
        for name, exact in zip(off, (ends[:, 0], ends[:, 1], ends.mean(axis=1)), strict=True):
            off[name].append(frame[name].to_numpy() - exact)
            held.append((frame[f"{name}_low"] <= exact) & (exact <= frame[f"{name}_high"]))
    sharp = {name: np.sqrt(np.mean(np.square(each))) for name, each in off.items()}
    assert sharp["first"] < 0.0015
    assert sharp["sobol_total"] < 0.0015
    assert sharp["shapley"] < 0.001
    assert np.mean(held) > 0.9


def linear_effects(weights, covariance):
    """Shapley effects of a sum of weighted normals, by its definition: Owen and Prieur (2017)."""
    many = len(weights)

    def explained(inside):
        inside = list(inside)
        others = [k for k in range(many) if k not in inside]
        if not inside:
            return 0.0
        slope = np.linalg.solve(covariance[np.ix_(inside, inside)], covariance[np.ix_(inside, others)])
        whole = weights[inside] + slope @ weights[others]
        return whole @ covariance[np.ix_(inside, inside)] @ whole

    found = np.zeros(many)
    for i in range(many):
        rest = [k for k in range(many) if k != i]
        for size in range(many):
            for subset in combinations(rest, size):
                found[i] += (explained((*subset, i)) - explained(subset)) / (many * math.comb(many - 1, size))
    return found / (weights @ covariance @ weights)


def test_correlated_drivers():
    """Shapley effects of a linear Gaussian model are exact formulas; a second order is refused."""
    weights, rho = np.array([1.0, 2.0, -1.0]), np.array([[1, 0.5, 0.2], [0.5, 1, -0.4], [0.2, -0.4, 1.0]])
    names = ("a", "b", "c")
    model = FunctionModel(
        lambda x: sum(weight * x[name] for weight, name in zip(weights, names, strict=True)),
        [Driver(name, marginals.normal(0, 1)) for name in names],
        [Correlation(names, rho, kind="normal")],
    )
    found = model.sensitivity(seed=4, points=2**14, groups={"ab": ["a", "b"]})
    frame = found.to_frame().loc[list(names)]
    assert frame["shapley"].to_numpy() == pytest.approx(linear_effects(weights, rho), abs=0.005)
    with pytest.raises(InputError, match="no second order"):
        found.pairs()
    left = 1 - rho[2, :2] @ np.linalg.solve(rho[:2, :2], rho[:2, 2])  # what a and b leave of c
    assert found.groups().loc["ab", "first"] == pytest.approx(1 - left / (weights @ rho @ weights), abs=0.005)


def two(x):
    return {"net": x["a"] + x["b"], "cost": x["a"] * 2.0}


PAIR = [Driver("a", marginals.uniform(0, 1)), Driver("b", marginals.normal(1, 2))]


@pytest.mark.parametrize("method", ["random", "latin_hypercube", "sobol"])
def test_outcomes_by_name(method):
    """Means, spread and quantiles follow from the very points that the sample gives; errors hold what is exact."""
    model = FunctionModel(two, PAIR)
    found = model.run(draws=1024, seed=6, method=method, replicates=4, thresholds=(1.5,))
    points = model.sample(1024, 6, method, replicates=4)
    net = (points["a"] + points["b"]).to_numpy()
    figure, frame = found.figure("net"), found.to_frame()
    assert found.draws == len(points) == 1024 * (1 if method == "random" else 4)
    assert figure.mean == pytest.approx(net.mean())
    assert figure.quantile(0.05) == pytest.approx(np.quantile(net, 0.05), abs=1e-12)
    assert figure.probability(1.5) == np.mean(net > 1.5)
    assert frame.loc["net", "sd"] == pytest.approx(net.std(ddof=1))
    assert abs(frame.loc["cost", "mean"] - 1.0) < 5 * frame.loc["cost", "mean_error"]
    assert list(frame.columns[:7]) == ["mean", "sd", "p5", "p25", "p50", "p75", "p95"]
    if method != "random":
        means = net.reshape(4, 1024).mean(axis=1)
        assert figure.standard_error == pytest.approx(means.std(ddof=1) / 2)
        strata = np.floor(points["a"].to_numpy().reshape(4, 1024) * 1024)
        assert (np.sort(strata, axis=1) == np.arange(1024)).all()
    again = model.run(draws=1024, seed=6, method=method, replicates=4)
    assert again.figure("net").mean == figure.mean


def test_even_points_are_nearer():
    """At as many points, hypercubes and nets miss the mean of Ishigami, 3.5, by less than plain points do."""
    model, off = FunctionModel(ishigami, ANGLES), {}
    for method, draws in (("random", 4096), ("latin_hypercube", 512), ("sobol", 512)):
        means = [model.run(draws=draws, seed=seed, method=method).figure().mean for seed in range(12)]
        off[method] = math.sqrt(np.mean(np.square(np.array(means) - 3.5)))
    assert off["sobol"] < off["latin_hypercube"] / 3 < off["random"] / 3


def test_thirteen_drivers_and_nine_outcomes():
    """Beyond all subsets, and beyond outcomes that are each evaluated: a sum shares its variance by the weights."""
    weights = np.arange(1.0, 14.0)
    names = [f"x{k:02d}" for k in range(13)]

    def sums(x):
        whole = sum(weight * x[name] for weight, name in zip(weights, names, strict=True))
        return {f"y{k}": whole + k * x["x00"] for k in range(9)}

    model = FunctionModel(sums, [Driver(name, marginals.uniform(-1, 1)) for name in names])
    found = model.sensitivity(seed=1, points=1024, groups={"half": names[:7]})
    exact = np.square(weights) / np.square(weights).sum()
    frame = found.to_frame("y0").loc[names]
    assert frame["shapley"].to_numpy() == pytest.approx(exact, abs=0.02)
    assert found.groups("y0").loc["half", "first"] == pytest.approx(exact[:7].sum(), abs=0.03)
    assert found.pairs("y8")["second"].abs().max() < 0.05


@pytest.mark.parametrize(
    ("function", "match"),
    [
        (lambda x: x["a"][:-1], r"outcome 'outcome': shape \(4095,\); allowed: \(4096,\): one figure for each draw"),
        (lambda x: 3.0, r"outcome 'outcome'.*one figure for each draw"),
        (lambda x: {}, r"no outcomes"),
        (lambda x: np.log(x["b"]), r"(?s)not finite, first with a = .*, b = -"),
        (lambda x: {"net": x["a"], "text": ["a"] * len(x["a"])}, r"outcome 'text'"),
        (lambda x: {"net": x["a"][:, None], "cost": x["a"] / 0.0}, r"(?s)outcome 'net'.*outcome 'cost'"),
        (lambda x: {f"y{len(x['a'])}": x["a"]}, r"(?s)'y4096': not given any more.*'y904': not given before"),
    ],
)  # fmt: skip
def test_a_function_that_gives_no_figures(function, match):
    with np.errstate(all="ignore"), pytest.raises(InputError, match=match):
        FunctionModel(function, PAIR).run(draws=5000, seed=1)


def test_faults_of_a_model_and_its_settings():
    with pytest.raises(InputError, match=r"(?s)function: 3.*driver 'a': drawn for each unit.*Correct every part"):
        FunctionModel(3, [Driver("a", marginals.uniform(0, 1), "unit")])
    with pytest.raises(InputError, match="drivers: none"):
        FunctionModel(two, [])
    with pytest.raises(InputError, match=r"(?s)drivers\[1\]: 1; allowed: a Driver.*correlations: 5; allowed: a list"):
        FunctionModel(two, [PAIR[0], 1], 5)
    with pytest.raises(UnknownNameError, match="unknown driver 'c'; there are: a, b"):
        FunctionModel(lambda x: x["c"], PAIR).run(64, seed=1)
    with pytest.raises(InputError, match="'a'"):
        FunctionModel(two, [*PAIR, PAIR[0]])
    model = FunctionModel(two, PAIR)
    with pytest.raises(InputError, match=r"(?s)method: 'halton'.*seed"):
        model.run(draws=1000, seed=-1, method="halton")
    with pytest.raises(InputError, match="a power of two for Sobol points"):
        model.run(draws=1000, seed=1, method="sobol")
    with pytest.raises(InputError, match=r"(?s)points: 3.*groups.x: no driver c.*groups.y"):
        model.sensitivity(seed=1, points=3, groups={"x": ["a", "c"], "y": "a"})
    with pytest.raises(InputError, match=r"(?s)points: 3.*groups: a list.*by the name of a group"):
        model.sensitivity(seed=1, points=3, groups=[1])
    with pytest.raises(InputError, match=r"groups.x: 3"):
        model.sensitivity(seed=1, groups={"x": 3})
    with pytest.raises(InputError, match=r"(?s)probabilities: 1.5.*thresholds.*"):
        model.run(draws=64, seed=1, probabilities=(1.5,), thresholds=["much"])
    found = model.run(draws=64, seed=1)
    with pytest.raises(InputError, match="2 outcomes, and none named"):
        found.figure()
    with pytest.raises(UnknownNameError, match="unknown outcome 'nett'"):
        found.figure("nett")
