"""How the site is built: ``python -m sphinx -W -n -b html docs out/site``. Nothing is fetched."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import _made.api
import _made.commands
import _made.keys
import _made.links
import _made.speed
import _made.tables
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger

from ggu_costs import __version__

project, author, release, version = "ggu_costs", "the authors of ggu_costs", __version__, __version__
copyright = "EUPL-1.2"  # noqa: A001
language = "en"
extensions = [
    "myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
]  # fmt: skip
exclude_patterns = ["_made"]
html_theme = "furo"
html_title = f"ggu_costs {release}"
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nitpicky = True
autosummary_generate = False  # the pages are made in _made/api.py
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

LOG = getLogger(__name__)
MADE = Path(__file__).parent / "reference/made"


def headings(app: Sphinx, what: str, *rest: Any) -> None:
    """Turn the headings within the docstring of a module into captions: the page has its own."""
    lines: list[str] = rest[-1]
    if what == "module":
        for place, line in enumerate(lines):
            if line and set(line) == {"-"} and place:
                lines[place - 1], lines[place] = f".. rubric:: {lines[place - 1]}", ""


def nothing_left_out(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn, which is an error, of a public name that has no entry."""
    told = env.get_domain("py").objects  # type: ignore[attr-defined]
    for name in _made.api.public().keys() - told.keys():
        LOG.warning("%s is public and on no page", name)
    LOG.info("%d public names, each with an entry; %d entries in all", len(_made.api.public()), len(told))


def setup(app: Sphinx) -> None:
    """Make the pages that follow from code and schemas, and resolve references by object."""
    _made.api.make(MADE / "api")
    _made.keys.make(MADE / "keys")
    _made.commands.make(MADE / "commands.md")
    _made.tables.make_tables(MADE / "tables.md")
    _made.tables.make_json(MADE / "json.md")
    _made.speed.make(MADE / "speed.md", MADE / "speed.svg")
    app.connect("env-check-consistency", nothing_left_out)
    app.connect("missing-reference", _made.links.resolve)
    app.connect("autodoc-process-docstring", headings, priority=100)
