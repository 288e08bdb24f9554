"""Words of this room: rules and kinds in Dutch, lists of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

__all__ = ["NOT_TESTED_IN_LAW", "RuleChoice", "in_words", "rule_words"]

RuleChoice: TypeAlias = str | Mapping[str, str]
"""A rule, or a mapping of pool to rule."""

NOT_TESTED_IN_LAW = "Of toetreden of uittreden juridisch mogelijk is, is niet getoetst."

_RULES = {
    "inhabitants": "naar inwoners",
    "equal": "gelijke delen",
    "volume": "naar afname",
    "fixed_plus_volume": "vast deel plus afname",
    "stand_alone": "naar kosten ieder voor zich",
    "average": "gemiddelde kosten",
    "serial": "serieel",
    "decreasing_serial": "aflopend serieel",
    "scrb": "scheidbare kosten, rest naar resterend voordeel (SCRB)",
    "shapley": "Shapley-waarde",
    "owen": "Owen-waarde (per regio)",
    "nucleolus": "nucleolus",
}


def rule_words(rule: RuleChoice) -> str:
    """Write a rule, or a mixture of rules by pool, in Dutch.

    Examples
    --------
    >>> rule_words("shapley"), rule_words({"project": "equal"})
    ('Shapley-waarde', 'project: gelijke delen')
    """
    if isinstance(rule, str):
        return _RULES.get(rule, rule)
    return ", ".join(f"{pool}: {_RULES.get(name, name)}" for pool, name in rule.items())


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
