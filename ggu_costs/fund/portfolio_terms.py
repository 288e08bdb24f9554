"""What a fund file says of its portfolio: activities, half-yearly figures, underspends and the reserve."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from ggu_costs.modelfile.values import Checked, Money, Number, WholeYear

Part = Literal["structural", "long_running", "project"]
PARTS: tuple[Part, ...] = get_args(Part)
"""The three parts of the portfolio (driedeling): structural activities, long-running programmes, short projects."""

Policy = Literal["carry_forward", "refund", "earmark", "reserve"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
"""What is done with an underspend."""


def _as_list(raw: object) -> object:
    return [raw] if isinstance(raw, dict) else raw


class HalfYear(Checked):
    """One activity in a half-yearly report (halfjaarrapportage): spent so far, and the forecast of the whole year.

    Attributes
    ----------
    period
        The half-year, such as ``2020-H1``.
    actual
        Spent so far in the year.
    forecast
        What the whole year is expected to cost.
    explanation
        Why it differs from the budget.
    """

    period: str = Field(pattern=r"^(19|20|21)\d{2}-H[12]$")
    actual: Money
    forecast: Money
    explanation: str = ""


class Activity(Checked):
    """One activity of the portfolio with its budget.

    Attributes
    ----------
    years
        Years in which it runs; by default all years of the file.
    realised
        What it cost by the annual accounts (jaarrekening); without it the report of the second half-year says so.
    part
        Part of the portfolio: ``structural``, ``long_running`` or ``project``.
    budget
        What it may cost in each year.
    half_year
        Half-yearly figures.
    """

    id: str = Field(pattern=r"^[a-z0-9\-]+$")
    name: str
    part: Part
    years: tuple[WholeYear, ...] = ()
    budget: Money
    realised: Money | None = None
    half_year: Annotated[tuple[HalfYear, ...], BeforeValidator(_as_list)] = ()

    def runs_in(self, year: int) -> bool:
        """Whether the activity is in the portfolio of a year."""
        return not self.years or year in self.years


class Earmark(Checked):
    """A purpose to which part of an underspend goes.

    Attributes
    ----------
    spent
        What is spent of it in each later year (``years``).
    purpose
        For what it is kept.
    share
        Part of the underspend.
    """

    purpose: str
    share: Number = Field(gt=0, le=1)
    spent: Money | None = None


class UnderspendTerms(Checked):
    """An underspend (onderbesteding) and what is done with it.

    Attributes
    ----------
    spent
        Of what is carried forward: what is spent of it in each later year (``years``); of a refund: what is paid back.
    year
        Year that was underspent.
    amount
        What was left.
    policy
        Carried forward, paid back, earmarked or put in the reserve.
    earmarks
        With ``earmark``: the purposes.
    """

    year: WholeYear
    amount: Money
    policy: Policy
    earmarks: tuple[Earmark, ...] = ()
    spent: Money | None = None


class ReserveTerms(Checked):
    """The reserve of the fund: balance at the start, and what is taken from it (+) or added to it (-) each year.

    Attributes
    ----------
    closing
        Balance at the end of years, where a source states it: opening + in - out has to be that.
    opening
        Balance at the start of the first year.
    withdrawal
        What is taken from it in each year (+) or added to it (-).
    """

    opening: Money
    withdrawal: Money
    closing: Money | None = None
