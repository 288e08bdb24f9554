"""Every word by vocabulary, Dutch and English; a module for each subject, a pair for each name."""

from __future__ import annotations

from ggu_costs.words import allocation, ballot, figures, fund, impact, model_files, procurement, sources

__all__ = ["MODULES", "gathered"]

MODULES = (figures, sources, allocation, fund, procurement, impact, ballot, model_files)


def gathered() -> dict[str, dict[str, tuple[str, str]]]:
    """Return name to (Dutch, English) by vocabulary."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for module in MODULES:
        for vocabulary, words in module.WORDS.items():
            found.setdefault(vocabulary, {}).update(words)
    return found
