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

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.simulation import marginals as marginals
    from ggu_costs.simulation.fitting import Fit as Fit
    from ggu_costs.simulation.fitting import fit as fit
    from ggu_costs.simulation.fitting import from_quantiles as from_quantiles
    from ggu_costs.simulation.front import Figure as Figure
    from ggu_costs.simulation.front import Result as Result
    from ggu_costs.simulation.front import run as run
    from ggu_costs.simulation.machine.leaves import ModelOverflowError as ModelOverflowError
    from ggu_costs.simulation.marginals import Marginal as Marginal
    from ggu_costs.simulation.marginals import bernoulli as bernoulli
    from ggu_costs.simulation.marginals import beta as beta
    from ggu_costs.simulation.marginals import discrete as discrete
    from ggu_costs.simulation.marginals import empirical as empirical
    from ggu_costs.simulation.marginals import jqpd as jqpd
    from ggu_costs.simulation.marginals import lognormal as lognormal
    from ggu_costs.simulation.marginals import metalog as metalog
    from ggu_costs.simulation.marginals import normal as normal
    from ggu_costs.simulation.marginals import pert as pert
    from ggu_costs.simulation.marginals import triangular as triangular
    from ggu_costs.simulation.marginals import truncated as truncated
    from ggu_costs.simulation.marginals import uniform as uniform
    from ggu_costs.simulation.parts import Affine as Affine
    from ggu_costs.simulation.parts import Correlation as Correlation
    from ggu_costs.simulation.parts import Curve as Curve
    from ggu_costs.simulation.parts import Driver as Driver
    from ggu_costs.simulation.parts import Grouping as Grouping
    from ggu_costs.simulation.parts import Index as Index
    from ggu_costs.simulation.parts import Joint as Joint
    from ggu_costs.simulation.parts import Output as Output
    from ggu_costs.simulation.parts import Term as Term
    from ggu_costs.simulation.runs.engine import Target as Target
    from ggu_costs.simulation.runs.engine import draw_blocks as draw_blocks
    from ggu_costs.simulation.runs.workers import ExecutorError as ExecutorError
    from ggu_costs.simulation.spec import ModelSpec as ModelSpec
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "simulation.fitting": "Fit fit from_quantiles",
            "simulation.front": "Figure Result run",
            "simulation.machine.leaves": "ModelOverflowError",
            "simulation.marginals": "Marginal bernoulli beta discrete empirical jqpd lognormal metalog normal pert "
            "triangular truncated uniform",
            "simulation.parts": "Affine Correlation Curve Driver Grouping Index Joint Output Term",
            "simulation.runs.engine": "Target draw_blocks",
            "simulation.runs.workers": "ExecutorError",
            "simulation.spec": "ModelSpec",
        },
        modules="simulation.marginals",
    )
