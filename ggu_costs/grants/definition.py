"""What a model file of kind ``grant`` says: one circulaire for one uitkeringsjaar, with its tables as text."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from ggu_costs.errors import Faults
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.notes import Mark
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Checked, DateValue, Factor, Number, Status, WholeYear, missing_basis
from ggu_costs.reference import Reference

_TABLES = ("weights", "volumes", "others")
Lacking = Literal["suppletie", "herindeling", "artikel_12"]
"""Uitkeringen that a circulaire may leave out of its tables per municipality."""


class GrantTable(Checked):
    """A table of a circulaire, and where it comes from.

    Attributes
    ----------
    text
        Columns separated by tabs, the header first, figures with a decimal point and without thousands.
    sha256
        Of the file it was taken from.
    year
        The uitkeringsjaar that it was made for, where that is another than the year of the file.
    """

    text: str = Field(min_length=1)
    status: Status
    source: str = ""
    place: str = ""
    by: str = ""
    calculation: str = ""
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    year: WholeYear | None = None
    note: str = ""


class TraitTerms(Checked):
    """What is known of maatstaven, by code.

    Attributes
    ----------
    fixed_amount
        Of which every municipality has one: of two that merge one is left.
    not_additive
        Whose volumes do not add up in a merger.
    by_soil
        Whose volumes are times the bodemfactor of the municipality.
    dwellings
        That count dwellings.
    three_years
        Whose volume is the mean of three years.
    """

    fixed_amount: tuple[str, ...] = ()
    not_additive: tuple[str, ...] = ()
    by_soil: tuple[str, ...] = ()
    dwellings: tuple[str, ...] = ()
    three_years: tuple[str, ...] = ()


class TaskTerms(Checked):
    """A task mutation (taakmutatie): euro added, and the key by which it falls or a mix of keys.

    Attributes
    ----------
    amount
        Euro added; negative: taken out.
    by
        A key, or fractions by key: ``base``, ``cluster:NAME``, ``maatstaf:CODE`` or ``other:NAME``.
    """

    amount: Number
    by: dict[str, Number] = Field(min_length=1)

    @field_validator("by", mode="before")
    @classmethod
    def _one_key(cls, raw: Any) -> Any:
        return {raw: 1} if isinstance(raw, str) else raw


class ReformTerms(Chosen):
    """A what-if on the circulaire, which the whole file then is; see :mod:`ggu_costs.grants.reform`.

    Attributes
    ----------
    weights
        Euro per unit by maatstaf, or by maatstaf and cluster.
    factor, total
        The uitkeringsfactor, or euro of algemene uitkering in all, which fixes it.
    top_slice
        Euro taken out through the factor (uitname).
    tasks
        Task mutations.
    """

    weights: dict[str, Number | dict[str, Number]] | None = None
    factor: Number | None = None
    total: Number | None = None
    top_slice: Number | None = None
    tasks: tuple[TaskTerms, ...] = ()


class GrantDefinition(Header):
    """A circulaire of the gemeentefonds for one year.

    Attributes
    ----------
    circular
        What the circulaire is called, such as ``septembercirculaire 2024``.
    year
        The year that the money is for (uitkeringsjaar).
    map_date
        Day of the municipal map that the tables are on.
    factor
        The uitkeringsfactor.
    outside_factor
        Maatstaven whose weight times volume is not multiplied by the factor: the WOZ values.
    inhabitants
        The maatstaf that counts inhabitants.
    traits
        What is known of maatstaven: which do not add up in a merger, and so on.
    weights
        ``code, name, total``, and a column a cluster; euro per unit.
    volumes
        ``code``, and a column a maatstaf; units by municipality.
    others
        ``code``, and a column for each integratie-, decentralisatie- or suppletie-uitkering; euro by municipality.
    pm
        Uitkeringen that the tables lack.
    reform
        A what-if: the amounts are those after it.
    """

    kind: Literal["grant"]
    circular: str = Field(min_length=1)
    year: WholeYear
    map_date: DateValue
    factor: Factor
    outside_factor: tuple[str, ...] = ()
    inhabitants: str = Field(min_length=1)
    traits: TraitTerms = TraitTerms()
    weights: GrantTable
    volumes: GrantTable
    others: GrantTable
    pm: tuple[Lacking, ...] = ()
    reform: ReformTerms | None = None

    @property
    def table_years(self) -> dict[str, int]:
        """The uitkeringsjaar of each table."""
        return {name: getattr(self, name).year or self.year for name in _TABLES}

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Whether its tables are those of several years, so that its amounts are those of no circulaire."""
        return ("mixed_years",) if {*self.table_years.values()} != {self.year} else ()

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show between the parts; those in the tables show when the model is opened."""
        super().check(faults, reference)
        for name in _TABLES:
            for fault in missing_basis(getattr(self, name)):
                faults.add(name, *fault)
        if not isinstance(self.map_date.first.value, date):
            faults.add("map_date", "no date", "value = a date")
        factor = self.factor.first.value
        if factor is None or isinstance(factor, date) or factor <= 0 or len(self.factor.items) > 1:
            faults.add("factor", "not one factor above 0", "value = the uitkeringsfactor of the year")
        stated = {name: getattr(self, name) for name in ("outside_factor", "pm")}
        stated |= {f"traits.{name}": codes for name, codes in self.traits}
        for where, codes in stated.items():
            if len(set(codes)) < len(codes):
                faults.add(where, ", ".join(codes), "each of them once")
