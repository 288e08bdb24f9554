"""The scripts that draw the charts of a page: Vega and Vega-Lite, bundled once and kept in the user's cache.

The bundle comes whole from the vl-convert-python package, without a network. Making it takes seconds, so it is kept,
under a name that holds the version and with its SHA-256 on the first line: a file that does not agree is made again.
The compiled template of the page is kept in the same way.
"""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ggu_costs import ahead
from ggu_costs.errors import not_installed
from ggu_costs.files import write_file

_NAMES = "window.vegaEmbed=vegaEmbed;"  # all that page.js uses
_PACKAGE = "vl-convert-python"
_WHAT = "scripts of a page"


def cache_folder() -> Path:
    """Return where this user's cache is: GGU_COSTS_CACHE, else the place the system has for it.

    Examples
    --------
    >>> cache_folder().name
    'ggu_costs'
    """
    stated = os.environ.get("GGU_COSTS_CACHE")
    if stated:
        return Path(stated)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "ggu_costs"


def script_bundle() -> str:
    """Return the scripts as one text, from the cache where it holds them.

    Where no cache can be written, the bundle is made each time.

    Raises
    ------
    GguCostsError
        vl-convert-python is not installed.
    """
    if find_spec("vl_convert") is None:
        raise not_installed("a page with charts", _PACKAGE, "html")
    ahead.wait_for(_WHAT)
    found = kept(_name())
    if found is not None:
        return found.decode()
    import vl_convert

    script = str(vl_convert.javascript_bundle(_NAMES)).replace("</script", "<\\/script")
    keep(_name(), script.encode())
    return script


def _name() -> str:
    wanted = hashlib.sha256(_NAMES.encode()).hexdigest()[:8]
    return f"vega-{version(_PACKAGE)}-{wanted}.js"


def bundle_ahead() -> None:
    """Have a process of its own make the bundle where none is kept, while this one computes; it takes a second.

    Whoever asks for the bundle waits for that process, and makes the bundle itself where that made none.
    """
    if find_spec("vl_convert") is None or (cache_folder() / _name()).exists():
        return
    with suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        if os.access(cache_folder(), os.W_OK | os.X_OK):
            ahead.make_ahead(_WHAT, "from ggu_costs.report.bundle import script_bundle; script_bundle()")


def is_made_ahead() -> bool:
    """Whether another process makes the bundle: only this one can wait for it, and no copy of it."""
    return ahead.is_made_ahead(_WHAT)


def kept(name: str) -> bytes | None:
    """Return what was kept in the user's cache under a name; None when there is nothing, or not all of it."""
    try:
        first, content = (cache_folder() / name).read_bytes().split(b"\n", 1)
    except (OSError, ValueError):
        return None
    return content if hashlib.sha256(content).hexdigest().encode() in first else None


def keep(name: str, content: bytes) -> None:
    """Keep something in the user's cache under a name, its SHA-256 on the first line, where it can be written."""
    first = f"// sha256 {hashlib.sha256(content).hexdigest()}\n".encode()
    with suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        write_file(cache_folder() / name, first + content)
