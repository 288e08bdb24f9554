"""A folder of reference tables with a manifest: the shipped one, or one that users keep."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

if TYPE_CHECKING:
    import pandas as pd


Status: TypeAlias = Literal["definitive", "provisional", "forecast", "announced"]
"""How sure a figure or a map is."""
STATUSES: tuple[Status, ...] = get_args(Status)

SHIPPED_WHERE = "ggu_costs/reference/data"


class Band(NamedTuple):
    """The columns that bound a forecast, and what part of the outcomes the publication says lies between them.

    The bounds of the nation are no sums of those of municipalities; they are there where the publication gives them.
    """

    low: str
    high: str
    coverage: float
    national_low: float | None = None
    national_high: float | None = None


class Step(NamedTuple):
    """One old municipality that went, whole or in part, to one new municipality on a day.

    The share is one of `indicator`; that of inhabitants holds for every indicator that has no share of its own.
    """

    day: date
    old: str
    old_name: str
    new: str
    new_name: str
    share: Fraction
    receiver_existed: bool
    basis: str = ""
    indicator: str = "inhabitants"
    province_code: str = ""
    province: str = ""
    status: Status = "definitive"


LABELS = ("name", "province_code", "province")
"""Columns that a year takes from the map: they are as sure as the map is, whoever counted the figures."""


@dataclass(frozen=True)
class YearTable:
    """What a pack of a user says of one year.

    Attributes
    ----------
    frame
        Figures and labels by code.
    status, bands
        By column; a column without a status is definitive.
    by
        Whose figures they are.
    override
        Why it says otherwise than the tables below; empty where it may not.
    cited
        Whose the figures of a column are and of which period, where its own source says so.
    """

    frame: pd.DataFrame
    status: Mapping[str, Status]
    bands: Mapping[str, Band]
    sources: Mapping[str, str]
    by: str = ""
    override: str = ""
    cited: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Pack:
    """Reference tables of one folder.

    Attributes
    ----------
    id
        Its name; empty for the shipped tables.
    where
        Its folder, for messages.
    manifest
        What its manifest says.
    contents
        The bytes of its files, by table; None for the shipped tables, which are read when they are asked for.
    years, steps, groupings, boundaries
        Its tables, checked; empty for the shipped tables.
    known_until
        Until when its author knows the map; None where that follows from the tables.
    """

    id: str
    where: str
    manifest: Mapping[str, Any]
    contents: Mapping[str, bytes] | None = None
    years: Mapping[int, YearTable] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    groupings: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    boundaries: bytes = b""
    known_until: date | None = None

    def content(self, table: str) -> bytes:
        """Return the bytes of the file of a table; of a shipped one, as they stand on disk now."""
        if self.contents is not None:
            return self.contents[table]
        name: str = self.manifest["tables"][table]["file"]
        return files("ggu_costs.reference").joinpath("data", name).read_bytes()

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each table; those of a user's pack have its id in front."""
        before = f"{self.id}/" if self.id else ""
        names = self.manifest["tables"] if self.contents is None else self.contents
        return {before + name: hashlib.sha256(self.content(name)).hexdigest() for name in names}


@cache
def shipped_pack() -> Pack:
    """Return the tables of the package; the manifest is read, the tables are not."""
    text = files("ggu_costs.reference").joinpath("data/manifest.toml").read_text(encoding="utf-8")
    return Pack("", SHIPPED_WHERE, tomllib.loads(text))
