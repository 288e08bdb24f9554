"""References to names in the package: to the page of the object they mean, by whatever path it is named.

What is no part of the public API has no page: its name then stands as text. It has to exist all the same: a reference
that somebody wrote and that leads nowhere is a warning, and a warning is an error.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def _load(path: str) -> object | None:
    """Return the object of a dotted path; None where there is none."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:cut]))
        except (ImportError, ValueError):
            continue
        for name in parts[cut:]:
            fields = getattr(found, "__dataclass_fields__", {}) | getattr(found, "model_fields", {})
            if not hasattr(found, name) and name in fields:
                return fields[name]
            found = getattr(found, name, None)
        return found
    return None


_loaded = cache(_load)


def _candidates(node: addnodes.pending_xref) -> list[str]:
    target = str(node["reftarget"]).lstrip(".~")
    inside = [".".join(filter(None, (node.get("py:module"), node.get("py:class"))))]
    inside += [str(node.get("py:module") or "")]
    return [target, *(f"{place}.{target}" for place in inside if place), f"ggu_costs.{target}"]


def resolve(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Link to the page of the object that is meant; text where it has none, or where it is a type in a signature."""
    if node.get("refdomain") != "py":
        return None
    domain = env.get_domain("py")
    for path in _candidates(node):
        one = _loaded(path) if path.startswith("ggu_costs") else None
        if one is None:
            continue
        for name, entry in domain.objects.items():  # type: ignore[attr-defined]
            if name == path or (name.rpartition(".")[2] == path.rpartition(".")[2] and _loaded(name) == one):
                return nodes.reference(
                    "",
                    "",
                    contnode,
                    internal=True,
                    refuri=app.builder.get_relative_uri(node["refdoc"], entry.docname) + "#" + entry.node_id,
                )
        return contnode
    return contnode if _in_signature(node) or _outside(str(node["reftarget"])) else None


def _in_signature(node: nodes.Node) -> bool:
    """Whether a type stands in a signature or a field of one: nobody wrote that as a reference."""
    above = node.parent
    while above is not None:
        if isinstance(above, addnodes.desc_signature | addnodes.desc_annotation):
            return True
        above = above.parent
    return False


def _outside(target: str) -> bool:
    """Whether it is the name of something in another library, which this site does not hold."""
    return target.partition(".")[0] in {
        "numpy",
        "np",
        "pandas",
        "pd",
        "concurrent",
        "decimal",
        "fractions",
        "datetime",
        "collections",
        "pathlib",
        "os",
        "json",
    }
