"""The parts of a file of a joint body: participants, figures, keys, indices, cost groups, reserve, leaving, joining."""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ggu_costs.modelfile.budget import TaskField
from ggu_costs.modelfile.figures import Amount
from ggu_costs.modelfile.leaving import ByStep, Fractional, StepInTerms
from ggu_costs.modelfile.terms import Chosen, KeyTerms, VatTerms
from ggu_costs.modelfile.values import Checked, Found, Money, Number, Portion, Whole, WholeYear, Year

Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
LegalForm: TypeAlias = Literal[
    "public_body", "operational_body", "joint_organ", "host_municipality", "company", "cooperative", "foundation"
]
"""Openbaar lichaam, bedrijfsvoeringsorganisatie, gemeenschappelijk orgaan, centrumgemeente, nv or bv, and so on."""
UNDER_WGR = frozenset({"public_body", "operational_body", "joint_organ"})
"""Forms with a budget of their own under the Wet gemeenschappelijke regelingen, whose deadlines hold for no other."""


class ParticipantTerms(Checked):
    """A participant, and in which years it takes part.

    Attributes
    ----------
    code
        Of a municipality, or ``XX:NAME`` of a body, which states its `name`.
    first_year, last_year
        The first and last year in which it takes part; by default all of the file.
    """

    code: str
    name: str = ""
    first_year: WholeYear | None = None
    last_year: WholeYear | None = None

    def takes_part(self, year: int) -> bool:
        """Whether it takes part in a year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


class FigureTerms(Chosen):
    """A figure of each participant: its use, its cases, its share of a grant or what it used to pay.

    Attributes
    ----------
    own
        By code one number, which holds in every year, or a number by year.
    input
        Name of the input that brings a figure for every participant, which holds in every year.
    average_years
        The figure of a year is the average of so many years before it; 0: the figure of the year itself.
    total
        What the figures of a year add up to by another source, which they are held to.
    """

    id: Id
    name: str = Field(min_length=1)
    own: dict[str, Number | dict[Year, Number]] = Field(default_factory=dict)
    input: str | None = None
    average_years: Annotated[Whole, Field(ge=0, le=10)] = 0
    total: dict[Year, Number] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        if bool(self.own) == (self.input is not None):
            yield "own together with input, or neither", "one of the two", ""
        if self.input is not None and (self.average_years or self.total):
            yield "average_years or total with an input, which has no years", "own figures by year", ""

    def years_for(self, year: int) -> range:
        """Years whose figures make up that of a year."""
        return range(year - self.average_years, year) if self.average_years else range(year, year + 1)


class TransitionTerms(Chosen):
    """A way from an earlier key (historical shares) to the new one (ingroei): the part of the new key in each year.

    Attributes
    ----------
    from_key
        The earlier key.
    new_part
        Part of the new key in each year; 1 when it is reached.
    """

    from_key: dict[str, Number] = Field(min_length=1)
    new_part: dict[Year, Fractional] = Field(min_length=1)


class CapTerms(Chosen):
    """A way from the amounts by an earlier key, by euro per inhabitant that an amount may rise each year.

    Attributes
    ----------
    from_key
        The earlier key.
    first_year
        The first year in which amounts move; until then the earlier key holds.
    per_inhabitant_per_year
        Euro per inhabitant by which an amount may rise each year.
    """

    from_key: dict[str, Number] = Field(min_length=1)
    first_year: WholeYear
    per_inhabitant_per_year: Annotated[Number, Field(ge=0)]


class BodyKey(KeyTerms):
    """A key: fractions of reference columns, of ``equal`` and of the figures of the file.

    Attributes
    ----------
    transition
        Each year a part of the new key, the rest of an earlier one.
    phase_in
        From the amounts by an earlier key, by euro per inhabitant a year, as a fund has it.
    """

    id: Id
    name: str = Field(min_length=1)
    transition: TransitionTerms | None = None
    phase_in: CapTerms | None = None

    def _wrong(self) -> Iterator[Found]:
        if self.transition is not None and self.phase_in is not None:
            yield "transition together with phase_in", "one of the two", ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the key, and of the one from which it starts."""
        earlier = self.transition or self.phase_in
        return tuple(dict.fromkeys((*self.parts, *(earlier.from_key if earlier else ()))))


