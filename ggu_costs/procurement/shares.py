"""Shares under one rule, and how exact they are: what was sampled or laid on a lattice says so, and by how much."""

import math
from dataclasses import dataclass

from ggu_costs.brief import Brief
from ggu_costs.games.result import Certificate
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import joined, message, word


@dataclass(frozen=True, eq=False)
class Shares(Brief):
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
        """Say how they were computed."""
        off = sum(_lattice_cents(certificate) for certificate in self.certificates)
        if off:
            return message("by_pool_up_to", off=off)
        if self.samples:
            return message("sampled_orders")
        words = [word(method, of="computed") for method in self.methods]
        return joined(dict.fromkeys(words), "; ")

    def accuracy_notes(self, rule: str, seed: int | None) -> tuple[str, ...]:
        """Say for each part that is not exact how far a share may be off, at most; `rule` in words."""
        notes = []
        for certificate in self.certificates:
            if certificate.bound is not None:
                key = "split_sampled" if certificate.reached else "split_sampled_short"
                bound = float(certificate.bound.max())
                notes.append(message(key, rule=rule, samples=certificate.samples, seed=seed, bound=bound))
            off = _lattice_cents(certificate)
            if off:
                notes.append(message("split_on_lattice", rule=rule, off=off))
        return tuple(dict.fromkeys(notes))


def _lattice_cents(certificate: Certificate) -> float:
    """Error of volumes on a lattice, in euro up to whole cents; 0 where there is none."""
    return math.ceil(100 * certificate.lattice_error) / 100
