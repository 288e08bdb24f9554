"""Participants of a case in order of code: names, kinds, inhabitants, size classes and regions."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.errors import UnknownNameError, is_one_of
from ggu_costs.money import exact_sum
from ggu_costs.reference import SHIPPED, Groups, Reference, size_class
from ggu_costs.typing import BoolArray, FloatArray
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.procurement.terms import Other


T = TypeVar("T")


@dataclass(frozen=True, eq=False, kw_only=True)
class Parties(Brief):
    """Participants in order of code.

    Attributes
    ----------
    codes, names, kinds
        One each; the kind of a municipality is ``municipality``.
    inhabitants : numpy.ndarray
        On the counting date, carried to the map date; NaN for a body that is no municipality.
    others
        What the file says of the bodies, by code.
    map_date, counting_date
        Of the municipal map, and of figures.
    reference
        The reference tables that they are of.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    inhabitants: FloatArray
    others: Mapping[str, Other]
    map_date: date
    counting_date: date
    reference: Reference = field(default=SHIPPED, repr=False)

    @property
    def count(self) -> int:
        """Number of participants."""
        return len(self.codes)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Place of each code."""
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def people(self) -> FloatArray:
        """Inhabitants as a key: a body without inhabitants counts 0."""
        return np.nan_to_num(self.inhabitants)

    @cached_property
    def size_classes(self) -> tuple[str, ...]:
        """CBS size class "1" to "8" by inhabitants on the counting date; empty for a body."""
        return tuple("" if np.isnan(people) else str(size_class(people)) for people in self.inhabitants)

    def only(self, codes: Collection[str]) -> Parties:
        """Keep the participants with these codes."""
        wanted = set(codes)
        keep = [place for place, code in enumerate(self.codes) if code in wanted]
        return replace(
            self,
            codes=tuple(self.codes[i] for i in keep),
            names=tuple(self.names[i] for i in keep),
            kinds=tuple(self.kinds[i] for i in keep),
            inhabitants=self.inhabitants[keep],
        )

    def at(self, code: str) -> int:
        """Place of one participant.

        Raises
        ------
        UnknownNameError
            It does not take part.
        """
        if not is_one_of(code, self.position):
            raise UnknownNameError("participant", code, self.codes)
        return self.position[code]

    def where(self, chosen: BoolArray) -> list[str]:
        """Codes of the participants that are chosen, shape (n,)."""
        return [self.codes[i] for i in np.flatnonzero(chosen)]

    def names_where(self, chosen: BoolArray) -> list[str]:
        """Names of the participants that are chosen, shape (n,)."""
        return [self.names[i] for i in np.flatnonzero(chosen)]

    def frame(self, *, kind: bool = False) -> pd.DataFrame:
        """Return ``name``, and ``kind`` if asked, by code: the start of every table of participants."""
        frame = pd.DataFrame({"name": list(self.names)}, index=pd.Index(self.codes, name="code"))
        if kind:
            frame["kind"] = list(self.kinds)
        return frame

    def per_inhabitant(self, amounts: FloatArray) -> FloatArray:
        """Amount of each per inhabitant, shape (n,); NaN for a body, which has none."""
        return np.asarray(amounts / np.where(self.people > 0, self.people, np.nan))

    def per_inhabitant_of(self, amounts: FloatArray, inside: BoolArray) -> float:
        """Amount of the municipalities in a group whose amount is known, by their inhabitants; NaN without any."""
        counted = inside & (self.people > 0) & ~np.isnan(amounts)
        return exact_sum(amounts[counted]) / float(self.people[counted].sum()) if counted.any() else math.nan

    def among(self, codes: Collection[str]) -> BoolArray:
        """Whether each participant is one of these, shape (n,)."""
        return np.isin(self.codes, list(codes))

    def groups(self, group: Any) -> Groups:
        """Group participants.

        Parameters
        ----------
        group
            ``size_class``, ``kind``, a reference column of labels such as ``province`` (bodies that are in no class or
            region come together last, as ``geen``), or groups of your own as :func:`ggu_costs.groups` takes them.
        """
        own = {"size_class": self.size_classes, "kind": self.kinds}
        if isinstance(group, str) and (
            group in own or (self.reference.column_kind(group) == "label" and not Path(group).suffix)
        ):
            labels = np.array(own[group] if group in own else self.regions(group))
            order = sorted(set(labels.tolist()), key=lambda label: (label == "", label))
            members: dict[object, tuple[str, ...]] = {
                label or message("no_group"): tuple(self.where(labels == label)) for label in order
            }
            day = None if group in own else self.reference.labels_on(group, self.map_date).carried_from
            return Groups(group, members, overlapping=False, left_out=(), carried_from=day)
        given = self.reference.groups(group, self.codes, self.map_date)
        return replace(given, members={str(label): codes for label, codes in given.members.items()})

    def regions(self, column: str) -> tuple[str, ...]:
        """Label of each participant in a region column; empty for a body that names no region."""
        found = self.reference.labels_on(column, self.map_date).by_code
        labels = {code: str(label) for code, label in found.items()}
        known = set(labels.values())  # a body names one region, which need not be one of every column
        labels |= {code: other.region for code, other in self.others.items() if other.region in known}
        return tuple(labels.get(code, "") for code in self.codes)

    def by_specific(self, table: Mapping[str, T]) -> list[T | None]:
        """Look each participant up by code, else by size class, else by kind; None where the table has none of them."""
        return [
            next((table[key] for key in keys if key in table), None)
            for keys in zip(self.codes, self.size_classes, self.kinds, strict=True)
        ]


def drawn(codes: Iterable[str], seed: int) -> list[str]:
    """Put codes in an order that looks random and is the same everywhere: by the SHA-256 of "seed code".

    Examples
    --------
    >>> drawn(["GM0014", "GM0344", "GM0363"], 1)
    ['GM0344', 'GM0363', 'GM0014']
    """
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed} {code}".encode()).hexdigest())
