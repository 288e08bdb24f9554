"""The reference tables as users open them: the shipped ones, with packs of their own above them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ggu_costs.errors import InputError
from ggu_costs.reference.grouping import Grouped
from ggu_costs.reference.own import read_pack


class Reference(Grouped):
    """Facts that hold whatever anyone decides: municipalities, their figures, mergers, regions.

    The shipped tables, and above them the packs that users keep. Two are equal when their tables are. What was read is
    kept with the object; an object never changes.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> reference = ggu.Reference.open()  # the shipped tables alone
    >>> len(reference.members("2026-01-01")), int(reference.inhabitants_on("2026-01-01").sum())
    (342, 18130208)
    """

    @classmethod
    def open(cls, *folders: str | os.PathLike[str]) -> Reference:
        """Open packs of reference tables, with the shipped ones below them.

        Parameters
        ----------
        folders
            Folders with ``manifest.toml`` and tables, as ``ggu-costs reference new`` makes them; each lies above those
            before it. Without folders these are the shipped tables.

        Returns
        -------
        Reference
            With ``municipalities, members, carry, inhabitants_on, groups`` and the other functions on reference tables
            as methods; models take it: ``ggu.open_model(..., reference=)``.

        Raises
        ------
        InputError
            A folder without a manifest, or a pack with faults: all of them, with what to do.
        """
        opened = SHIPPED
        for folder in folders:
            pack, faults, _ = read_pack(Path(folder), opened)
            faults.check(
                f"{Path(folder).as_posix()}: this pack of reference tables cannot be used",
                remedy=f"Correct what is named; ggu-costs reference check {Path(folder).as_posix()} looks again.",
            )
            assert pack is not None  # noqa: S101 (a pack without faults was built)
            opened = Reference((*opened.packs, pack))
        return opened

    @staticmethod
    def above(*references: Reference) -> Reference:
        """Return the one of several references that holds what the others hold.

        Raises
        ------
        InputError
            Two that each have a pack which the other has not.
        """
        most = max(references, key=lambda reference: len(reference.own), default=SHIPPED)
        for other in references:
            lacking = [pack.id for pack in other.own if pack.hashes() not in [own.hashes() for own in most.own]]
            if lacking:
                raise InputError(
                    f"results that rest on different reference tables: {most!r} and {other!r}",
                    remedy="Open both models with one reference: Reference.open(folder, ...).",
                )
        return most

    def __repr__(self) -> str:
        years = self.known_years()
        own = "".join(f", {pack.id}" for pack in self.own)
        return f"Reference({years[0]} to {years[-1]}{own})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            return NotImplemented
        return self is other or [pack.hashes() for pack in self.own] == [pack.hashes() for pack in other.own]

    def __hash__(self) -> int:
        return hash(tuple(digest for pack in self.own for digest in pack.hashes().values()))

    def __reduce__(self) -> tuple[Callable[..., Reference], tuple[Any, ...]]:
        return _with_packs, (self.own,)


SHIPPED = Reference()
"""The shipped tables; nothing is read until something is asked."""


def or_shipped(reference: Reference | None) -> Reference:
    """Return the reference tables that a user gives, or the shipped ones.

    Raises
    ------
    InputError
        Something else, such as the path of a folder.
    """
    if not isinstance(reference, Reference | None):
        raise InputError(
            f"reference is a {type(reference).__name__}", remedy="Give ggu.Reference.open(folder), with your own pack."
        )
    return reference or SHIPPED


def _with_packs(own: tuple[Any, ...]) -> Reference:
    """Return the reference with these packs; those of a pickle, which may be read on another machine."""
    return Reference((*SHIPPED.packs, *own)) if own else SHIPPED
