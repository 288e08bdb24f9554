"""How exact a split is, in Dutch: what was sampled or laid on a lattice says so, and by how much it may be off."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ggu_costs.procurement.words import rule_words
from ggu_costs.words import numbers

if TYPE_CHECKING:
    from ggu_costs.games.result import Certificate
    from ggu_costs.procurement.rules import Shares
    from ggu_costs.procurement.words import RuleChoice

__all__ = ["accuracy_notes", "method_words"]

_METHODS = {
    "closed form": "rechtstreeks berekend",
    "exact per cost pool": "exact per kostenpot",
    "one pass over the table": "exact, over alle groepen",
    "unions over the table": "exact, over alle groepen",
    "one player": "een deelnemer",
}
_SAMPLED = "steekproef van volgordes van toetreden"
_LATTICE = re.compile(r"lattice .* to (\S+) euro$")


def accuracy_notes(rule: RuleChoice, shares: Shares, seed: int | None) -> tuple[str, ...]:
    """Say for each part of a split that is not exact how far a share may be off, at most."""
    notes = []
    for found in shares.certificates:
        if found.bound is not None:
            missed = "" if found.reached else "; de gewenste nauwkeurigheid is niet gehaald"
            notes.append(
                f"Verdeling {rule_words(rule)}: geraamd met een steekproef van {numbers.number(found.samples)} "
                f"volgordes van toetreden (startgetal {seed}). Met 95% zekerheid zit geen enkel aandeel er meer dan "
                f"{numbers.euro(float(found.bound.max()))} naast{missed}."
            )
        off = _lattice(found)
        if off:
            notes.append(
                f"Verdeling {rule_words(rule)}: volumes op een raster gelegd; een aandeel zit er naar schatting "
                f"hooguit {numbers.euro(off)} naast."
            )
    return tuple(dict.fromkeys(notes))


def method_words(shares: Shares) -> str:
    """Write how the shares of a split were computed."""
    words = [_SAMPLED if shares.samples else _METHODS.get(part, part) for part in shares.method.split("; ")]
    off = sum(_lattice(found) for found in shares.certificates)
    return "; ".join(dict.fromkeys(words)) if not off else f"per kostenpot, tot op {numbers.euro(off)}"


def _lattice(found: Certificate) -> float:
    """Error of volumes on a lattice as the certificate tells it, in euro up to whole cents; 0 where there is none."""
    return math.ceil(100 * sum(float(match[1]) for note in found.notes if (match := _LATTICE.search(note)))) / 100
