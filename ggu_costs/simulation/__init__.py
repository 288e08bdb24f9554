"""A Monte Carlo engine for models of one unit or many: any number of draws, exact figures, no data kept.

A model (:class:`ModelSpec`) holds units, uncertain drivers, terms that multiply them, and outputs that add terms up.
:func:`run` draws the drivers and gives a :class:`Result`: mean, spread, quantiles and probabilities of every output,
per unit, per group and in all, each with its simulation error, the same to the last bit on any number of threads and
workers.

The engine can be used alone. A model of a single number is a model of one unit: the price of a volume, both uncertain.

>>> import numpy as np
>>> from ggu_costs import simulation
>>> spec = simulation.ModelSpec(
...     units=("plant",),
...     years=(1,),
...     drivers=(
...         simulation.Driver("price", simulation.lognormal(np.log(2.0), 0.1)),
...         simulation.Driver("volume", simulation.triangular(800.0, 1_000.0, 1_500.0)),
...     ),
...     terms=(simulation.Term("cost", weights=np.ones(1), factors=(("price", 1), ("volume", 1))),),
...     outputs=(simulation.Output("cost", weights=np.ones((1, 1))),),
... )
>>> cost = simulation.run(spec, draws=100_000, seed=1).total("cost")
>>> round(cost.mean, -1), round(cost.quantile(0.9), -2)
(2210.0, 2700.0)
>>> expected = 2.0 * np.exp(0.1**2 / 2) * (800.0 + 1_000.0 + 1_500.0) / 3
>>> bool(abs(cost.mean - expected) < 4 * cost.standard_error)
True

Names are loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ggu_costs.simulation import marginals
    from ggu_costs.simulation.fitting import from_quantiles
    from ggu_costs.simulation.front import Figure, Result, run
    from ggu_costs.simulation.machine.leaves import ModelOverflowError
    from ggu_costs.simulation.marginals import (
        Marginal,
        bernoulli,
        beta,
        discrete,
        empirical,
        lognormal,
        normal,
        pert,
        triangular,
        truncated,
        uniform,
    )  # fmt: skip
    from ggu_costs.simulation.parts import Affine, Correlation, Curve, Driver, Grouping, Index, Joint, Output, Term
    from ggu_costs.simulation.runs.engine import Target, draw_blocks
    from ggu_costs.simulation.runs.workers import ExecutorError
    from ggu_costs.simulation.spec import ModelSpec

_HOME = {
    name: home
    for home, names in {
        "fitting": "from_quantiles",
        "front": "Figure Result run",
        "machine.leaves": "ModelOverflowError",
        "marginals": "Marginal bernoulli beta discrete empirical lognormal normal pert triangular truncated uniform",
        "parts": "Affine Correlation Curve Driver Grouping Index Joint Output Term",
        "runs.engine": "Target draw_blocks",
        "runs.workers": "ExecutorError",
        "spec": "ModelSpec",
    }.items()
    for name in names.split()
}

__all__ = [
    "Affine", "Correlation", "Curve", "Driver", "ExecutorError", "Figure", "Grouping", "Index", "Joint", "Marginal",
    "ModelOverflowError", "ModelSpec", "Output", "Result", "Target", "Term", "bernoulli", "beta", "discrete",
    "draw_blocks", "empirical", "from_quantiles", "lognormal", "marginals", "normal", "pert", "run", "triangular",
    "truncated", "uniform",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "marginals":
        return import_module("ggu_costs.simulation.marginals")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"ggu_costs.simulation.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
