"""The engine alone: models of one unit and of some, against closed forms; bad input; what it may import."""

from __future__ import annotations

import ast
import importlib
import math
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from ggu_costs import simulation
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.simulation import Correlation, Driver, Grouping, Joint, ModelSpec, Output, Term
from ggu_costs.simulation.runs.engine import run as run_rows

ROOM = Path(simulation.__file__).parent
ONE = np.ones(1)


def scalar(drivers, factors, **more):
    """A model of one number: the product of some drivers."""
    terms = (Term("y", weights=ONE, factors=tuple((name, power) for name, power in factors.items())),)
    made = tuple(Driver(name, marginal) for name, marginal in drivers.items())
    return ModelSpec(("plant",), (1,), made, terms, (Output("y", weights=np.ones((1, 1))),), **more)


PRODUCT = scalar({"a": simulation.lognormal(1.0, 0.3), "b": simulation.lognormal(-0.5, 0.4)}, {"a": 1, "b": 1})


def test_a_product_of_two_lognormals():
    figure = simulation.run(PRODUCT, draws=200_000, seed=7, exact=(0.1, 0.5, 0.9)).total("y")
    mu, sigma = 0.5, 0.5
    mean = math.exp(mu + sigma**2 / 2)
    sd = mean * math.sqrt(math.expm1(sigma**2))
    assert figure.mean == pytest.approx(mean, abs=4 * figure.standard_error)
    assert figure.standard_error == pytest.approx(sd / math.sqrt(200_000), rel=0.02)
    assert figure.sd == pytest.approx(sd, abs=4 * figure.sd_error)
    for p in (0.1, 0.5, 0.9):
        low, high = figure.quantile_interval(p, 0.9999)
        assert low < math.exp(mu + sigma * ndtri(p)) < high
        assert low < figure.quantile(p) < high
        assert figure.quantile_bound(p) == 0.0
    above = 1 - ndtr((math.log(2.0) - mu) / sigma)
    low, high = figure.probability_interval(2.0, 0.9999)
    assert low < above < high
    assert figure.probability(2.0) == pytest.approx(above, abs=0.005)
    beyond = mean * ndtr(sigma - ndtri(0.95)) / 0.05
    value, error = figure.shortfall(0.05)
    assert value == pytest.approx(beyond, abs=4 * error + 0.01)
    low, high = figure.mean_interval(0.9999)
    assert low < mean < high


@pytest.mark.parametrize("method", ["random", "latin_hypercube", "sobol"])
def test_a_sum_of_correlated_normals(method):
    spec = ModelSpec(
        units=("plant",),
        years=(1, 2),
        drivers=(Driver("a", simulation.normal(3.0, 1.0)), Driver("b", simulation.normal(-1.0, 2.0))),
        terms=(Term("a", weights=ONE, factors=(("a", 1),)), Term("b", weights=ONE, factors=(("b", 1),))),
        outputs=(Output("sum", weights=np.array([[1.0, 0.0], [0.0, 2.0]]), thresholds=(0.0, 1.0)),),
        correlations=(Correlation(("a", "b"), np.array([[1.0, 0.5], [0.5, 1.0]]), kind="normal"),),
    )
    figure = simulation.run(spec, draws=2**15, seed=3, method=method, replicates=4).total("sum")
    sd = math.sqrt(1 + 16 + 2 * 0.5 * 1 * 4)
    assert figure.mean == pytest.approx(1.0, abs=6 * figure.standard_error)
    assert figure.sd == pytest.approx(sd, rel=0.02)
    assert figure.probability(1.0) == pytest.approx(0.5, abs=0.01)
    assert figure.quantile(0.95) == pytest.approx(1.0 + sd * ndtri(0.95), rel=0.02)


UNITS = ModelSpec(
    units=("north", "east", "south"),
    years=(1,),
    drivers=(Driver("x", simulation.uniform(0.0, 2.0)),),
    terms=(Term("y", weights=np.array([1.0, 2.0, 3.0]), factors=(("x", 1),)),),
    outputs=(Output("y", weights=np.ones((1, 1))),),
    groupings=(
        Grouping("size", ("small", "large"), np.array([0, 0, 1])),
        Grouping("coast", ("yes", "no"), np.array([1, 0, -1])),
    ),
    joints=(Joint("largest", "y", "maximum", np.ones(3)),),
)


def test_units_groups_and_joint_figures_by_name():
    result = simulation.run(UNITS, draws=20_000, seed=1)
    x = result.unit("y", "north").mean
    assert x == pytest.approx(1.0, abs=0.02)
    assert result.unit("y", "south").mean == pytest.approx(3 * x)
    assert result.group("y", "size", "small").mean == pytest.approx(3 * x)
    assert result.group("y", "coast", "yes").mean == pytest.approx(2 * x)
    assert result.group("y", "coast", "no").sd == pytest.approx(result.unit("y", "north").sd)
    assert result.total("y").quantile(0.5) == pytest.approx(6.0, abs=0.15)
    assert result.joint("largest").mean == pytest.approx(3 * x)
    assert result.units("y").mean == pytest.approx([x, 2 * x, 3 * x])
    assert result.groups("y", "coast").mean == pytest.approx([2 * x, x])
    assert (result.draws, result.complete) == (20_000, True)


