"""What can be said as JSON; light, so that objects that never are cost nothing."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from ggu_costs.text import in_json


class AsJson(ABC):
    """Base of what can be said as JSON.

    Examples
    --------
    >>> from ggu_costs import allocate
    >>> told = allocate(100, [2, 1]).to_dict(lang="en")
    >>> told["kind"], [column["name"] for column in told["tables"][0]["columns"]][:2]
    ('Allocation', ['position', 'amount'])
    >>> told["tables"][0]["columns"][1]["values"]
    [66.67, 33.33]
    """

    @abstractmethod
    def to_dict(self, *, lang: str = "nl") -> dict[str, Any]:
        """Return all that it says as plain Python: mappings, lists, text, numbers, truth values and None.

        Parameters
        ----------
        lang
            ``nl`` or ``en``: the language of titles, notes and words. Code names of columns, units and codes are the
            same in both.

        Returns
        -------
        dict
            As the JSON Schema says that ``ggu-costs schema result`` prints. Figures that are not there are None, and
            the mark ``missing`` of their column says what that means: ``pm``, ``unknown`` or ``none``.

        Raises
        ------
        InputError
            Figures that are infinite.
        UnknownNameError
            A language that does not exist.
        """

    def to_json(self, *, lang: str = "nl") -> str:
        """Return what :meth:`to_dict` gives as JSON text, never with NaN; :func:`ggu_costs.results.read_json` reads it.

        The same result gives the same text: there is no clock in it.
        """
        return json_text(self.to_dict(lang=lang))


def json_text(document: Mapping[str, Any]) -> str:
    """Write a document as JSON text on one line."""
    return in_json(json.dumps(document, ensure_ascii=False, allow_nan=False))
