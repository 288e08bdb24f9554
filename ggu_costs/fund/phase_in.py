r"""Phase-in of redistribution effects (ingroeipad), neutral to the cent every year.

With full effect :math:`e_i` (plus: pays more), inhabitants :math:`p_i` and cumulative cap :math:`c_t` in euro per
inhabitant, in year t a loser pays :math:`\min(e_i, c_t p_i)` more, the cap rounded to the cent. Gainers all receive
the same fraction

.. math:: \phi_t = \frac{\sum_{e_i > 0} \min(e_i, c_t p_i)}{\sum_{e_i < 0} |e_i|}

of their full gain, in cents by largest remainders, so that the year adds up to zero. With both sides capped, gains are
:math:`\min(|e_i|, c_t p_i)`, and the longer side is scaled down to the shorter. What is not reached after the last
year is a jump (``after="full"``) or a permanent residual (``after="residual"``); either is shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any, ClassVar, Literal, cast

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.errors import Faults, UnknownNameError, is_one_of, listed
from ggu_costs.figures import finite, has_entries, plain, read_whole
from ggu_costs.frames import amend
from ggu_costs.fund.result import CentsResult, cents_step, euro_frame
from ggu_costs.fund.terms import format_plain, rate_words, spread_cents
from ggu_costs.money import euros, round_half_up
from ggu_costs.results.base import Step
from ggu_costs.words.messages import euro, message

_ARGUMENTS = ("per_inhabitant_per_year", "years", "after", "both_sides")


@dataclass(frozen=True, kw_only=True)
class PhaseIn(CentsResult):
    """Effects year by year on the way to the full effect.

    Attributes
    ----------
    yearly
        Cents by code for each year: what is paid more (+) or less (-) than before; adds up to zero.
    full
        The full effect in cents.
    caps
        Cumulative cap of each year, euro per inhabitant.
    after
        ``full`` or ``residual``.
    phi
        Part of their gain that gainers receive in each year.
    capped
        Codes of the municipalities that the cap still holds back in each year.
    both_sides
        Whether gainers are capped too.
    received
        Whether amounts are received instead of paid, so that plus is better off.
    """

    yearly: tuple[Mapping[str, int], ...]
    full: Mapping[str, int]
    caps: tuple[Fraction, ...]
    after: str
    phi: tuple[float, ...]
    capped: tuple[tuple[str, ...], ...]
    both_sides: bool = False
    received: bool = False

    noun: ClassVar[str] = "phase-in"

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code of each year: 1, 2, ..."""
        return {str(year): cents for year, cents in enumerate(self.yearly, 1)}

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked, for provenance."""
        return {"caps": [str(cap) for cap in self.caps], "after": self.after, "both_sides": self.both_sides}

    @property
    def limited(self) -> tuple[int, ...]:
        """Municipalities that the cap still holds back in each year."""
        return tuple(map(len, self.capped))

    def to_frame(self) -> pd.DataFrame:
        """Return the effect by code (rows) and year (columns 1, 2, ...), in euro."""
        frame = self._framed(euro_frame(dict(enumerate(self.yearly, 1))), {})
        return amend(frame, units=dict.fromkeys(self.columns, "EUR"))

    def by_municipality(self) -> pd.DataFrame:
        """Return the way to the full effect by code, in euro, and in how many years the cap holds each back.

        Returns
        -------
        pandas.DataFrame
            ``name, redistribution, year_1, year_2, ..., residual, years_capped``.
        """
        years = {f"year_{year}": cents for year, cents in self.columns.items()}
        left = {code: cents - self.yearly[-1][code] for code, cents in self.full.items()}
        columns = {"redistribution": self.full, **years, "residual": left}
        frame = euro_frame(columns, self.names)
        frame["years_capped"] = [sum(code in codes for codes in self.capped) for code in self.full]
        units = {**dict.fromkeys(columns, "EUR"), "years_capped": "count"}
        return self._framed(frame, units, total=tuple(columns))

    @property
    def residual(self) -> pd.Series:
        """Full effect minus that of the last year, in euro by code: the jump, or the permanent residual."""
        last = self.yearly[-1]
        cents = [self.full[code] - last[code] for code in self.full]
        return pd.Series(euros(cents), index=pd.Index(list(self.full), name="code"), name="residual")

    @property
    def reaches_full(self) -> bool:
        """Whether the last year is the full effect, for everyone."""
        return dict(self.yearly[-1]) == dict(self.full)

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``phase_in``."""
        return Plots(phase_in=self._path_chart)

    def _path_chart(self, *, lang: str) -> Chart:
        """Draw the amount moved each year, and the part of the gain that is paid out."""
        return Chart(title=self.title, frame=self.summary(), kind="panels", x="year", y=("moved", "phi"))

    def _steps(self, code: str) -> Iterator[Step]:
        for (year, cents), cap in zip(self.columns.items(), self.caps, strict=True):
            amount = euro(Fraction(cents[code], 100), plus=True)
            yield Step(message("year_of_path", year=year), amount, message("cap_of_year", cap=rate_words(cap)))
        yield cents_step("redistribution", self.full[code], plus=True)
        yield cents_step("residual", self.full[code] - self.yearly[-1][code], message(self.after), plus=True)

    def summary(self) -> pd.DataFrame:
        """Return by year ``cap, limited, moved, phi, residual``.

        ``limited`` (``limited_both`` where both sides are capped): municipalities that the cap still holds back;
        ``moved``: euro that losers pay more, or receive less; ``phi``: part of their gain that gainers receive (of the
        gain under the cap where both sides are capped); ``residual``: euro of losses not yet borne.
        """
        sign = -1 if self.received else 1
        losses = _above_zero(self.full, sign)
        moved = [_above_zero(cents, sign) for cents in self.yearly]
        held = "limited_both" if self.both_sides else "limited"
        columns = {
            "cap": list(map(float, self.caps)), held: self.limited, "moved": euros(moved), "phi": self.phi,
            "residual": euros([losses - cents for cents in moved]),
        }  # fmt: skip
        frame = pd.DataFrame(columns, index=pd.Index(list(range(1, len(moved) + 1)), name="year"))
        return self._framed(frame, {"cap": "EUR/inhabitant", "moved": "EUR", "residual": "EUR", "phi": "share"})


