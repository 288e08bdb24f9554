"""Published results: "verworpen met 90,04 %" is the share against, "verworpen met 43,02 % voor" the share for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ggu_costs.errors import InputError

__all__ = ["PublishedResult", "read_result"]

_FORM = re.compile(
    r"\b(?P<outcome>aangenomen|verworpen)\b(?:\s+(?:bij\s+(?P<acclamation>acclamatie)"
    r"|met\s+(?P<figure>\d{1,3}(?:[.,]\d+)?)\s*(?:%|procent)\s*(?P<side>voor|tegen)?))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PublishedResult:
    """What a published sentence says.

    Attributes
    ----------
    adopted
        Whether the sentence says it was adopted (aangenomen).
    share_for
        Per cent of the weighted votes cast that was for; None where no figure is given (by acclamation).
    """

    adopted: bool
    share_for: Decimal | None


def read_result(text: str) -> PublishedResult:
    """Read a published result (uitslag) of a weighted vote.

    "aangenomen met x %" is the share for; "verworpen met x %" the share against, unless "voor" stands behind it.

    Raises
    ------
    InputError
        No outcome in the text, a share above 100, or one that contradicts the outcome at a plain majority.

    Examples
    --------
    >>> read_result("motie Barendrecht: verworpen met 90,04 %").share_for
    Decimal('9.96')
    >>> read_result("motie Zaanstad: verworpen met 43,02 % voor").share_for
    Decimal('43.02')
    >>> read_result("GGU jaarprogramma 2019: aangenomen bij acclamatie").share_for is None
    True
    """
    match = _FORM.search(text)
    if match is None:
        raise InputError(f"no outcome in {text!r}", remedy='Write "aangenomen met x %" or "verworpen met x % (voor)".')
    adopted = match["outcome"].lower() == "aangenomen"
    if match["figure"] is None:
        return PublishedResult(adopted, None)
    figure = Decimal(match["figure"].replace(",", "."))
    side = (match["side"] or ("voor" if adopted else "tegen")).lower()
    share = figure if side == "voor" else 100 - figure
    if not 0 <= figure <= 100 or (adopted and share <= 50):
        raise InputError(
            f"{text!r} would mean {share} per cent for", remedy="Check the figure, and whether it is for or against."
        )
    return PublishedResult(adopted, share)
