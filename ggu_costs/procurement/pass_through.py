"""What municipalities pay in the end (doorbelasting): their own share, and their part in the shares of joint bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs.errors import Faults, InputError, repeated
from ggu_costs.figures import finite, shown
from ggu_costs.money import euros, share_exactly, shortest
from ggu_costs.procurement.parties import Parties
from ggu_costs.reference import Reference
from ggu_costs.results.base import Result
from ggu_costs.words.messages import message, word

if TYPE_CHECKING:
    from ggu_costs.procurement.terms import Other
    from ggu_costs.typing import ByCode, Cents


@dataclass(frozen=True, kw_only=True)
class PassThrough(Result):
    """Own share and passed-on share of each municipality and body, in cents.

    Attributes
    ----------
    names
        By code, of everyone who pays something in the end.
    own, passed
        Cents by code. A body that passed its share on has neither.
    """

    names: Mapping[str, str]
    own: Mapping[str, int]
    passed: Mapping[str, int]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, own_share, passed_on, total`` by code, in euro; the total is that of the split."""
        codes = list(self.names)
        frame = pd.DataFrame({"name": list(self.names.values())}, index=pd.Index(codes, name="code"))
        frame["own_share"] = euros([self.own.get(code, 0) for code in codes])
        frame["passed_on"] = euros([self.passed.get(code, 0) for code in codes])
        frame["total"] = euros([self.own.get(code, 0) + self.passed.get(code, 0) for code in codes])
        columns = ("own_share", "passed_on", "total")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=columns)


def pass_through(
    split: Result, parties: Parties, shares: Cents, key: str | Mapping[str, float] | ByCode
) -> PassThrough:
    """Pass shares through; see :meth:`ggu_costs.procurement.split.Split.pass_through`.

    Parameters
    ----------
    split
        The result whose shares they are.
    shares : numpy.ndarray
        Whole cents, shape (n,), in the order of `parties`.
    """
    bodies = {code: parties.others[code] for code in parties.codes if code in parties.others}
    with_members = {code: body for code, body in bodies.items() if body.members}
    if not with_members:
        raise InputError(
            "no participant has member municipalities", remedy="State members for the bodies that pass their share on."
        )
    weights = _weights(with_members, key, parties.counting_date, parties.map_date, parties.reference)
    cents_of = {code: int(cents) for code, cents in zip(parties.codes, shares, strict=True)}
    own = {code: cents for code, cents in cents_of.items() if code not in with_members}
    passed: dict[str, int] = {}
    for code in with_members:
        members = sorted(weights[code])
        parts = share_exactly(cents_of[code], [weights[code][member] for member in members])
        for member, part in zip(members, parts, strict=True):
            passed[member] = passed.get(member, 0) + part
    names = {**parties.reference.names_of(parties.map_date), **{code: body.name for code, body in bodies.items()}}
    words: str = message("own_figures")
    if isinstance(key, str):
        words = message("stated_shares") if key == "members" else word(key)
    kept = len(bodies) - len(with_members)
    notes = [*split.notes, message("passed_on", count=len(with_members), key=words)]
    if kept:
        notes.append(message("bodies_without_members", count=kept))
    return PassThrough(
        title=message("pass_through_of", title=split.title),
        notes=tuple(notes),
        provenance={**split.provenance, "pass_through": key if isinstance(key, str) else words},
        illustrative=split.illustrative,
        names={code: names[code] for code in sorted({*own, *passed})},
        own=own,
        passed=passed,
    )


def _weights(
    bodies: Mapping[str, Other],
    key: str | Mapping[str, float] | ByCode,
    counted: date,
    day: date,
    reference: Reference,
) -> dict[str, dict[str, Fraction]]:
    """Weight of each member of each body."""
    if isinstance(key, str) and key == "members":
        return {
            code: {member: Fraction(part) for member, part in body.members.items()} for code, body in bodies.items()
        }
    if isinstance(key, str):
        held = reference.figures([key], counting_date=counted, map_date=day)[key].to_dict()
    elif callable(getattr(key, "items", None)):
        held = dict(key.items())
        for label, count in repeated(label for label, _ in key.items()):
            raise InputError(f"key {label}: there {count} times", remedy="Give one figure for each code.")
    else:
        raise InputError(
            f"key: {shown(key)}; allowed: 'members', a reference column that is a total, or figures by code of members",
            remedy="Give one of these.",
        )
    faults = Faults()
    weights: dict[str, dict[str, Fraction]] = {}
    for code, body in bodies.items():
        weights[code] = {}
        for member in body.members:
            weight = finite(held.get(member))
            if weight is None or weight < 0:
                found = shown(held[member]) if member in held else "no figure"
                faults.add(f"key {member}", f"{found} for a member of {code}", "finite, 0 or more")
                weight = 0
            weights[code][member] = shortest(weight)
        if not any(weights[code].values()) and not faults:
            faults.add(f"key {code}", "0 for all its members", "at least one above 0")
    faults.check("the shares cannot be passed through", remedy="Give a figure for every member.")
    return weights
