"""What files of several kinds state alike: on what a choice rests, the key of an amount, and VAT."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field, model_validator

from ggu_costs.errors import Faults
from ggu_costs.figures import adds_up
from ggu_costs.modelfile.grant_keys import BASE, column_words, grant_column, grant_columns
from ggu_costs.modelfile.values import (
    BASIS,
    Checked,
    Found,
    Number,
    Portion,
    Status,
    Value,
    VatState,
    missing_basis,
)

PERCENTAGES = "They look like percentages: divide each by 100."
"""What to do about fractions that add up to 100."""


class Grounds(Checked):
    """A part whose figures rest on the same grounds: unit, status, source and so on are stated once."""

    FIGURES: ClassVar[tuple[str, ...]] = ()
    TABLES: ClassVar[tuple[str, ...]] = ()
    """Tables of figures by name."""

    unit: str = ""
    status: Status | None = None
    source: str = ""
    place: str = ""
    by: str = ""
    calculation: str = ""
    vat: VatState | None = None
    price_level: str = ""
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _give_grounds(cls, raw: Any) -> Any:
        """Turn bare numbers into values with the grounds of this part."""
        if not isinstance(raw, dict):
            return raw
        grounds = {name: raw[name] for name in ("unit", *BASIS, "vat", "price_level") if name in raw}
        spread = dict(raw)
        for name in cls.FIGURES:
            spread |= _with_grounds(raw, name, grounds)
        for name in cls.TABLES:
            if isinstance(table := raw.get(name), dict):
                spread[name] = dict(table)
                for key in table:
                    spread[name] |= _with_grounds(table, key, grounds)
        return spread

    def figures(self) -> dict[str, Value]:
        """Figures that are given, by name."""
        given = {name: value for name in self.FIGURES if (value := getattr(self, name)) is not None}
        return given | {f"{name}.{key}": value for name in self.TABLES for key, value in getattr(self, name).items()}

    def missing_grounds(self) -> list[Found]:
        """Return the fault of a choice that does not say whose it is; none where it does."""
        return [("no status", "status, with source or by", "")] if self.status is None else missing_basis(self)


def _with_grounds(raw: dict[str, Any], name: str, grounds: dict[str, Any]) -> dict[str, Any]:
    """Return a bare number as a value, under its name; nothing where it is something else."""
    bare = isinstance(raw.get(name), int | float | Decimal) and not isinstance(raw[name], bool)
    return {name: {**grounds, "value": raw[name]}} if bare else {}


class Chosen(Grounds):
    """A choice of the author or of a source, which says whose it is."""

    def _wrong(self) -> Iterable[Found]:
        return self.missing_grounds()


class KeyTerms(Grounds):
    """The key (verdeelsleutel) of a national amount: fractions, each shared by one column, or ``equal``.

    Attributes
    ----------
    parts
        Fractions by column.
    grant
        Instead of parts: id of a circulaire (kind ``grant``) by which all of it falls. ``by`` then says by what of
        it: ``base`` (unless given), ``cluster:NAME``, ``maatstaf:CODE``, ``other:NAME`` or ``amount``.
    stated_by
        With a grant: whose choice it is, where its status asks for that.
    """

    parts: dict[str, Number] = Field(default_factory=dict)
    grant: str = ""
    stated_by: str = ""

    @model_validator(mode="before")
    @classmethod
    def _by_grant(cls, raw: Any) -> Any:
        """Turn a grant into its column; on what the key rests is the circulaire, unless more is said."""
        if not isinstance(raw, dict) or not isinstance(raw.get("grant"), str):
            return raw
        rest = {name: value for name, value in raw.items() if name != "by"}
        if "parts" in raw:
            return rest  # refused below
        by = raw.get("by", BASE)
        column = grant_column(raw["grant"], by if isinstance(by, str) else "")
        grounds = {} if "status" in raw else {"status": "derived", "calculation": str(column_words(column))}
        who = {"by": raw["stated_by"]} if "stated_by" in raw else {}
        return {**rest, **grounds, **who, "parts": {column: Decimal(1)}}

    def _wrong(self) -> Iterator[Found]:
        own = list(grant_columns(self.parts))
        if self.grant and not own:
            yield "grant together with parts", "one of the two", "Leave out the parts."
        if not self.parts:
            yield "no parts", "parts = { inhabitants = 1 }, or grant = the id of a circulaire", ""

    def check(self, faults: Faults, where: str, *, percentages: str = PERCENTAGES) -> None:
        """Add faults: fractions that do not add up to 1, nothing that says whose it is.

        Apart from reading the file, so that a fault here hides none elsewhere.
        """
        check_fractions(self.parts, faults, where=f"{where}.parts", percentages=percentages)
        for fault in self.missing_grounds():
            faults.add(where, *fault)


class VatShares(Checked):
    """VAT on the amounts and what the VAT compensation fund (BCF) returns; without a taxed share all is taxed.

    Attributes
    ----------
    rate
        Rate of VAT (btw).
    taxed_share
        Part of the amounts that bears VAT.
    recoverable_share
        Part of the VAT that municipalities get back from the VAT compensation fund (BCF).
    """

    rate: Portion
    taxed_share: Portion | None = None
    recoverable_share: Portion


class VatTerms(VatShares):
    """VAT in the amounts (btw) and what the VAT compensation fund returns (BCF)."""

    taxed_share: Portion  # pyright: ignore[reportGeneralTypeIssues] (asked of every file)


def check_fractions(
    parts: Mapping[str, Decimal],
    faults: Faults,
    *,
    where: str,
    sums: bool = True,
    percentages: str = PERCENTAGES,
) -> None:
    """Add the faults of the fractions of a key: each above 0 and at most 1, together 1.

    Parameters
    ----------
    sums
        Whether the fractions could all be read, so that their sum means something.
    percentages
        What to do where they add up to 100.
    """
    total = sum(parts.values(), Decimal(0))
    for name, fraction in parts.items():
        if not 0 < fraction <= (100 if total == 100 else 1):
            faults.add(f"{where}.{name}", str(fraction), "a fraction above 0 and at most 1")
    if sums and not adds_up(parts.values()):
        faults.add(where, f"the fractions add up to {total}", "1", percentages if total == 100 else "")
