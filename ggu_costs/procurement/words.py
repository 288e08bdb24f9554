"""Words of this room: names in a row, and what several results say."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["NOT_TESTED_IN_LAW", "in_words"]

NOT_TESTED_IN_LAW = "Of toetreden of uittreden juridisch mogelijk is, is niet getoetst."


def in_words(names: Sequence[str], lang: str = "nl", *, most: int = 12) -> str:
    """Write names in a row, cut after `most` with the count of the rest.

    Examples
    --------
    >>> in_words(["Assen", "Emmen", "Meppel"], most=2)
    'Assen, Emmen en nog 1'
    """
    rest = len(names) - most
    tail = f" en nog {rest}" if lang == "nl" else f" and {rest} more"
    return ", ".join(names[:most]) + (tail if rest > 0 else "")
