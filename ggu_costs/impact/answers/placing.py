"""Where another figure falls in the distribution of an estimate: published elsewhere, or what happened.

For each figure it is told which part of the draws lies at or below it, which single driver would explain it (all others
at their median), and what of the two is not like for like. Of an estimate without spread there is no place, only more,
less or the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.frames import amend, describe
from ggu_costs.impact.answers.base import NATION, SHOWN, SimulationResult, place_of
from ggu_costs.impact.answers.break_even import inversion_of, weights_for
from ggu_costs.impact.answers.inversion import Inversion
from ggu_costs.impact.answers.runner import Query
from ggu_costs.results import Result
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import joined, message

INSIDE = (0.05, 0.95)
"""Between these quantiles a figure is told to lie within the estimate."""
_COUNTED = frozenset({"below_all", "below", "within", "above", "above_all"})
_Z = 1.959963984540054
"""Quantile 0.975 of the standard normal distribution."""
_SAME = 1e-6
"""Of an amount: nearer to an estimate without spread it is the same."""


@dataclass(frozen=True)
class Other:
    """Another figure.

    Attributes
    ----------
    index
        What it is of: the row in the answer.
    quantity, of
        The figure of the estimate that it is held against; empty where there is none. The nation, or a code.
    low, high
        The figure, or both ends of a range.
    why
        What is not like for like.
    more
        Further columns.
    """

    index: tuple[str, ...]
    quantity: str
    of: str
    low: float
    high: float
    why: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Placed(Result):
    """Other figures in the distribution of an estimate.

    Attributes
    ----------
    frame
        By figure; see :meth:`to_frame`.
    nation
        Whether every figure is of the nation, so that amounts are shown in that precision.
    names
        Of the municipalities that a figure is of, by code.
    """

    frame: pd.DataFrame
    nation: bool = True
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return the figures.

        Returns
        -------
        pandas.DataFrame
            ``low, high`` (or ``amount``), ``p5, p50, p95`` of the estimate; ``share_below``: part of the draws at or
            below the figure (``share_below_high``: below the high end of a range; NaN without spread); ``verdict``:
            ``below_all`` every draw, ``below`` P5, ``within``, ``above``, ``above_all``, ``overlaps`` of a range
            partly outside, ``equal``, ``not_estimated``; ``driver, driver_value, driver_place``: the single driver that
            would explain it, nearest to its median; ``like_for_like`` (``yes``, ``no``) and ``why`` not.
        """
        names = self.frame.columns
        units = {name: "EUR" for name in ("amount", "low", "high", "p5", "p50", "p95") if name in names}
        units |= {name: "share" for name in ("share_below", "share_below_high", "driver_place") if name in names}
        decimals = {
            "EUR": SHOWN[self.nation],
            "share_below": 0,
            "share_below_high": 0,
            "driver_place": 0,
            "driver_value": 4,
        }
        return amend(self._framed(self.frame.copy(), units), decimals=decimals)

    def shown(self) -> pd.DataFrame:
        """Return the figures for a table: by item, with names of municipalities in place of codes."""
        frame = self.to_frame()
        facts = dict(frame.attrs)
        flat = frame.reset_index([name for name in frame.index.names if name != "item"])
        if "code" in flat:
            named = [self.names.get(code, message("all_of_them")) for code in flat["code"]]
            flat = flat.rename(columns={"code": "municipality"})
            flat["municipality"] = pd.Series(named, flat.index, dtype=object)
        return describe(flat, **{str(name): fact for name, fact in facts.items()})

    def calibration(self) -> pd.Series:
        """Return how many figures fall within P5 to P95 of an estimate that has a spread; 0.90 is as it should be.

        A range that lies only partly within counts neither way.

        Returns
        -------
        pandas.Series
            ``figures, within, share``; ``share_low, share_high``, between which the share lies with a confidence of
            95 % (Wilson's interval) where figures are independent of one another: those of one programme often are
            not, and then it is wider; ``expected``, and ``like_for_like``: how many of the figures are. Shares are NaN
            where there are no figures.

        References
        ----------
        .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
        """
        known = self.frame[self.frame["verdict"].isin(_COUNTED)]
        within, count = int((known["verdict"] == "within").sum()), len(known)
        return pd.Series(
            {
                "figures": count, "within": within, **_share(within, count),
                "expected": round(INSIDE[1] - INSIDE[0], 9),
                "like_for_like": int((known["like_for_like"] == "yes").sum()),
            },
            name="calibration",
        )  # fmt: skip


def _share(within: float, count: float) -> dict[str, float]:
    r"""Return a share with Wilson's interval of 95 %.

    .. math:: \frac{p + z^2 / 2n \pm z \sqrt{p (1 - p) / n + z^2 / 4n^2}}{1 + z^2 / n}
    """
    if not count:
        return dict.fromkeys(("share", "share_low", "share_high"), math.nan)
    share, square = within / count, _Z**2 / count
    middle, reach = share + square / 2, _Z * math.sqrt(share * (1 - share) / count + square / (4 * count))
    low, high = (middle - reach) / (1 + square), (middle + reach) / (1 + square)
    return {"share": share, "share_low": max(low, 0.0), "share_high": min(high, 1.0)}


