"""Words of the ballot: weights, votes, and what an effect is to who votes."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "column": {
        "weights": ("stemmen per gemeente", "votes per municipality"),
        "weight": ("stemmen", "votes"),
        "weight_share": ("aandeel in de stemmen", "share of the votes"),
        "members": ("leden", "members"),
        "answer": ("antwoord", "answer"),
        "vote": ("stem", "vote"),
        "power": ("stemmacht", "voting power"),
        "scale": ("stemverhouding", "scale of votes"),
        "disadvantage": ("nadeel", "disadvantage"),
        "advantage": ("voordeel", "advantage"),
        "unchanged": ("gelijk", "unchanged"),
    },
}