class GroupTerms(Checked):
    """A cost group of the programme budget.

    Attributes
    ----------
    amount, income
        Euro a year, and what others than the participants pay of it (State, tariffs). In a year without an amount it
        is that of the year before, indexed and rounded to the cent.
    index
        Weights by index, together 1; empty: amounts stay as they are.
    stays
        Of the share of a participant that leaves, the part that stays with the others in each year after it (1, 2, 3
        and so on): contracts and staff that run on; nothing in a year without one. What is written off is counted
        apart. Where no group says it, the real damage is not known (PM).
    key
        Id of the key by which it falls on participants.
    task_field
        Code of the task field (taakveld, Iv3); by default that of ``[budget]``.
    """

    id: Id
    name: str = Field(min_length=1)
    key: str
    task_field: TaskField = ""
    amount: Money
    income: Money | None = None
    index: dict[str, Number] = Field(default_factory=dict)
    stays: ByStep = Field(default_factory=dict)


class BodyReserve(Checked):
    """The general reserve.

    Attributes
    ----------
    ceiling
        Part of the cost of the year that it may be at its end; what is above it goes back to the participants.
    key
        By which additions and withdrawals fall on the participants.
    opening
        Balance at the start of the first year.
    addition
        Put in, in each year.
    withdrawal
        Taken out, in each year.
    """

    opening: Money
    addition: Money | None = None
    withdrawal: Money | None = None
    ceiling: Portion | None = None
    key: str


class AssetTerms(Checked):
    """Something bought that is written off in equal parts; the write-off is part of the amount of its group.

    Attributes
    ----------
    first_year, term
        The first year of write-off, and over how many years.
    life
        Years that it lasts.
    group
        Id of the cost group whose amount holds the write-off.
    amount
        What it cost, in euro.
    """

    id: Id
    name: str = Field(min_length=1)
    group: str
    amount: Amount
    first_year: WholeYear
    term: Annotated[Whole, Field(ge=1)]
    life: Annotated[Whole, Field(ge=1)]

    def _wrong(self) -> Iterator[Found]:
        if self.term > self.life:
            yield f"written off in {self.term} years while it lasts {self.life}", "a term of at most its life", ""


class EntryTerms(StepInTerms):
    """What a municipality that joins pays besides its contribution, and what its joining adds.

    Attributes
    ----------
    added_cost
        By cost group what its joining adds to the net cost of a year, in euro.
    """

    added_cost: dict[str, Annotated[Number, Field(ge=0)]] = Field(default_factory=dict)


class SettlementTerms(Chosen):
    """What a year came to: actual cost by group, and actual figures.

    Attributes
    ----------
    amounts
        Actual net cost in euro, by cost group; a group that is not named stays as budgeted.
    use
        Actual figures by figure and code.
    totals
        What the figures add up to by another source, which they are held to.
    year
        The year that is settled.
    """

    year: WholeYear
    amounts: dict[str, Number] = Field(default_factory=dict)
    use: dict[str, dict[str, Number]] = Field(default_factory=dict)
    totals: dict[str, Number] = Field(default_factory=dict)


class BodyVat(VatTerms):
    """VAT, and how it comes to the participants.

    Attributes
    ----------
    route
        ``transparency``: the body passes on what it pays, and participants reclaim it (transparantieregeling);
        ``invoice``: the body charges VAT; ``cost``: VAT is a cost of the body, and nobody reclaims it.
    """

    route: Literal["transparency", "invoice", "cost"]


class RelatedPartyTerms(Checked):
    """What the paragraph on related parties (verbonden partijen, BBV article 15) says of the body, by year.

    Attributes
    ----------
    equity, debt
        At the end of each year; the year before the first of the file too.
    result
        Expected result of each year.
    seat
        Where the body has its seat.
    interest
        Which public interest it serves.
    risks
        Risks for the participants, in words.
    """

    seat: str = ""
    interest: str = Field(min_length=1)
    equity: Money | None = None
    debt: Money | None = None
    result: Money | None = None
    risks: str = ""
