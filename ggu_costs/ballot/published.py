"""Published results: "verworpen met 90,04 %" is the share against, "verworpen met 43,02 % voor" the share for."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from ggu_costs.errors import InputError

_OUTCOME = re.compile(r"\b(?P<denied>niet\s+)?(?P<word>aangenomen|verworpen)\b")
_FIGURE = re.compile(r"(?P<figure>[-\u2212]?\d+(?:[.,]\d+)?)\s*(?P<mark>%|procent\b)?")
_COUNTED = re.compile(r"\s*(?!(?:voor|tegen)\b)[^\W\d_]")  # a noun: "12 stemmen", "3 leden"
_BEFORE = re.compile(r"\bmet\s+[-\u2212]?\d+(?:[.,]\d+)?\s*(?:%|procent)[^\d:;]*$")  # "met 99,91 % aangenomen"
_SIDE = re.compile(r"\b(voor|tegen)(?:stemmen)?\b")


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
    """Read a published result (uitslag) of a weighted vote: one sentence on one vote.

    "aangenomen met x %" is the share for; "verworpen met x %" the share against, unless "voor" (or "vóór") stands
    with it. What can be read in two ways is refused.

    Raises
    ------
    InputError
        No outcome in the text, or two; several figures; a number that may be one of votes; a share that is none, or
        that contradicts the outcome at a plain majority where no side is named.

    Examples
    --------
    >>> read_result("motie Barendrecht: verworpen met 90,04 %").share_for
    Decimal('9.96')
    >>> read_result("motie Zaanstad: verworpen met 43,02 % voor").share_for
    Decimal('43.02')
    >>> read_result("GGU jaarprogramma 2019: aangenomen bij acclamatie").share_for is None
    True
    """
    if not isinstance(text, str):
        raise InputError(f"a published result is text, not {type(text).__name__}", remedy="Give one sentence.")
    marks = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in marks if not unicodedata.combining(letter))
    outcomes = list(_OUTCOME.finditer(plain))
    if len(outcomes) != 1 or outcomes[0]["denied"]:
        found = "no outcome" if not outcomes else "more than one outcome" if len(outcomes) > 1 else "a denied outcome"
        raise InputError(f"{found} in {text!r}", remedy='Write "aangenomen met x %" or "verworpen met x % (voor)".')
    (outcome,) = outcomes
    adopted = outcome["word"] == "aangenomen"
    before = _BEFORE.search(plain[: outcome.start()])
    part = plain[outcome.end() :] if before is None else before[0]
    chosen = _figure(part, text)
    if chosen is None:
        return PublishedResult(adopted, None)
    figure, beside = chosen
    sides = set(_SIDE.findall(beside))
    side = min(sides) if len(sides) == 1 else "voor" if adopted else "tegen"
    share = figure if side == "voor" else 100 - figure
    contradicts = adopted != (share > 50) and (adopted or not sides)  # a rejected one with its side may need more
    if len(sides) > 1 or not 0 <= figure <= 100 or contradicts:
        raise InputError(
            f"{text!r} would mean {share} per cent for", remedy="Check the figure, and say whether it is voor or tegen."
        )
    return PublishedResult(adopted, share)


def _figure(part: str, text: str) -> tuple[Decimal, str] | None:
    """Return the figure beside the outcome, and the words up to the figures around it, which say whose it is.

    It is the only percentage, or the only number behind "met" that can be nothing else: one with a fraction, and not
    of votes or members.
    """
    figures = list(_FIGURE.finditer(part))
    marked = [match for match in figures if match["mark"]]
    chosen = marked or [match for match in figures if re.search(r"\bmet\s*$", part[: match.start()])]
    if not figures:
        return None
    if len(chosen) == 1 and not marked and (chosen[0]["figure"].isdecimal() or _COUNTED.match(part, chosen[0].end())):
        raise InputError(
            f"{chosen[0]['figure']} in {text!r} may be a number of votes, not a percentage",
            remedy='Write "x %", and leave numbers of votes out; they go into a Ballot.',
        )
    if len(chosen) != 1:
        raise InputError(
            f"no single figure in {text!r}", remedy='Write "aangenomen met x %" or "verworpen met x % voor".'
        )
    place = figures.index(chosen[0])
    begins = figures[place - 1].end() if place else 0
    ends = figures[place + 1].start() if place + 1 < len(figures) else len(part)
    if _SIDE.search(part, chosen[0].end(), ends):  # what stands before it is of the figure before it
        begins = chosen[0].end()
    return Decimal(chosen[0]["figure"].replace(",", ".").replace("\u2212", "-")), part[begins:ends]
