"""How exact a split is, in Dutch: what was sampled or laid on a lattice says so, and by how much it may be off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ggu_costs.procurement.rules import rule_words
from ggu_costs.words import numbers

if TYPE_CHECKING:
    from ggu_costs.games.result import Certificate
    from ggu_costs.procurement.rules import RuleChoice, Shares

__all__ = ["accuracy_notes", "method_words"]

_METHODS = {
    "closed form": "rechtstreeks berekend",
    "exact per cost pool": "exact per kostenpot",
    "one pass over the table": "exact, over alle groepen",
    "unions over the table": "exact, over alle groepen",
    "one player": "een deelnemer",
}
_SAMPLED = "steekproef van volgordes van toetreden"


def accuracy_notes(rule: RuleChoice, shares: Shares, seed: int | None) -> tuple[str, ...]:
    """Say for each part of a split that is not exact how far a share may be off, at most."""
    notes = []
    for certificate in shares.certificates:
        if certificate.bound is not None:
            missed = "" if certificate.reached else "; de gewenste nauwkeurigheid is niet gehaald"
            notes.append(
                f"Verdeling {rule_words(rule)}: geraamd met een steekproef van {numbers.number(certificate.samples)} "
                f"volgordes van toetreden (startgetal {seed}). Met 95% zekerheid zit geen enkel aandeel er meer dan "
                f"{numbers.euro(float(certificate.bound.max()))} naast{missed}."
            )
        off = _lattice(certificate)
        if off:
            notes.append(
                f"Verdeling {rule_words(rule)}: volumes op een raster gelegd; een aandeel zit er naar schatting "
                f"hooguit {numbers.euro(off)} naast."
            )
    return tuple(dict.fromkeys(notes))


def method_words(shares: Shares) -> str:
    """Write how the shares of a split were computed."""
    off = sum(_lattice(certificate) for certificate in shares.certificates)
    if off:
        return f"per kostenpot, tot op {numbers.euro(off)}"
    words = [_SAMPLED if shares.samples else _METHODS.get(method, method) for method in shares.methods]
    return "; ".join(dict.fromkeys(words))


def _lattice(certificate: Certificate) -> float:
    """Error of volumes on a lattice, in euro up to whole cents; 0 where there is none."""
    return math.ceil(100 * certificate.lattice_error) / 100
