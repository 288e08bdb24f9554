r"""What the Monte Carlo engine is told: units, drivers, terms and outputs, as arrays.

A programme, from a file or written in Python, becomes a :class:`ModelSpec`; the engine knows nothing else. For unit i
(a municipality), draw d and year t a **term** (cost line, Dutch: kostenpost) is

.. math::

    amount_{idt} = c \prod_k x_{kid}^{p_k} \; w_i \; B_i^{e_{id}} \; f_t \; A_t(i, d) \; (1 + g_{id})^{\tau_t}

with the drivers x, a constant c, a number of the unit w, a base B with a scale exponent e, a fixed profile f over the
years, an adoption curve A (level, or its yearly increment) and an index with rate g. Exponent, rate, midpoint and
steepness of the curve are :class:`Affine`: a number, plus drivers times numbers, plus a number of the unit (such as
0.3 ln(inhabitants / 36,000)). An **output** is a weighted sum of terms and years,

.. math::

    y_{id} = \sum_l \sum_t W_{lt} \, amount_{l,idt}

where the weights carry sign, discounting, VAT and which lines belong to which alternative. The difference between two
alternatives is therefore an output like any other, and rests on common random numbers by construction.

Which parts depend on the draw alone, on the unit alone or on both is found by
:mod:`ggu_costs.simulation.machine.compile`; whoever writes a specification need not think of it.

Everything here is frozen, picklable and checked when it is made: :class:`ModelSpec` reports all faults at once.
Figures are float64 in the unit of the programme, as a rule euro; costs are positive (net = costs - benefits -
compensation is expressed in the weights of an output).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import (
    NATION,
    Correlation,
    Driver,
    Grouping,
    Joint,
    Output,
    Term,
)

__all__ = ["ModelSpec"]


@dataclass(frozen=True, eq=False)
class ModelSpec:
    """The whole model. Making one checks it and reports every fault; its arrays may not be changed afterwards.

    Attributes
    ----------
    units
        Code of each unit, unique.
    years
        Label of each year; terms and outputs count by its length.
    drivers, terms, outputs
        See their classes; at least one term and one output.
    groupings
        Sums per group are kept for each, and for the nation always. Order of the groups in results: the nation, then
        the groupings in this order with their labels.
    correlations
        Each driver in at most one of them.
    joints
        Figures over all units that are no sums.

    Raises
    ------
    InputError
        With every fault found.

    Examples
    --------
    One national uniform cost per inhabitant and a fixed compensation:

    >>> import numpy as np
    >>> from ggu_costs.simulation import marginals
    >>> inhabitants = np.array([50_000.0, 150_000.0])
    >>> spec = ModelSpec(
    ...     units=("GM0001", "GM0002"),
    ...     years=(2024,),
    ...     drivers=(Driver("cost", marginals.uniform(1.0, 3.0)),),
    ...     terms=(
    ...         Term("cost", weights=inhabitants, factors=(("cost", 1),)),
    ...         Term("compensation", weights=inhabitants / inhabitants.sum(), constant=400_000.0),
    ...     ),
    ...     outputs=(Output("net", weights=np.array([[1.0], [-1.0]])),),
    ... )
    >>> spec.group_names
    (('nation', 'nation'),)
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    drivers: tuple[Driver, ...]
    terms: tuple[Term, ...]
    outputs: tuple[Output, ...]
    groupings: tuple[Grouping, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    joints: tuple[Joint, ...] = ()
    _digest: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        from ggu_costs.simulation.checks import check_spec

        check_spec(self).check("the model cannot be simulated", remedy="Correct the definition of the programme.")
        object.__setattr__(self, "_digest", fingerprint(self))

    @property
    def digest(self) -> str:
        """SHA-256 of everything in the specification."""
        return self._digest

    @property
    def group_names(self) -> tuple[tuple[str, str], ...]:
        """Pairs (grouping, label) in the order of results, the nation first."""
        named = [(NATION, NATION)]
        named += [(grouping.name, label) for grouping in self.groupings for label in grouping.labels]
        return tuple(named)

    def driver(self, name: str) -> Driver:
        """Return a driver by name."""
        return next(driver for driver in self.drivers if driver.name == name)

    def output_place(self, name: str) -> int:
        """Return the position of an output."""
        return [output.name for output in self.outputs].index(name)
