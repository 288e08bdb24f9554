r"""The machine: a model becomes two short programs over vectors of draws, and a kernel carries them out.

**Why a machine.** A model is known at run time only. Compiling it with numba would take seconds for each model, and
evaluating it with numpy would write arrays of draws x units. Here a model becomes a list of some ten to a hundred
instructions, each of which works on a whole vector of draws that lies in the nearest cache: so telling them apart costs
nothing, one kernel serves every model, and no array of draws x units exists.

**Registers.** A register is a vector of 4,096 draws (a *leaf*); all registers are one flat array. Register 0 holds
zeros and register 1 ones. Then come the values of the drivers, then what the programs compute. From `scratch_from` on a
register is scratch: it is used within a *tile* of 1,024 draws only, and holds no more than that. An operand below 0
names a driver that is drawn per group or per unit: -1 is the first of these, and a table says in which register each
unit finds its own.

**Three programs.** The first runs once a leaf, over what depends on the draw alone. The second runs for every unit,
tile by tile. An output of a unit is a sum over *slots*: a number u of the unit, a coefficient K of the draw, and
perhaps a part H that depends on both (:mod:`~ggu_costs.simulation.machine.programs` derives it). Terms with equal u and
H share a slot, so most of the work is done once a leaf, whatever the number of units. The third runs for every group,
and gives the sums of outputs of which no unit is kept: these need sums over slots, and no figure of any unit
(:mod:`~ggu_costs.simulation.machine.sums`).

**Instructions.** Each has an operation, a target y, five operands (registers a to e), and five numbers n, m, k, q, p:
of the second program five for every unit.

================  ==================================================================================================
SET               y = n a + m b + k c
SET_PRODUCT       y = n a + m b + k c + q d e
SET_POWER         y = n a + m b + k c + q d exp(p e): a power of a base B is exp(e ln B)
ADD               y += n a
ADD_PRODUCT       y += n a b
ADD_PRODUCTS      y += n a b + m c d
MULTIPLY, DIVIDE  y = a b, y = a / b
POWER_OF_E        y = exp(n a)
ADOPTION          y = 1 / (1 + exp(a (b - n))): an S-curve of steepness a and midpoint b at time n
SHARED_ADOPTION   the same with midpoint b + m, as 1 / (1 + c d) where c = exp(a m) and d = exp(a (b - n))
GROWTH            y = 1 + a, not a number where a <= -1
ADD_WHERE_ABOVE   y += n where a > m: the weighted share of units above a threshold
LARGEST           y = max(y, n a): the largest weighted output of any unit
================  ==================================================================================================

**Leaves and tiles.** An :class:`~ggu_costs.simulation.machine.leaves.Evaluator` does a leaf at a time: it draws the
drivers (uniforms, normal scores, correlation, values by table), runs the first program, and then the second for all
units, sixteen at a time where units have draws of their own. The kernel adds each tile of an output to sums, a
histogram and counts of the row of that unit (:mod:`~ggu_costs.simulation.machine.accumulate`). Units of the same groups
that drivers are drawn by stand one after the other, a *batch*: their sum is gathered in a register, and added to its
groups when the batch is closed. The sums of leaves are folded in a fixed binary tree, so that no cut into tasks shows
in the bits.

**One model, line by line.** Two units, two uncertain numbers. The first term is price times size to the power of an
uncertain scale; the second is fixed.

>>> import numpy as np
>>> from ggu_costs.simulation import Affine, Driver, ModelSpec, Output, Term, uniform
>>> from ggu_costs.simulation.machine.compile import compile_spec
>>> from ggu_costs.simulation.machine.instructions import listing
>>> spec = ModelSpec(
...     units=("north", "south"),
...     years=(1,),
...     drivers=(Driver("price", uniform(1.0, 3.0)), Driver("scale", uniform(0.8, 1.0))),
...     terms=(
...         Term(
...             "cost", weights=np.ones(2), factors=(("price", 1),),
...             base=np.array([2.0, 4.0]), exponent=Affine(drivers=(("scale", 1.0),)),
...         ),
...         Term("income", weights=np.array([10.0, 30.0]), constant=0.5),
...     ),
...     outputs=(Output("net", weights=np.array([[1.0], [-1.0]])),),
... )
>>> programs = compile_spec(spec).programs

Registers 2 and 3 hold price and scale. Once a leaf: the exponent (0 + 1 scale) goes into r4. The factor of the first
term, 1 times price, goes into r10, by way of its constant in r9; that of the second, 0.5, into r11. Then each slot gets
its coefficient, the sum over its terms of weight times factor: r5 = 1 r10 for the cost, r6 = -1 r11 for the income.

>>> print(listing(programs.draw_code, programs.draw_numbers))
r4 SET r1 r3 | 0 1
r9 SET r1 | 1
r10 MULTIPLY r9 r2
r11 SET r1 | 0.5
r5 SET
r5 ADD r10 | 1
r6 SET
r6 ADD r11 | -1

For each unit there are two instructions. The output, in r12, is 10 times the coefficient of the income (30 in the
south) plus 1 times that of the cost times exp(ln(size) r4). It is then added to r7, which gathers the batch, for r8,
the sum of the nation. Registers from 9 on are scratch of a tile.

>>> print(listing(programs.unit_code, programs.unit_numbers[0]))
r12 SET_POWER r6 r0 r0 r5 r4 | 10 0 0 1 0.6931
r7 ADD r12 | 1
>>> programs.unit_numbers[1, 0].round(4).tolist()
[30.0, 0.0, 0.0, 1.0, 1.3863]
>>> programs.scratch_from, programs.outputs.tolist(), programs.gathered.tolist(), programs.sums_from
(9, [12], [7], 8)

Where only the nation is asked no figure of a unit is needed: each unit adds its power to r8, and the program of the
groups, here one, makes the output of the sum (operand -1 is the sum of the group's own) and of 40, the numbers of the
income added up.

>>> from dataclasses import replace
>>> asked = replace(spec, outputs=(replace(spec.outputs[0], units="none", groups="nation"),))
>>> programs = compile_spec(asked).programs
>>> print(listing(programs.unit_code, programs.unit_numbers[0]))
r12 POWER_OF_E r4 | 0.6931
r7 ADD r12 | 1
>>> (part,) = programs.sums
>>> print(listing(part.code, part.numbers[0]))
r13 SET r6 | 40
r13 ADD_PRODUCT r5 r-1 | 1
"""
