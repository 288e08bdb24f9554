"""Shares under one rule, and how exact they are: what was sampled or laid on a lattice says so, and by how much."""

import math
from dataclasses import dataclass

from ggu_costs.games.result import Certificate
from ggu_costs.typing import FloatArray
from ggu_costs.words import numbers

_METHODS = {
    "closed form": "rechtstreeks berekend",
    "exact per cost pool": "exact per kostenpot",
    "one pass over the table": "exact, over alle groepen",
    "unions over the table": "exact, over alle groepen",
    "one player": "een deelnemer",
}
_SAMPLED = "steekproef van volgordes van toetreden"


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares under one rule, before they become cents.

    Attributes
    ----------
    values : numpy.ndarray
        Euro, shape (n,), unrounded.
    parts
        The share in each pool by its id; None for a rule that does not add up over pools.
    methods
        How they were computed: one, or under a mixture each that was used.
    certificates
        Of the rules that are solutions of a game: method, error of a sample, and whether it was reached.
    """

    values: FloatArray
    parts: dict[str, FloatArray] | None
    methods: tuple[str, ...]
    certificates: tuple[Certificate, ...] = ()

    @property
    def method(self) -> str:
        """How they were computed, in a row."""
        return "; ".join(self.methods)

    @property
    def samples(self) -> int:
        """Orders of joining that were drawn; 0 where nothing was sampled."""
        return sum(certificate.samples for certificate in self.certificates)

    def method_words(self) -> str:
        """Write in Dutch how they were computed."""
        off = sum(_lattice_cents(certificate) for certificate in self.certificates)
        if off:
            return f"per kostenpot, tot op {numbers.euro(off)}"
        words = [_SAMPLED if self.samples else _METHODS.get(method, method) for method in self.methods]
        return "; ".join(dict.fromkeys(words))

    def accuracy_notes(self, rule: str, seed: int | None) -> tuple[str, ...]:
        """Say for each part that is not exact how far a share may be off, at most; `rule` in words."""
        notes = []
        for certificate in self.certificates:
            if certificate.bound is not None:
                missed = "" if certificate.reached else "; de gewenste nauwkeurigheid is niet gehaald"
                notes.append(
                    f"Verdeling {rule}: geraamd met een steekproef van {numbers.number(certificate.samples)} "
                    f"volgordes van toetreden (startgetal {seed}). Met 95% zekerheid zit geen enkel aandeel er meer "
                    f"dan {numbers.euro(float(certificate.bound.max()))} naast{missed}."
                )
            off = _lattice_cents(certificate)
            if off:
                notes.append(
                    f"Verdeling {rule}: volumes op een raster gelegd; een aandeel zit er naar schatting hooguit "
                    f"{numbers.euro(off)} naast."
                )
        return tuple(dict.fromkeys(notes))


def _lattice_cents(certificate: Certificate) -> float:
    """Error of volumes on a lattice, in euro up to whole cents; 0 where there is none."""
    return math.ceil(100 * certificate.lattice_error) / 100