def test_one_row_is_that_row_of_all():
    summaries = run_rows(UNITS, draws=8192, seed=1, method="sobol", replicates=3, quantiles="exact")
    rows = summaries.by_unit("y")
    for place, unit in enumerate(UNITS.units):
        one = summaries.by_unit("y", unit)
        assert one.mean == rows.mean[place : place + 1]
        assert one.quantile(0.05) == rows.quantile(0.05)[place : place + 1]
        assert one.quantile_interval(0.95).upper == rows.quantile_interval(0.95).upper[place : place + 1]
        assert one.probability_interval(0.0).lower == rows.probability_interval(0.0).lower[place : place + 1]
    assert summaries.by_group("y", "coast", "no").mean == summaries.by_group("y").mean[4:]


def test_the_bits_are_those_of_the_engine_whoever_does_the_work():
    digest = run_rows(PRODUCT, draws=10_000, seed=5, threads=1).digest()
    assert simulation.run(PRODUCT, draws=10_000, seed=5, threads=2).digest == digest
    with ThreadPoolExecutor(2) as pool:
        assert simulation.run(PRODUCT, draws=10_000, seed=5, executor=pool).digest == digest
    assert simulation.run(PRODUCT, draws=10_000, seed=6).digest != digest


def test_a_target_stops_and_progress_is_told_and_a_result_resumes():
    seen = []
    target = simulation.Target("y", 0.01)
    part = simulation.run(PRODUCT, draws=2**20, seed=5, target=target, progress=lambda *done: seen.append(done))
    assert part.total("y").standard_error <= 0.01
    assert part.draws < 2**20
    assert seen[-1] == (part.draws, 2**20)
    whole = simulation.run(PRODUCT, draws=2**20, seed=5, resume=part)
    assert whole.digest == simulation.run(PRODUCT, draws=2**20, seed=5).digest


def test_bad_input_is_refused_with_what_is_allowed():
    with pytest.raises(InputError, match="a str is no model"):
        simulation.run("model", draws=10, seed=1)
    with pytest.raises(InputError) as caught:
        simulation.run(PRODUCT, draws=1, seed=-1, method="dice", exact=(1.5,))
    assert [fault.where for fault in caught.value.faults] == ["method", "seed", "draws", "probabilities"]
    with pytest.raises(InputError) as caught:
        simulation.run(PRODUCT, draws=10, seed=1, exact=("0.5", True), target=simulation.Target("y", "1"))
    assert [fault.found for fault in caught.value.faults] == ["'0.5'", "True", "'1'"]
    done = simulation.run(PRODUCT, draws=10, seed=1)
    for confidence in ("0.9", True, float("nan"), 2):
        with pytest.raises(InputError, match="above 0 and below 1"):
            done.total("y").mean_interval(confidence)
    with pytest.raises(InputError, match="resume"):
        simulation.run(PRODUCT, draws=10, seed=2, resume=done)
    result = simulation.run(UNITS, draws=10, seed=1)
    with pytest.raises(UnknownNameError, match="unknown output 'z'; there are: y"):
        result.total("z")
    with pytest.raises(UnknownNameError, match="unknown unit 'nord'; there are: north, east, south"):
        result.unit("y", "nord")
    with pytest.raises(UnknownNameError, match="unknown grouping 'height'"):
        result.groups("y", "height")
    with pytest.raises(UnknownNameError, match="unknown group 'medium'; there are: small, large"):
        result.group("y", "size", "medium")
    with pytest.raises(UnknownNameError, match="unknown joint figure"):
        result.joint("smallest")
    for p in (0.0, 1.0, -0.1):
        with pytest.raises(InputError, match="this figure cannot be given"):
            result.total("y").quantile(p)
    with pytest.raises(InputError, match="unknown driver 'c'"):
        scalar({"a": simulation.uniform(0.0, 1.0)}, {"c": 1})


@pytest.mark.parametrize("name", simulation.__all__)
def test_every_name_is_there_and_told(name):
    value = getattr(simulation, name)
    assert value.__doc__
    assert name in dir(simulation)


def test_the_two_lists_of_names_agree():
    """One is for readers and type checkers, the other loads a name on first use."""
    tree = ast.parse((ROOM / "__init__.py").read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("ggu_costs.simulation")
        for alias in node.names
    }
    assert sorted(seen) == simulation.__all__
    for name, home in seen.items():
        assert getattr(importlib.import_module(home), name) is getattr(simulation, name)


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="has no attribute 'simulate'"):
        simulation.simulate  # noqa: B018


def imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


OURS = r"ggu_costs\.(simulation|figures|brief|text|ahead|frozen|errors|typing|_jit|_lazy)"
ALLOWED = re.compile(rf"({OURS}|numpy|scipy)(\.|$)")
WORDS = re.compile(r"(?i)municipal|gemeente|\beuros?\b|programme|dutch|\bEUR\b|\bGM\d")


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.relative_to(ROOM).as_posix())
def test_the_engine_knows_nothing_of_the_rooms_above_it(path):
    own = {name for name in imported(path) if name.partition(".")[0] not in sys.stdlib_module_names}
    strange = {name for name in own if not ALLOWED.match(name)}
    assert strange == set()
    assert WORDS.findall(path.read_text(encoding="utf-8")) == []


def test_no_formula_doubles_its_backslash():
    texts = {path.name: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in ROOM.rglob("*.py")}
    assert [name for name, text in texts.items() if re.search(r"\\\\[a-z]", text or "")] == []


def test_importing_it_is_light():
    code = "import sys, ggu_costs.simulation; print(sorted({'numpy', 'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