def _above_zero(cents: Mapping[str, int], sign: int) -> int:
    return sum(sign * amount for amount in cents.values() if sign * amount > 0)


def phase_in(
    effects: CentsResult,
    full: Mapping[str, int],
    people: Mapping[str, Fraction],
    per_inhabitant_per_year: float | Sequence[float],
    years: int | None = None,
    *,
    after: Literal["full", "residual"] = "full",
    both_sides: bool = False,
    received: bool = False,
) -> PhaseIn:
    """Spread effects over years; see the module for the definition.

    Parameters
    ----------
    effects
        The result that the effects are of.
    full, people
        The full effect in cents, and inhabitants, by code.
    per_inhabitant_per_year, years, after, both_sides
        As for :meth:`Redistribution.phase_in <ggu_costs.fund.redistribution.Redistribution.phase_in>`.
    received
        Effects are on what is received: minus is a loss.
    """
    sign = -1 if received else 1
    caps = _caps(per_inhabitant_per_year, years, after, [code for code in full if code not in people])
    losses = {code: sign * cents for code, cents in full.items() if sign * cents > 0}
    gains = {code: -sign * cents for code, cents in full.items() if sign * cents < 0}

    def of_year(cap: Fraction) -> tuple[dict[str, int], float, tuple[str, ...]]:
        """Return the cents by code, the part of their gain that gainers receive, and whom the cap holds back."""
        cents_each = cap * 100
        allowed = {code: round_half_up(cents_each * people[code]) for code in full}
        paid = {code: min(cents, allowed[code]) for code, cents in losses.items()}
        reach = {code: min(cents, allowed[code]) if both_sides else cents for code, cents in gains.items()}
        held = tuple(c for c in full if paid.get(c, 0) < losses.get(c, 0) or reach.get(c, 0) < gains.get(c, 0))
        moved = min(sum(paid.values()), sum(reach.values()))
        phi = moved / sum(reach.values()) if any(reach.values()) else 1.0
        paid, gained = _scale(paid, moved), _scale(reach, moved)
        return {code: sign * (paid.get(code, 0) - gained.get(code, 0)) for code in full}, phi, held

    yearly, phi, capped = zip(*map(of_year, caps), strict=True)
    notes = list(effects.notes)
    left = sum(abs(full[code] - yearly[-1][code]) for code in full)
    if left:
        count = sum(full[code] != yearly[-1][code] for code in full)
        notes.append(message(f"after_path_{after}", years=len(caps), count=count, left=left / 200))
    return PhaseIn(
        title=message("phase_in_of", title=effects.title), notes=tuple(notes), illustrative=effects.illustrative,
        provenance={**effects.provenance, "caps": [str(cap) for cap in caps], "after": after, "both_sides": both_sides},
        yearly=yearly, full=full, caps=caps, after=after, phi=phi, capped=capped, both_sides=both_sides,
        received=received,
        map_date=effects.map_date, reference=effects.reference,
    )  # fmt: skip


