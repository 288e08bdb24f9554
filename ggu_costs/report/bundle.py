"""The scripts that draw the charts of a page: Vega and Vega-Lite, bundled once and kept in the user's cache.

The bundle comes whole from the vl-convert-python package, without a network. Making it takes seconds, so it is kept,
under a name that holds the version and with its SHA-256 on the first line: a file that does not agree is made again.
"""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ggu_costs.errors import not_installed
from ggu_costs.report.files import write_atomically

_NAMES = "window.vegaEmbed=vegaEmbed;"  # all that page.js uses
_PACKAGE = "vl-convert-python"


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
    wanted = hashlib.sha256(_NAMES.encode()).hexdigest()[:8]
    kept = cache_folder() / f"vega-{version(_PACKAGE)}-{wanted}.js"
    script = _kept(kept)
    if script is None:
        import vl_convert

        script = str(vl_convert.javascript_bundle(_NAMES)).replace("</script", "<\\/script")
        content = script.encode()
        with suppress(OSError):
            first = f"// sha256 {hashlib.sha256(content).hexdigest()}\n".encode()
            write_atomically(kept.parent, {kept.name: first + content})
    return script


def _kept(path: Path) -> str | None:
    """Return the script a file holds; None when there is none, or not all of it."""
    try:
        first, script = path.read_bytes().split(b"\n", 1)
    except (OSError, ValueError):
        return None
    return script.decode() if hashlib.sha256(script).hexdigest().encode() in first else None
