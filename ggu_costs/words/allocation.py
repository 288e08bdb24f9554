"""Words of the rules by which an amount is shared."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "rule": {
        "proportional": ("naar rato", "proportional"),
        "equal": ("gelijke delen", "equal parts"),
        "cea": ("gelijke toekenning, hooguit de aanspraak", "constrained equal awards"),
        "cel": ("gelijk verlies, hooguit de aanspraak", "constrained equal losses"),
        "talmud": ("Talmoed-regel", "Talmud rule"),
        "random_arrival": ("willekeurige volgorde van aankomst", "random arrival"),
        "marginal": ("schijventarief", "marginal brackets"),
        "whole_class": ("klassentarief", "whole-class rates"),
        "rate": ("vast bedrag per eenheid", "fixed rate"),
    },
}
