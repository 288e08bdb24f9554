"""The command line: list, show, check, new, run, compare, assembly, verify, warmup, doctor, schema, reference, grant.

Exit codes: 0 fine, 1 faults in files or figures, 2 the line cannot be read, 3 no result could be written, 4 an input or
file is missing, 130 interrupted.
"""

import atexit
import gc
import os
import sys
import warnings
from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.cli.commands import app as app
else:  # what they import is imported once the process has been told how to
    __getattr__, __dir__, __all__ = lazy_names(__name__, {"cli.commands": "app"})


def main() -> None:
    """Entry point of the command."""
    gc.set_threshold(300_000, 20, 50)  # a short process makes much and leaves little: collecting less often is quicker
    atexit.register(gc.freeze)  # nor is all of it looked through once more at the end
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it reads every installed package to look for them
    from ggu_costs.cli.commands import app

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a Dutch name must print on any terminal
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    warnings.showwarning = _show_warning
    app()


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Write what is said, without the place in the source where it is."""
    from ggu_costs.cli.messages import say

    say(*str(message).split("\n"), err=True)