def calibration(placed: Mapping[str, Placed]) -> pd.DataFrame:
    """Return the calibration of several estimates, and of all their figures together.

    Parameters
    ----------
    placed
        By name of the programme, what :meth:`ImpactResult.realised` or :meth:`ImpactResult.compare_published` gave.

    Returns
    -------
    pandas.DataFrame
        By programme, and ``all``, the figures of :meth:`Placed.calibration`.

    Raises
    ------
    InputError
        Nothing, or something else than these.
    """
    if not isinstance(placed, Mapping) or not placed or not all(isinstance(one, Placed) for one in placed.values()):
        raise InputError("nothing to calibrate", remedy="Give results of realised() or compare_published(), by name.")
    rows = pd.DataFrame({str(name): one.calibration() for name, one in placed.items()}).T
    whole = rows.sum()
    whole.update(pd.Series(_share(whole["within"], whole["figures"])))
    whole["expected"] = rows["expected"].iloc[0]
    rows.loc["all"] = whole
    rows.index.name = "programme"
    units = dict.fromkeys(("share", "share_low", "share_high", "expected"), "share")
    counts = dict.fromkeys(("figures", "within", "like_for_like"), "count")
    return describe(rows, units=counts | units, decimals=dict.fromkeys([*counts, *units], 0))


def place(result: SimulationResult, others: Sequence[Other]) -> list[dict[str, object]]:
    """Work out where each figure falls; all are asked in one pass over the draws."""
    known = [one for one in others if one.quantity]
    result.runner.ask(
        Query(result.selection, one.quantity, "none" if one.of == NATION else "distribution") for one in known
    )
    explains = _Explains(result)
    return [_row(result, one, explains) if one.quantity else _without(one) for one in others]


def _row(result: SimulationResult, other: Other, explains: _Explains) -> dict[str, object]:
    row_of = None if other.of == NATION else place_of(result, other.of)
    rows = (result.runner.nation if row_of is None else result.runner.units)(result.selection, other.quantity)
    at = row_of or 0
    p5, p50, p95 = (float(level[at]) for level in rows.quantiles((INSIDE[0], 0.5, INSIDE[1])))
    ends = [_place(rows, at, amount) for amount in (other.low, other.high)]
    told = {"p5": p5, "p50": p50, "p95": p95, "share_below": ends[0]}
    if other.low != other.high:
        told["share_below_high"] = ends[1]
    target = (other.low + other.high) / 2
    return {**told, "verdict": _verdict(rows, at, other, ends, (p5, p95)), **explains(other.quantity, other.of, target),
            **_footing(other)}  # fmt: skip


def _place(rows: Rows, at: int, amount: float) -> float:
    """Share of the draws at or below an amount; NaN without spread."""
    return math.nan if rows.sd[at] == 0 else 1.0 - float(rows.probability(amount)[at])


def _verdict(rows: Rows, at: int, other: Other, ends: Sequence[float], inside: tuple[float, float]) -> str:
    """Say where a figure lies; a range lies where all of it does."""
    if rows.sd[at] == 0:
        middle = float(rows.mean[at])
        off = _SAME * max(abs(middle), 1.0)
        return "above_all" if other.low > middle + off else "below_all" if other.high < middle - off else "equal"
    p5, p95 = inside
    if other.low > p95:
        return "above_all" if ends[0] >= 1.0 else "above"
    if other.high < p5:
        return "below_all" if ends[1] <= 0.0 else "below"
    return "within" if p5 <= other.low and other.high <= p95 else "overlaps"


def _without(other: Other) -> dict[str, object]:
    empty = dict.fromkeys(("p5", "p50", "p95", "share_below"), math.nan)
    return {**empty, "verdict": "not_estimated", "driver": "", "driver_value": math.nan, "driver_place": math.nan,
            **_footing(other)}  # fmt: skip


def _footing(other: Other) -> dict[str, object]:
    return {"like_for_like": "no" if other.why else "yes", "why": joined(other.why, "; ") if other.why else ""}


class _Explains:
    """Names the driver that would explain a figure; each question is compiled once."""

    def __init__(self, result: SimulationResult) -> None:
        self.result = result
        self.known: dict[str, Inversion | None] = {}

    def __call__(self, quantity: str, of: str, target: float) -> dict[str, object]:
        if quantity not in self.known:
            terms = self.result.runner.KIND == "terms" and bool(self.result.assembly.drivers)
            self.known[quantity] = inversion_of(self.result, quantity) if terms else None
        inversion = self.known[quantity]
        nothing: dict[str, object] = {
            "driver": message("no_driver_alone") if inversion else "",
            "driver_value": math.nan,
            "driver_place": math.nan,
        }
        if inversion is None:
            return nothing
        found = [one for one in inversion.one_at_a_time(weights_for(self.result, of), target) if one.values]
        if not found:
            return nothing
        nearest = min(found, key=lambda one: abs(one.score))
        called = self.result.assembly.driver_words(nearest.driver)
        return {"driver": called, "driver_value": nearest.values[nearest.driver],
                "driver_place": nearest.place}  # fmt: skip


def frame_of(
    others: Sequence[Other],
    rows: Iterable[Mapping[str, object]],
    names: Sequence[str],
    amount: Callable[[Other], Mapping[str, object]],
) -> pd.DataFrame:
    """Return the rows as a frame by what the figures are of; messages stay messages."""
    index = pd.MultiIndex.from_tuples([one.index for one in others], names=list(names))
    content = [{**one.more, **amount(one), **row} for one, row in zip(others, rows, strict=True)]
    columns = list(dict.fromkeys(name for row in content for name in row))
    if "share_below_high" in columns:
        columns.remove("share_below_high")
        columns.insert(columns.index("share_below") + 1, "share_below_high")
    data = {}
    for name in columns:
        cells = [row.get(name, np.nan) for row in content]
        texts = any(isinstance(cell, str) for cell in cells)
        data[name] = pd.Series(cells, index, dtype=object if texts else float)
    return pd.DataFrame(data, index)
