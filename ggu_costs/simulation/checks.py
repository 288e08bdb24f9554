"""Checks a model specification as a whole; all faults in one go."""

from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np

from ggu_costs.errors import Faults, did_you_mean, repeated
from ggu_costs.figures import finite, read_number, shown
from ggu_costs.simulation.parts import (
    NATION,
    UNIT_LEVEL,
    Affine,
    Correlation,
    Detail,
    GroupDetail,
    Output,
    Specification,
    Term,
)

_SYMMETRY = 1e-12


def check_spec(spec: Specification) -> Faults:
    """Return every fault of the specification."""
    return _Checker(spec).run()


class _Checker:
    def __init__(self, spec: Specification) -> None:
        self.spec, self.faults = spec, Faults()
        self.units, self.years = len(spec.units), len(spec.years)
        self.levels = {driver.name: driver.level for driver in spec.drivers}

    def run(self) -> Faults:
        spec = self.spec
        for what in ("units", "terms", "outputs", "years"):
            if len(getattr(spec, what)) == 0:
                self.faults.add(what, "none", "one or more")
        self._unique("units", spec.units)
        for what in ("drivers", "terms", "outputs", "groupings", "joints"):
            self._unique(what, (part.name for part in getattr(spec, what)))
        self._groupings()
        self._levels()
        for correlation in spec.correlations:
            self._correlation(correlation)
        self._unique("correlations: drivers", (name for part in spec.correlations for name in part.names))
        for term in spec.terms:
            self._term(term)
        for output in spec.outputs:
            self._output(output)
        self._joints()
        return self.faults

    def _unique(self, where: str, names: Iterable[str]) -> None:
        for name, count in repeated(names):
            self.faults.add(where, f"{name!r} stands here {count} times", "every name once")

    def _array(self, where: str, array: object, shape: tuple[int, ...]) -> bool:
        masked = isinstance(array, np.ma.MaskedArray)  # engines see no mask
        if not isinstance(array, np.ndarray) or masked or array.dtype != np.float64 or array.shape != shape:
            found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            found = f"masked, {found}" if masked else found
            self.faults.add(where, found, f"a float64 array of shape {shape}")
            return False
        if not np.isfinite(array).all():
            places = np.argwhere(~np.isfinite(array)).tolist()
            first = self.spec.units[places[0][0]] if shape == (self.units,) else str(tuple(places[0]))
            found = f"{len(places)} values that are no finite number, the first at {first}"
            self.faults.add(where, found, "finite numbers")
            return False
        return True

    def _integers(self, where: str, array: object, size: int) -> bool:
        wrong = not isinstance(array, np.ndarray) or array.dtype != np.int64 or array.shape != (size,)
        wrong = wrong or isinstance(array, np.ma.MaskedArray)
        if wrong:
            self.faults.add(where, "no such array", f"an int64 array of shape ({size},)")
        return not wrong

    def _one_of(self, where: str, value: str, allowed: Sequence[str]) -> None:
        if value not in allowed:
            self.faults.add(where, repr(value), ", ".join(allowed))

    def _number(self, where: str, value: float) -> None:
        read_number(value, where, self.faults)

    def _groupings(self) -> None:
        for grouping in self.spec.groupings:
            where = f"groupings.{grouping.name}"
            if grouping.name in {NATION, UNIT_LEVEL}:
                self.faults.add(where, "a name with a meaning of its own", "another name")
            self._unique(f"{where}.labels", grouping.labels)
            members = grouping.members
            known = self._integers(f"{where}.members", members, self.units)
            if known and ((members < -1) | (members >= len(grouping.labels))).any():
                self.faults.add(f"{where}.members", "positions without a label", f"-1 to {len(grouping.labels) - 1}")

    def _levels(self) -> None:
        groupings = {grouping.name: grouping for grouping in self.spec.groupings}
        for driver in self.spec.drivers:
            where = f"drivers.{driver.name}.level"
            self._one_of(where, driver.level, [NATION, UNIT_LEVEL, *groupings])
            outside = np.asarray(groupings[driver.level].members) < 0 if driver.level in groupings else np.zeros(0)
            if outside.any():
                found = f"{self.spec.units[int(np.argmax(outside))]} is in no group of {driver.level!r}"
                self.faults.add(where, found, "a group for every unit")

    def _known(self, where: str, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.levels:
                self.faults.add(where, f"unknown driver {name!r}", remedy=did_you_mean(name, self.levels))

    def _correlation(self, part: Correlation) -> None:
        where = f"correlations ({', '.join(part.names)})"
        self._known(where, part.names)
        levels = {self.levels[name] for name in part.names if name in self.levels}
        if len(levels) > 1:
            self.faults.add(where, f"drivers of the levels {', '.join(sorted(levels))}", "drivers of one level")
        self._one_of(f"{where}.kind", part.kind, ("rank", "normal"))
        if not self._array(where, part.matrix, (len(part.names), len(part.names))):
            return
        for row, column in np.argwhere(np.abs(part.matrix) > 1.0):
            pair = f"{part.names[row]} with {part.names[column]}"
            self.faults.add(where, f"{pair}: {part.matrix[row, column]:g}", "-1 to 1")
        if (np.abs(part.matrix - part.matrix.T) > _SYMMETRY).any():
            self.faults.add(where, "not symmetric", "the same figure on both sides of the diagonal")
        if (np.diag(part.matrix) != 1.0).any():
            self.faults.add(where, "a diagonal that is not 1", "1 on the diagonal")

    def _affine(self, where: str, part: Affine) -> None:
        self._number(f"{where}.constant", part.constant)
        self._known(where, (name for name, _ in part.drivers))
        for name, coefficient in part.drivers:
            self._number(f"{where}.{name}", coefficient)
        if part.by_unit is not None:
            self._array(f"{where}.by_unit", part.by_unit, (self.units,))

    def _term(self, term: Term) -> None:
        where = f"terms.{term.name}"
        self._array(f"{where}.weights", term.weights, (self.units,))
        self._number(f"{where}.constant", term.constant)
        self._known(f"{where}.factors", (name for name, _ in term.factors))
        for name, power in term.factors:
            known = finite(power)
            if not known or known != int(known):
                self.faults.add(f"{where}.factors.{name}", f"power {shown(power)}", "a whole number other than 0")
        self._scale(where, term)
        if term.profile is not None:
            self._array(f"{where}.profile", term.profile, (self.years,))
        if term.index is not None:
            self._affine(f"{where}.index.rate", term.index.rate)
            self._integers(f"{where}.index.powers", term.index.powers, self.years)
        if term.curve is not None:
            self._array(f"{where}.curve.times", term.curve.times, (self.years,))
            self._affine(f"{where}.curve.midpoint", term.curve.midpoint)
            self._affine(f"{where}.curve.steepness", term.curve.steepness)

    def _scale(self, where: str, term: Term) -> None:
        if (term.base is None) != (term.exponent is None):
            self.faults.add(where, "a base without an exponent, or the reverse", "both or neither")
        if term.exponent is not None:
            self._affine(f"{where}.exponent", term.exponent)
        if term.base is not None and self._array(f"{where}.base", term.base, (self.units,)) and (term.base <= 0).any():
            low = np.flatnonzero(term.base <= 0)
            found = f"{low.size} figures of 0 or below, the first {self.spec.units[low[0]]}"
            self.faults.add(f"{where}.base", found, "above 0, since it is raised to a power")
        if term.normalise and term.exponent is None:
            self.faults.add(f"{where}.normalise", "no exponent", "a term with a base and an exponent")
        elif term.normalise and term.exponent is not None:
            local = [name for name, _ in term.exponent.drivers if self.levels.get(name, NATION) != NATION]
            if local:
                found = f"{', '.join(local)} below national level"
                self.faults.add(f"{where}.exponent", found, "national drivers only")

    def _output(self, output: Output) -> None:
        where = f"outputs.{output.name}"
        self._array(f"{where}.weights", output.weights, (len(self.spec.terms), self.years))
        self._one_of(f"{where}.units", output.units, get_args(Detail))
        self._one_of(f"{where}.groups", output.groups, get_args(GroupDetail))
        for threshold in output.thresholds:
            self._number(f"{where}.thresholds", threshold)

    def _joints(self) -> None:
        outputs = [output.name for output in self.spec.outputs]
        for joint in self.spec.joints:
            where = f"joints.{joint.name}"
            self._one_of(f"{where}.output", joint.output, outputs)
            self._one_of(f"{where}.kind", joint.kind, ("share_above", "maximum"))
            self._array(f"{where}.weights", joint.weights, (self.units,))
            self._number(f"{where}.threshold", joint.threshold)
