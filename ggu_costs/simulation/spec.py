r"""What the Monte Carlo engine is told: units, drivers, terms and outputs, as arrays.

A model is stated as a :class:`ModelSpec`; the engine knows nothing else. For unit i, draw d and year t a **term** is

.. math::

    amount_{idt} = c \prod_k x_{kid}^{p_k} \; w_i \; B_i^{e_{id}} \; f_t \; A_t(i, d) \; (1 + g_{id})^{\tau_t}

with the drivers x, a constant c, a number of the unit w, a base B with a scale exponent e, a fixed profile f over the
years, an adoption curve A (level, or its yearly increment) and an index with rate g. Exponent, rate, midpoint and
steepness of the curve are `Affine`: a number, plus drivers times numbers, plus a number of the unit (such as
0.3 ln(size / reference)). An **output** is a weighted sum of terms and years,

.. math::

    y_{id} = \sum_l \sum_t W_{lt} \, amount_{l,idt}

where the weights carry signs, discounting, fixed shares and which terms belong to which alternative. The difference
between two alternatives is therefore an output like any other, and rests on common random numbers by construction.

Which parts depend on the draw alone, on the unit alone or on both is found by
:mod:`ggu_costs.simulation.machine.compile`; whoever writes a specification need not think of it.

Everything here is frozen, picklable and checked when it is made: :class:`ModelSpec` reports all faults at once.
Amounts are float64 in a unit of the user's choice; differences, such as costs less income, are expressed in the weights
of an output.
"""

from dataclasses import dataclass, field, replace

from ggu_costs.simulation.checks import check_spec
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Driver, Specification


@dataclass(frozen=True, eq=False)
class ModelSpec(Specification):
    """The whole model. Making one checks it and reports every fault; its arrays may not be changed afterwards.

    Its parts are those of :class:`~ggu_costs.simulation.parts.Specification`.

    Raises
    ------
    InputError
        With every fault found.

    Examples
    --------
    One uniform cost per head, drawn once for all units, and a fixed contribution that is shared out:

    >>> import numpy as np
    >>> from ggu_costs.simulation import Driver, Output, Term, marginals
    >>> heads = np.array([50_000.0, 150_000.0])
    >>> spec = ModelSpec(
    ...     units=("north", "south"),
    ...     years=(2024,),
    ...     drivers=(Driver("cost", marginals.uniform(1.0, 3.0)),),
    ...     terms=(
    ...         Term("cost", weights=heads, factors=(("cost", 1),)),
    ...         Term("contribution", weights=heads / heads.sum(), constant=400_000.0),
    ...     ),
    ...     outputs=(Output("net", weights=np.array([[1.0], [-1.0]])),),
    ... )
    >>> spec.group_names
    (('nation', 'nation'),)
    """

    _digest: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        check_spec(self).check("the model cannot be simulated", remedy="Correct the specification.")
        object.__setattr__(self, "_digest", fingerprint(self))

    @property
    def digest(self) -> str:
        """SHA-256 of everything in the specification."""
        return self._digest

    def driver(self, name: str) -> Driver:
        """Return a driver by name."""
        return next(driver for driver in self.drivers if driver.name == name)

    def with_units(self) -> "ModelSpec":
        """Return the model with figures of every unit for every output: itself, where it has these."""
        if not any(output.by_slot for output in self.outputs):
            return self
        outputs = tuple(replace(output, units="moments") if output.by_slot else output for output in self.outputs)
        return replace(self, outputs=outputs)