def path_of(effects: Any, asked: Mapping[str, Any] | Sequence[float]) -> PhaseIn:
    """Spread a redistribution over years as `asked`: one cap a year, or the arguments by name.

    Raises
    ------
    InputError
        Arguments that are none, and every fault in those that are.
    """
    arguments: dict[str, Any] = dict(asked) if isinstance(asked, Mapping) else {"per_inhabitant_per_year": asked}
    faults = Faults()
    for name in arguments.keys() - _ARGUMENTS:
        faults.add("phase_in", f"{format_plain(name)}", listed(_ARGUMENTS))
    if "per_inhabitant_per_year" not in arguments:
        faults.add("phase_in", "no per_inhabitant_per_year", "euro per inhabitant: one number, or a list, one a year")
    faults.check("this phase-in cannot be made", remedy="Correct the arguments listed.")
    found: PhaseIn = effects.phase_in(**arguments)
    return found


def _caps(
    per_year: float | Sequence[float], years: int | None, after: str, uncounted: Sequence[str]
) -> tuple[Fraction, ...]:
    """Cumulative caps, checked; `uncounted`: codes whose inhabitants are not known."""
    if not is_one_of(after, ("full", "residual")):
        raise UnknownNameError("end of a phase-in", after, ("full", "residual"))
    faults = Faults()
    per_year = plain(per_year)
    several = has_entries(per_year) and not isinstance(per_year, str | bytes | Mapping | Set)
    if years is not None:
        years = read_whole(years, "years", faults, least=1, most=1000, allowed="a whole number of years, 1 or more")
    elif years is None and not several:
        faults.add("years", "not given", "a number of years")
    given: list[Any] = list(cast("Iterable[Any]", per_year)) if several else [per_year] * (years or 1)
    if several and (not given or (years is not None and len(given) != years)):
        found = f"{len(given)} caps" + ("" if years is None else f", while years is {years}")
        faults.add("per_inhabitant_per_year", found, "one cap a year, 1 or more")
    steps = [finite(cap) for cap in given]
    if not several and (steps[0] is None or steps[0] < 0):
        allowed = "euro, 0 or more: one number, or a list with one cap a year"
        faults.add("per_inhabitant_per_year", format_plain(per_year), allowed)
    for year, (cap, step) in enumerate(zip(given if several else (), steps, strict=False), 1):
        if step is None or step < 0:
            faults.add(f"per_inhabitant_per_year, year {year}", format_plain(cap), "euro, 0 or more")
    if uncounted:
        found = f"not known for {len(uncounted)}: {listed(uncounted)}"
        faults.add("inhabitants", found, "inhabitants of each municipality", "Give redistribution(..., inhabitants=).")
    faults.check("this phase-in cannot be made", remedy="Correct the arguments listed.")
    return tuple(accumulate(step if isinstance(step, Fraction) else Fraction(str(step)) for step in steps))


def _scale(side: Mapping[str, int], moved: int) -> dict[str, int]:
    """Bring one side to `moved` cents in proportion; untouched where it is there already."""
    if sum(side.values()) == moved:
        return dict(side)
    return spread_cents(moved, {code: Fraction(cents) for code, cents in side.items()})
