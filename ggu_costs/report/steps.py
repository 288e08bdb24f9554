"""The steps from source to amount of every municipality, for the page of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ggu_costs.display.result import Explanation

__all__ = ["explanations", "packed"]

_LATEST = 2  # years explained: this one and the one before


def explanations(models: Iterable[Any]) -> dict[str, tuple[Explanation, ...]]:
    """Return how each amount of funds, fees and procurement cases came about, by code, the latest year first.

    Of other models there are none: a simulated figure has no steps that lead to it.
    """
    found: dict[str, list[Explanation]] = {}
    for model in models:
        for result in _results(model):
            for code in result.codes:
                found.setdefault(str(code), []).append(result.explain(code))
    return {code: tuple(items) for code, items in found.items()}


def _results(model: Any) -> list[Any]:
    if model.definition.kind in ("fund", "fee"):
        bill = model.contributions if model.definition.kind == "fund" else model.fees
        return [bill(year) for year in reversed(model.years[-_LATEST:])]
    return [model.split()] if model.definition.kind == "procurement" else []


def packed(explained: Mapping[str, Sequence[Explanation]]) -> dict[str, object]:
    """Return explanations as few bytes: every text once, and numbers that say where it is.

    Returns
    -------
    dict
        ``texts``; ``of``: by code a list of titles with their steps, each step label, value and basis. Titles are
        without the name of the municipality, which is the same for all of its steps.

    Examples
    --------
    >>> from ggu_costs.display.result import Step
    >>> packed({"GM0345": [Explanation("Veenendaal (GM0345): bijdrage", (Step("inwoners", "3", "CBS"),))]})
    {'texts': ['bijdrage', 'inwoners', '3', 'CBS'], 'of': {'GM0345': [[0, [[1, 2, 3]]]]}}
    """
    texts: dict[str, int] = {}

    def place(text: str) -> int:
        return texts.setdefault(text, len(texts))

    of = {
        code: [
            [place(item.title.split(f"({code}): ", 1)[-1]),
             [[place(step.label), place(step.value), place(step.basis)] for step in item.steps]]
            for item in items
        ]
        for code, items in explained.items()
    }  # fmt: skip
    return {"texts": list(texts), "of": of} if of else {}
