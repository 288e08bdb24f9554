"""The first simulation of a machine: its kernels are compiled by two processes.

The kernel that carries out models takes as long as all others together. Another process compiles it, while this one
reads the model, draws and compiles the rest. Both keep what they compile where numba does.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from ggu_costs.ahead import cores, is_made_ahead, make_ahead

EVALUATE = "kernel evaluate"
_FILE = "machine/_engine_kernels.py"
_CODE = """
import numpy
from ggu_costs.simulation.runs.given import summarise_values
summarise_values(numpy.array([[1.0, 2.0]]))
"""


def is_first_run() -> bool:
    """Whether that kernel is kept nowhere, can be kept, and there is a core to compile it on beside others."""
    off = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
    places = _places()
    return cores() > 1 and not off and not any(map(_kept, places)) and any(map(_is_writable, places))


def compile_ahead() -> None:
    """Have another process compile that kernel."""
    make_ahead(EVALUATE, _CODE)


def compile_rest() -> None:
    """Compile here what reads the rows of results, where another process compiles the rest."""
    if not is_made_ahead(EVALUATE):
        return
    import numpy as np

    from ggu_costs.simulation.constants import BINS, SUMS
    from ggu_costs.simulation.runs.cells import Cells
    from ggu_costs.simulation.runs.rows import Rows
    from ggu_costs.simulation.runs.uncertainty import sd_error, shortfall

    counts, nothing = np.zeros((1, BINS + 2), np.uint32), np.zeros((1, 0))
    counts[0, BINS // 2] = 2
    rows = Rows(
        2, np.zeros((1, SUMS)), np.array([[0.0, 1.0]]), counts, nothing.astype(np.int64),
        np.array([[np.inf, -np.inf]]), (), np.zeros((0, 1)), (), (), Cells.none(1),
    )  # fmt: skip
    sd_error(rows)
    shortfall(rows)


def _places() -> list[Path]:
    """Folders in which numba looks for kernels of that file, first to last."""
    stated = os.environ.get("NUMBA_CACHE_DIR")
    if stated:
        return [*Path(stated).glob(f"{Path(_FILE).parent}_*"), Path(stated)]
    beside = _source().parent / "__pycache__"
    if sys.platform != "linux":  # where the user's own folder is elsewhere
        return [beside]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "numba"
    return [beside, *home.glob(f"{Path(_FILE).parent}_*"), home]


def _source() -> Path:
    found = find_spec("ggu_costs")
    folder = Path(found.origin or "") if found is not None else Path()
    return folder.parent / "simulation" / _FILE


def _kept(folder: Path) -> bool:
    """Whether the kernel is kept in a folder, from this file as it is and for this Python."""
    source, python = _source(), "{}{}".format(*sys.version_info)
    own = folder.glob(f"{source.stem}.evaluate-*.py{python}.nbi")
    return any(index.stat().st_mtime >= source.stat().st_mtime for index in own)


def _is_writable(folder: Path) -> bool:
    """Whether a folder, or what it would be made in, can be written."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)
