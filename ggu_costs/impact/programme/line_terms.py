"""Cost lines (kostenposten), compensation and alternatives as a programme file states them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ggu_costs.impact.programme.affine_terms import AffineTerms, Uncertain
from ggu_costs.impact.programme.driver_terms import ID
from ggu_costs.impact.programme.scm_terms import StandardCost
from ggu_costs.impact.programme.spread_terms import SIGNED, Classes, Joint, Sample, Scale, Survey, TariffTerms
from ggu_costs.modelfile.budget import TaskField
from ggu_costs.modelfile.discount import Figure
from ggu_costs.modelfile.grant_keys import is_grant_column
from ggu_costs.modelfile.terms import Chosen, Grounds, KeyTerms
from ggu_costs.modelfile.values import Checked, Found, MayStandUnused, Number, Value, Year


class Adoption(Checked):
    """Adoption along an S-curve: midpoint and steepness in years, counted 1, 2, ... from the first year of the file.

    Attributes
    ----------
    midpoint
        Year, counted from 1, in which half is reached.
    steepness
        How fast it goes; more is faster.
    """

    midpoint: Uncertain
    steepness: Uncertain


class IndexTerms(Chosen):
    """Yearly indexation: one rate, certain or not, or a rate for each year.

    Attributes
    ----------
    series
        What the rate is an index of, such as IMOC or loonvoet overheid. Accres is no price index.
    rates
        By year, the rise from the year before to that year.
    base_year
        The year of whose prices the amount is.
    rate
        One rise for every year.
    """

    series: str = Field(min_length=1)
    rate: Uncertain | None = None
    rates: dict[Year, Number] = Field(default_factory=dict)
    base_year: Year

    def _wrong(self) -> Iterator[Found]:
        if (self.rate is None) == (not self.rates):
            yield "both or neither of rate and rates", "one of them", ""
        if "accres" in self.series.lower():
            other = "use IMOC, the wage index or another price index."
            remedy = f"Accres follows the growth of government spending; {other}"
            yield f"series {self.series!r}", "a price index", remedy
        for year, rate in self.rates.items():
            if not -1 < rate < 1:
                yield f"rate {rate} for {year}", "a fraction above -1 and below 1; 2.5 per cent is 0.025", ""


class Line(MayStandUnused):
    """One line of the programme.

    The amount of the line is `amount` x `factors` / `divided_by` x (1 - each of `remainder_of`), or what `scm` makes of
    steps, times and rates. It falls on municipalities in one of these ways: `per` a base, by a `key`, by a `scale`, by
    `classes`, as a `sample` has it, by a `tariff`, or as a `joint` cost.

    Attributes
    ----------
    kind
        ``cost``, ``benefit`` or ``compensation``: all positive; net = costs - benefits - compensation.
    instrument
        Of a compensation: how it reaches municipalities.
    scm
        Steps by the standard cost model, with `per`, a `key` or a `scale`.
    per
        ``municipality`` or a base (a reference column, or an input): the amount is per unit of it.
    exponent
        With `per`: the base is raised to it.
    profile
        Share of a one-off amount in each year, or level of a structural amount in each year; by default the first year,
        and every year.
    reason
        Why this line has, or has no, index where others differ; or why it stands here unused.
    task_field
        Code of the task field (taakveld, Iv3) in whose budget the line falls; by default that of ``[budget]``.
    bound
        The source says at least, or at most.
    who
        In an alternative with participants: whether the line falls on all, on them, or on the others.
    nature
        Once, or every year.
    amount
        Euro, PM, or a figure by year.
    factors
        Ids of drivers that it is multiplied by.
    divided_by
        Ids of drivers that it is divided by.
    remainder_of
        Ids of drivers of which what is left of 1 counts.
    key
        Fractions by which a national amount falls on municipalities.
    scale
        A national amount, in proportion to a power of a base.
    classes
        An amount each by class.
    sample
        Amounts as a sample of municipalities has them.
    survey
        The survey that the amount is the mean of, where the answers were not published.
    tariff
        A tariff on a column.
    joint
        A joint cost, split by a rule.
    adoption
        Instead of `profile`: an S-curve over the years.
    index
        By what it rises over the years.
    until
        Inputs that may be left out: the line is what is known of the nation until the user brings them, and lines that
        rest on them take its place. Until then only national figures are given.
    """

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    kind: Literal["cost", "benefit", "compensation"]
    nature: Literal["one_off", "structural"]
    instrument: Literal[
        "",
        "algemene_uitkering",
        "integratie_uitkering",
        "decentralisatie_uitkering",
        "specifieke_uitkering",
        "bijzondere_fondsuitkering",
        "suppletie_uitkering",
    ] = ""
    amount: Value | None = None
    factors: tuple[str, ...] = ()
    divided_by: tuple[str, ...] = ()
    remainder_of: tuple[str, ...] = ()
    scm: StandardCost | None = None
    per: str = ""
    exponent: Uncertain | None = None
    key: KeyTerms | None = None
    scale: Scale | None = None
    classes: Classes | None = None
    sample: Sample | None = None
    survey: Survey | None = None
    tariff: TariffTerms | None = None
    joint: Joint | None = None
    profile: Value | None = None
    adoption: Adoption | None = None
    index: IndexTerms | None = None
    bound: Literal["", "at_least", "at_most"] = ""
    who: Literal["all", "participants", "others"] = "all"
    task_field: TaskField = ""
    until: tuple[str, ...] = ()
    note: str = ""

    def _wrong(self) -> Iterator[Found]:
        yield from self._wrong_spread()
        if (self.kind == "compensation") != bool(self.instrument):
            allowed = "an instrument (such as algemene_uitkering) with a compensation, and only there"
            yield f"instrument {self.instrument!r} with kind {self.kind!r}", allowed, ""
        yield from self._wrong_years()

    @property
    def spread(self) -> tuple[str, ...]:
        """The ways in which the amount falls on municipalities that are given; one, in a checked file."""
        ways = ("per", "key", "scale", "classes", "sample", "tariff", "joint")
        return tuple(name for name in ways if getattr(self, name))

    @property
    def pm(self) -> bool:
        """Whether the line is a memorandum item: known to exist, not how much."""
        return self.amount is not None and self.amount.mark == "pm"

    def _wrong_spread(self) -> Iterator[Found]:
        if self.pm:
            return
        if len(self.spread) != 1:
            allowed = "exactly one of per, key, scale, classes, sample, tariff, joint"
            yield f"{' and '.join(self.spread) or 'nothing'} given", allowed, ""
        if self.exponent is not None and (not self.per or self.per == "municipality"):
            yield "exponent without a base", "per = a base such as inhabitants", ""
        own = self.spread in (("classes",), ("sample",), ("tariff",), ("joint",))
        if self.survey is not None and self.sample is not None:
            yield "survey and sample", "sample where there are answers, survey where there are none", ""
        if self.scm is not None:
            yield from self._wrong_beside_scm()
        elif self.amount is None and not self.factors and not own:
            yield "no amount", "amount, factors or both", ""
        if self.amount is not None:
            yield from self._wrong_amount(self.amount)

    def _wrong_beside_scm(self) -> Iterator[Found]:
        beside = ("amount", "factors", "divided_by", "remainder_of", "classes", "sample", "tariff", "joint", "exponent")
        given = [name for name in beside if getattr(self, name)]
        if given:
            remedy = "What is multiplied stands in scm: cases, usual, and the steps."
            yield f"scm with {' and '.join(given)}", "scm with per, key or scale", remedy

    def _wrong_amount(self, amount: Value) -> Iterator[Found]:
        if amount.mark == "unallocated":
            yield "mark 'unallocated'", "an amount, or mark = 'pm'", ""
        for year, figure in (amount.years or {}).items():
            if isinstance(figure, str):
                allowed = "a number; a line of its own with mark = 'pm' for what is not known"
                yield f"mark {figure!r} for {year}", allowed, ""
        for figure in amount.figures():
            if isinstance(figure, Decimal) and figure < 0:
                yield f"amount {figure}", "0 or more", SIGNED

    def _wrong_years(self) -> Iterator[Found]:
        if self.profile is None:
            return
        if self.adoption is not None:
            yield "profile and adoption", "one of the two", ""
        if self.profile.years is None or self.profile.unit != "share":
            yield "profile without years", "profile = { years = { 2024 = 0.5, ... }, unit = 'share', ... }", ""
            return
        for year, mark in self.profile.years.items():
            if not isinstance(mark, Decimal):
                yield f"{mark} for {year} in the profile", "a share of 0 to 1 for each year", ""
        shares = [share for share in self.profile.figures() if isinstance(share, Decimal)]
        if self.nature == "one_off" and sum(shares) != 1:
            yield f"profile of a one-off line adds up to {sum(shares)}", "1", ""
        if any(not 0 <= share <= 1 for share in shares):
            yield "a share in the profile outside 0 to 1", "0 to 1", ""


class Participants(Chosen):
    """Who takes part in an alternative: codes, or municipalities by a column.

    Attributes
    ----------
    codes
        Codes of municipalities.
    column
        Instead: a column of classes or regions.
    labels
        With `column`: the classes or regions that take part.
    """

    codes: tuple[str, ...] = ()
    column: Literal["", "size_class", "province", "safety_region"] = ""
    labels: tuple[str, ...] = ()

    def _wrong(self) -> Iterator[Found]:
        if bool(self.codes) == bool(self.column) or bool(self.column) != bool(self.labels):
            yield "codes and column", "codes, or column with labels", ""


class Alternative(Chosen):
    """One way of doing it (variant): the lines it has, and who takes part.

    Attributes
    ----------
    lines
        Ids of the lines it has.
    participants
        Who takes part; by default all.
    """

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    lines: tuple[str, ...] = Field(min_length=1)
    participants: Participants | None = None


class PublishedRange(Grounds):
    """A range, or a number, that a source publishes of a result; shown beside what the analysis gives.

    Attributes
    ----------
    of
        ``one_off`` or ``structural`` (costs minus benefits, before compensation), or the id of a line, of the nation.
    sign
        How the source writes it, where that differs from ours.
    alternative
        Id of the alternative it is of; by default the first.
    low, high
        The range.
    value
        The number, where one is published.
    reading
        What the source means by it.
    """

    FIGURES = ("low", "high", "value")

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    of: str
    alternative: str = ""
    low: Figure | None = None
    high: Figure | None = None
    value: Figure | None = None
    reading: Literal["min_max", "p10_p90", "point", "at_least"]
    sign: str = ""

    def _wrong(self) -> Iterator[Found]:
        given = set(self.figures())
        wanted = {"value"} if self.reading in ("point", "at_least") else {"low", "high"}
        if given != wanted:
            found = f"{', '.join(sorted(given)) or 'nothing'} with reading {self.reading!r}"
            yield found, ", ".join(sorted(wanted)), ""


def columns_of(line: Line) -> Iterator[tuple[str, str]]:
    """Yield dotted key and name of every base, key or column a line uses that has to be a total."""
    if line.per and line.per != "municipality":
        yield "per", line.per
    for name in line.key.parts if line.key else ():
        if name != "equal" and not is_grant_column(name):
            yield f"key.parts.{name}", name
    if line.scale is not None:
        yield "scale.base", line.scale.base
    if line.sample is not None:
        yield "sample.base", line.sample.base
    if line.tariff is not None:
        yield "tariff.column", line.tariff.column
    for where, affine in affines_of(line):
        if affine.size is not None:
            yield f"{where}.size.base", affine.size.base
    if line.joint is not None:
        for place, pool in enumerate(line.joint.pools):
            if pool.by_volume:
                yield f"joint.pools[{place}].column", pool.column
        if line.joint.weights:
            yield "joint.weights", line.joint.weights


def affines_of(line: Line) -> Iterator[tuple[str, AffineTerms]]:
    """Yield dotted key and terms of every uncertain number of a line."""
    stated = {"exponent": line.exponent}
    if line.scale is not None:
        stated["scale.exponent"] = line.scale.exponent
    if line.index is not None:
        stated["index.rate"] = line.index.rate
    if line.adoption is not None:
        stated |= {"adoption.midpoint": line.adoption.midpoint, "adoption.steepness": line.adoption.steepness}
    return ((place, terms) for place, terms in stated.items() if terms is not None)
