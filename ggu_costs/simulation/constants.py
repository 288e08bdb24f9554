"""Numbers that several files of the engine must agree on: sizes, instructions of the machine, forms of drivers.

The files of kernels hold copies of their own, and a test holds these equal: machine code that is kept on disk does not
see a change in another file, so a kernel may not import from here.
"""

__all__ = [
    "ADD", "ADD_PRODUCT", "ADD_PRODUCTS", "ADD_WHERE_ABOVE", "ADOPTION", "BINS", "BLOCK", "CHUNK", "DIVIDE",
    "EXP_OF_SCORE", "GROWTH", "LANES", "LARGEST", "LEAF", "LEAVES", "MULTIPLY", "NUMBERS", "ONE", "OPERANDS",
    "OPERATIONS", "PILOT", "POWER_OF_E", "SCORE", "SET", "SET_POWER", "SET_PRODUCT", "SHARED_ADOPTION", "STEPS",
    "SUMS", "TABLE", "TILE", "ZERO",
]  # fmt: skip

LEAF = 4096
"""Draws in a leaf: the block that sums are made of. Fixed, since the bits of the results depend on it."""
TILE = 1024
"""Draws an instruction works on at a time: the registers of a tile fit in the nearest cache."""
LANES = 32
"""Partial sums of a tile, added up by halving at the end of a leaf: the order of a sum never depends on the machine."""
BLOCK = 4 * LANES
"""Values whose bins are found before they are counted, and that share the lanes four by four."""
BINS = 2048
"""Bins of a histogram; a row of counts has one more below them and one above."""
SUMS = 7
"""Per row of results: sum and sum of squares about the centre; sums of the values below and above the histogram, of the
squares of those above, of third and fourth powers of all outside, about the centre too."""
LEAVES = 15
"""Leaves whose draws can be counted in 16 bits: 15 x 4,096 is below 2**16."""
PILOT = 1024
"""First draws, of which the bins are made."""
CHUNK = 16
"""Units whose own draws are held at a time."""

ZERO, ONE = 0, 1
"""Registers that hold zeros and ones."""
OPERANDS, NUMBERS = 5, 5
"""Operands and numbers of an instruction; see :mod:`ggu_costs.simulation.machine` for what each means."""

SET, ADD, ADD_PRODUCT, MULTIPLY, DIVIDE, POWER_OF_E, ADOPTION, GROWTH, ADD_WHERE_ABOVE, LARGEST = range(10)
SET_PRODUCT, SET_POWER, ADD_PRODUCTS, SHARED_ADOPTION = 10, 11, 12, 13
OPERATIONS = (
    "SET", "ADD", "ADD_PRODUCT", "MULTIPLY", "DIVIDE", "POWER_OF_E", "ADOPTION", "GROWTH", "ADD_WHERE_ABOVE", "LARGEST",
    "SET_PRODUCT", "SET_POWER", "ADD_PRODUCTS", "SHARED_ADOPTION",
)  # fmt: skip
"""Name of each instruction, by its number."""

SCORE, EXP_OF_SCORE, TABLE, STEPS = 0, 1, 2, 3
"""Forms in which the loops read a driver: see :class:`ggu_costs.simulation.tables.DriverTable`."""
