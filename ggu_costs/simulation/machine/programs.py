r"""Writes the instructions for the kernels' machine: what depends on the draw alone, and what depends on the unit too.

An output of a unit is

.. math::  y_{id} = \sum_s u_{si} \, K_{sd} \, H_{p(s), id}

over **slots** s: a number u of the unit, a coefficient K of the draw, and possibly a **part** H that depends on both.
Terms with equal numbers of the unit and equal parts share a slot, so that a long model collapses to a few numbers a
draw. Parts are powers of a base with an uncertain exponent, years of a curve or index that differs between units,
products of drivers drawn per group or unit, and products of these.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ggu_costs.simulation.constants import (
    ADD,
    ADD_PRODUCT,
    ADD_PRODUCTS,
    ADD_WHERE_ABOVE,
    DIVIDE,
    LARGEST,
    MULTIPLY,
    ONE,
    POWER_OF_E,
    SET_POWER,
    SET_PRODUCT,
    ZERO,
)  # fmt: skip
from ggu_costs.simulation.machine.instructions import AT_ONCE, DriverRows, Instructions, Programs
from ggu_costs.simulation.machine.rows import RowWriter
from ggu_costs.simulation.machine.sums import SumWriter
from ggu_costs.simulation.parts import Affine, Term
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray

Piece: TypeAlias = tuple[Any, ...]
"""What a part is a product of: its kind, and what tells it from others of the kind."""


def write_programs(spec: ModelSpec, drivers: DriverRows, first_row: int) -> Programs:
    """Write both programs; rows of the registers below `first_row` are taken."""
    writer = _Writer(spec, drivers, first_row)
    for term in spec.terms:
        writer.add_term(term)
    return writer.finish()


class _Slot(NamedTuple):
    numbers: FloatArray
    part: tuple[Piece, ...]


class _CompiledTerm(NamedTuple):
    factor: int
    time: tuple[int, ...]
    slots: tuple[int, ...]
    yearly: bool


class _Writer(RowWriter):
    def __init__(self, spec: ModelSpec, drivers: DriverRows, first_row: int) -> None:
        super().__init__(spec, drivers, first_row)
        self.years = len(spec.years)
        self.slots: list[_Slot] = []
        self.slot_places: dict[object, int] = {}
        self.recipes: dict[object, Callable[[], int]] = {}
        self.terms: list[_CompiledTerm] = []
        self.uses: Counter[Piece] = Counter()

    def times(self, term: Term, local: bool) -> tuple[int, ...]:
        """Rows with what changes over the years, national or of the unit; nothing where nothing does."""
        rows: tuple[int, ...] = ()
        program = self.unit if local else self.draw
        moved = term.curve is not None and any(map(self.is_local, (term.curve.midpoint, term.curve.steepness)))
        if term.curve is not None and local == moved:
            rows = self.curve(program, term.curve)
        if term.index is not None and local == self.is_local(term.index.rate):
            factors = self.index(program, term.index)
            rows = tuple(map(self.product, [program] * self.years, rows, factors)) if rows else factors
        return rows

    # -- terms ------------------------------------------------------------------------------------------------------

    def scale(self, term: Term) -> tuple[FloatArray, tuple[Piece, ...], int]:
        """Number of the unit, power of the base as a piece (or nothing), and row of the norm (or -1)."""
        if term.base is None or term.exponent is None:
            return term.weights, (), -1
        exponent, logs = term.exponent, np.log(term.base)
        fixed = np.zeros(logs.size) if exponent.by_unit is None else exponent.by_unit
        if not exponent.drivers:
            numbers = term.weights * np.exp((exponent.constant + fixed) * logs)
            return (numbers / numbers.sum() if term.normalise else numbers), (), -1
        numbers = term.weights * np.exp(fixed * logs)
        source = self.whole(Affine(exponent.constant, exponent.drivers))
        piece = ("power of e", source, logs.tobytes())
        self.recipes[piece] = lambda: self.unit.emit(POWER_OF_E, self.row(), [source], [logs])
        norm = self.norm(source, numbers, logs) if term.normalise else -1
        return numbers, (piece,), norm

    def norm(self, exponent: int, numbers: FloatArray, logs: FloatArray) -> int:
        """Row with the sum over units of numbers times powers of the base."""
        one, total = self.row(), self.draw.combine(self.row(), [(ZERO, 0.0)])
        for number, log in zip(numbers, logs, strict=True):
            self.draw.emit(POWER_OF_E, one, [exponent], [log])
            self.draw.emit(ADD, total, [one], [number])
        return total

    def multiplier(self, factors: tuple[tuple[str, int], ...]) -> tuple[Piece, ...]:
        """Piece for the drivers of a term that are drawn per group or unit."""
        own = tuple(sorted((self.drivers.local[name], power) for name, power in factors if name in self.drivers.local))
        if not own:
            return ()
        piece = ("own drivers", own)
        self.recipes[piece] = lambda: self.factors(self.unit, ONE, own)
        return (piece,)

    def factors(self, program: Instructions, start: int, factors: Sequence[tuple[int, int]]) -> int:
        """Row with a product of powers of rows."""
        row = start
        for source, power in factors:
            for _ in range(abs(power)):
                operation = MULTIPLY if power > 0 else DIVIDE
                row = program.emit(operation, self.row() if row == start else row, [row, source])
        return row

    def add_term(self, term: Term) -> None:
        """Write what a term needs of the draw, and find its slots."""
        numbers, power, norm = self.scale(term)
        start = self.draw.combine(self.row(), [(ONE, term.constant)])
        national = [(self.drivers.national[name], p) for name, p in term.factors if name in self.drivers.national]
        factor = self.factors(self.draw, start, [*national, *([(norm, -1)] if norm >= 0 else [])])
        pieces = (*self.multiplier(term.factors), *power)
        time, own_time = self.times(term, local=False), self.times(term, local=True)
        parts = [(*pieces, ("row", row)) for row in own_time] or [pieces]
        slots = tuple(self.slot(numbers, part) for part in parts)
        self.terms.append(_CompiledTerm(factor, time, slots, bool(own_time)))

    def slot(self, numbers: FloatArray, part: tuple[Piece, ...]) -> int:
        """Place of a slot, made where it is first asked."""
        key = (part, numbers.tobytes())
        if key not in self.slot_places:
            self.slot_places[key] = len(self.slots)
            self.slots.append(_Slot(numbers, part))
        return self.slot_places[key]

    # -- outputs ----------------------------------------------------------------------------------------------------

    def weights(self, output: int) -> FloatArray:
        profiles = [np.ones(self.years) if term.profile is None else term.profile for term in self.spec.terms]
        return self.spec.outputs[output].weights * np.stack(profiles)

    def coefficients(self, output: int) -> dict[int, int]:
        """Write the coefficients of an output; return the row per slot."""
        rows: dict[int, int] = {}
        for term, weights in zip(self.terms, self.weights(output), strict=True):
            for slot, years in self.slots_of(term, weights, self.spec.outputs[output].by_slot):
                used = [t for t in years if weights[t] != 0.0]
                if used:
                    row = rows[slot] if slot in rows else self.draw.combine(self.row(), [(ZERO, 0.0)])
                    rows[slot] = row
                    own = [(0, 1.0)] if len(used) > 1 and term.yearly else [(t, float(weights[t])) for t in used]
                    self.add_to_coefficient(row, term, own)
        return rows

    def slots_of(
        self, term: _CompiledTerm, weights: FloatArray, by_slot: bool
    ) -> Iterable[tuple[int, tuple[int, ...]]]:
        """Slots of a term in an output, each with its years: of a curve of the unit one a year, or one for their sum.

        The sum is taken once for all terms, where nothing else changes over the years; not where slots are added up, or
        are there already for a term of which something does.
        """
        if not term.yearly:
            return [(term.slots[0], tuple(range(self.years)))]
        used = tuple((t, float(weight)) for t, weight in enumerate(weights) if weight != 0.0)
        there = any(other.time and other.slots == term.slots for other in self.terms if other.yearly)
        if by_slot or there or len(used) < 2:
            return [(slot, (t,)) for t, slot in enumerate(term.slots)]
        numbers, part = self.slots[term.slots[0]]
        summed = [(self.slots[term.slots[t]].part[-1][1], weight) for t, weight in used]
        piece = ("years", tuple(summed))
        self.recipes[piece] = lambda: self.unit.combine(self.row(), summed)
        return [(self.slot(numbers, (*part[:-1], piece)), tuple(t for t, _ in used))]

    def add_to_coefficient(self, row: int, term: _CompiledTerm, weights: list[tuple[int, float]]) -> None:
        if not term.time:
            total = float(np.sum([weight for _, weight in weights]))
            self.draw.emit(ADD, row, [term.factor], [total])
            return
        pairs = [(term.time[t], weight) for t, weight in weights]
        summed = self.once(("sum", tuple(pairs)), lambda: self.draw.combine(self.row(), pairs))
        self.draw.emit(ADD_PRODUCT, row, [term.factor, summed], [1.0])

    def part(self, pieces: tuple[Piece, ...]) -> int:
        """Row of a part, written where it is first needed."""
        row = ONE
        for piece in pieces:
            own = piece[1] if piece[0] == "row" else self.once(piece, self.recipes[piece])
            row = self.product(self.unit, row, own)
        return row

    def sum_up(self, plain: list[tuple[int, FloatArray]], parted: list[tuple[int, _Slot]]) -> int:
        """Row with the sum of numbers times coefficients, and of numbers times coefficients times parts."""
        whole = self.taken_together(parted)
        if len(plain) > AT_ONCE or not whole:
            y = self.unit.combine(self.row(), plain or [(ZERO, 0.0)])
        else:  # in one go, which saves readings
            (row, slot), *whole = whole
            absent = AT_ONCE - len(plain)
            weights: list[float | FloatArray] = [*(weight for _, weight in plain), *[0.0] * absent, slot.numbers]
            rows = [*(row for row, _ in plain), *[ZERO] * absent, row]
            if len(slot.part) == 1 and slot.part[0][0] == "power of e" and self.uses[slot.part[0]] == 1:
                _, source, logs = slot.part[0]
                y = self.unit.emit(SET_POWER, self.row(), [*rows, source], [*weights, np.frombuffer(logs)])
            else:
                y = self.unit.emit(SET_PRODUCT, self.row(), [*rows, self.part(slot.part)], weights)
        self.add_products(y, [(row, self.part(slot.part), slot.numbers) for row, slot in whole])
        return y

    def taken_together(self, parted: list[tuple[int, _Slot]]) -> list[tuple[int, _Slot]]:
        """Years of one curve under the same number and power: their sum first, so that these multiply it once."""
        groups: dict[object, list[tuple[int, _Slot]]] = {}
        for row, slot in parted:
            yearly = bool(slot.part) and slot.part[-1][0] == "row"
            key = (slot.numbers.tobytes(), slot.part[:-1]) if yearly else (row, slot.part)
            groups.setdefault(key, []).append((row, slot))
        found = []
        for group in groups.values():
            if len(group) == 1:
                found += group
                continue
            (first, slot), *rest = group
            total = self.unit.emit(MULTIPLY, self.row(), [first, slot.part[-1][1]])
            self.add_products(total, [(row, own.part[-1][1], 1.0) for row, own in rest])
            found.append((total, _Slot(slot.numbers, slot.part[:-1])))
        return found

    def add_products(self, y: int, products: Sequence[tuple[int, int, float | FloatArray]]) -> None:
        """Add numbers times rows times rows, two at a time."""
        for (a, b, n), other in itertools.zip_longest(products[::2], products[1::2]):
            if other is None:
                self.unit.emit(ADD_PRODUCT, y, [a, b], [n])
            else:
                c, d, m = other
                self.unit.emit(ADD_PRODUCTS, y, [a, b, c, d], [n, m])

    def finish(self) -> Programs:
        """Write the outputs of units, and their sums; number the scratch rows after all others."""
        spec = self.spec
        joints = [self.row() for _ in spec.joints]
        looked_at = {joint.output for joint in spec.joints}
        coefficients = [self.coefficients(o) for o in range(len(spec.outputs))]
        cells = [o for o, output in enumerate(spec.outputs) if not output.by_slot or output.name in looked_at]
        summed = [o for o, output in enumerate(spec.outputs) if output.by_slot]
        parted = list(dict.fromkeys(slot for o in summed for slot in coefficients[o] if self.slots[slot].part))
        self.uses.update(piece for o in cells for slot in coefficients[o] for piece in self.slots[slot].part)
        self.uses.update(piece for slot in parted for piece in self.slots[slot].part)
        sums, outputs = SumWriter(spec, len(self.drivers.local)), {}
        for o in cells:
            slots = [(row, self.slots[slot]) for slot, row in coefficients[o].items()]
            outputs[o] = self.sum_up(
                [(row, s.numbers) for row, s in slots if not s.part], [pair for pair in slots if pair[1].part]
            )
            if spec.outputs[o].groups != "none" and not spec.outputs[o].by_slot:
                sums.gather_output(self.unit, self.row(), o, outputs[o])
        for slot in parted:
            sums.gather_slot(self.unit, self.row(), slot, self.part(self.slots[slot].part), self.slots[slot].numbers)
        for joint, target in zip(spec.joints, joints, strict=True):
            operation = ADD_WHERE_ABOVE if joint.kind == "share_above" else LARGEST
            y = next(outputs[o] for o in cells if spec.outputs[o].name == joint.output)
            self.unit.emit(operation, target, [y], [joint.weights, joint.threshold])
        numbers = {slot: own.numbers for slot, own in enumerate(self.slots) if not own.part}
        sums.add_up({o: coefficients[o] for o in summed}, numbers, self.row)
        return self.renumbered(outputs, sums, joints)

    def renumbered(self, outputs: dict[int, int], sums: SumWriter, joints: list[int]) -> Programs:
        programs = (self.draw, self.unit, *(part.program for part in sums.parts))
        read = {operand for program in programs[1:] for code in program.code for operand in code[2:]}
        passing = {code[1] for code in self.draw.code} - read
        targets = {code[1] for program in programs[1:] for code in program.code if code[1] >= 0}
        scratch = sorted(passing | targets - {*sums.gathered, *joints})
        places = {row: self.next_row - len(scratch) + place for place, row in enumerate(scratch)}
        others = sorted(set(range(self.next_row)) - set(scratch))
        places.update({row: place for place, row in enumerate(others)})
        for program in programs:
            program.code = [(code[0], *(places.get(row, row) for row in code[1:])) for code in program.code]
        draw_code, draw_numbers = self.draw.arrays(1)
        unit_code, unit_numbers = self.unit.arrays(len(self.spec.units))
        first = places[sums.first] if sums.gathered else 0
        return Programs(
            draw_code=draw_code,
            draw_numbers=draw_numbers[0],
            unit_code=unit_code,
            unit_numbers=unit_numbers,
            registers=self.next_row,
            scratch_from=self.next_row - len(scratch),
            cells=np.array(list(outputs), np.int64),
            outputs=np.array([places[row] for row in outputs.values()], np.int64),
            gathered=np.array([places[row] for row in sums.gathered], np.int64),
            gathered_outputs=np.array(sums.outputs, np.int64),
            sums_from=first,
            sum_rows=sums.rows_of_units(first),
            sums=tuple(part.made(first, places) for part in sums.parts),
            joints=np.array([places[row] for row in joints], np.int64),
            joint_start=np.array([0.0 if joint.kind == "share_above" else -np.inf for joint in self.spec.joints]),
        )
