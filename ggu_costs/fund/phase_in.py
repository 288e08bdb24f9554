r"""Phase-in of redistribution effects (ingroeipad), neutral to the cent every year.

With full effect :math:`e_i` (plus: pays more), inhabitants :math:`p_i` and cumulative cap :math:`c_t` in euro per
inhabitant, in year t a loser pays :math:`\min(e_i, c_t p_i)` more, the cap rounded to the cent. Gainers all receive
the same fraction

.. math:: \phi_t = \frac{\sum_{e_i > 0} \min(e_i, c_t p_i)}{\sum_{e_i < 0} |e_i|}

of their full gain, in cents by largest remainders, so that the year adds up to zero. With both sides capped, gains are
:math:`\min(|e_i|, c_t p_i)`, and the longer side is scaled down to the shorter. What is not reached after the last
year is a jump (``after="full"``) or a permanent residual (``after="residual"``); either is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal, cast

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import Faults, UnknownNameError, listed
from ggu_costs.fund.terms import ReadOnly, check_known, freeze, rate_words, spread_cents, written
from ggu_costs.money import euros, finite, round_half_up
from ggu_costs.words import numbers
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.charts import PhaseInPlots
    from ggu_costs.fund.redistribution import Redistribution

__all__ = ["PhaseIn", "phase_in"]


_AFTER = {"full": "sprong naar het volle effect", "residual": "blijvend restant"}


@dataclass(frozen=True, kw_only=True)
class PhaseIn(Result):
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
    """

    yearly: tuple[Mapping[str, int], ...]
    full: Mapping[str, int]
    caps: tuple[Fraction, ...]
    after: str
    names: Mapping[str, str]
    phi: tuple[float, ...]
    limited: tuple[int, ...]
    map_date: date | None = None

    def __post_init__(self) -> None:
        """Keep the amounts as they are."""
        freeze(self, "full", "names")
        object.__setattr__(self, "yearly", tuple(ReadOnly(cents) for cents in self.yearly))

    def to_frame(self) -> pd.DataFrame:
        """Return the effect by code (rows) and year (columns 1, 2, ...), in euro."""
        import pandas as pd

        codes = list(self.full)
        data = {year: euros([cents[code] for code in codes]) for year, cents in enumerate(self.yearly, 1)}
        frame = pd.DataFrame(data, index=pd.Index(codes, name="code"))
        framed = self._framed(frame, {})
        framed.attrs["units"] = dict.fromkeys(map(str, data), "EUR")
        return framed

    @property
    def residual(self) -> pd.Series:
        """Full effect minus that of the last year, in euro by code: the jump, or the permanent residual."""
        import pandas as pd

        last = self.yearly[-1]
        cents = [self.full[code] - last[code] for code in self.full]
        return pd.Series(euros(cents), index=pd.Index(list(self.full), name="code"), name="residual")

    @property
    def reaches_full(self) -> bool:
        """Whether the last year is the full effect, for everyone."""
        return dict(self.yearly[-1]) == dict(self.full)

    @property
    def plot(self) -> PhaseInPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.fund.charts import PhaseInPlots

        return PhaseInPlots(self)

    def explain(self, code: str) -> Explanation:
        """Return cap and effect of one municipality, year by year, and what remains."""
        check_known(code, self.full, "municipality in this phase-in", self.map_date)
        steps = []
        for year, (cents, cap) in enumerate(zip(self.yearly, self.caps, strict=True), 1):
            amount = numbers.euro(Fraction(cents[code], 100), plus=True)
            steps.append(Step(f"jaar {year}", amount, f"{label('cap')} {rate_words(cap)} per inwoner"))
        left = self.full[code] - self.yearly[-1][code]
        steps.append(Step(label("effect"), numbers.euro(Fraction(self.full[code], 100), plus=True)))
        steps.append(Step(label("residual"), numbers.euro(Fraction(left, 100), plus=True), _AFTER[self.after]))
        return Explanation(f"{self.names.get(code, code)} ({code}): {self.title}", tuple(steps), self.notes)

    def summary(self) -> pd.DataFrame:
        """Return by year ``cap, limited, moved, phi, residual``.

        ``limited``: municipalities that the cap still holds back; ``moved``: euro that losers pay more; ``phi``: part
        of their gain that gainers receive (of the gain under the cap where both sides are capped); ``residual``: euro
        of losses not yet borne.
        """
        import pandas as pd

        rows = []
        losses = sum(cents for cents in self.full.values() if cents > 0)
        parts = zip(self.yearly, self.caps, self.phi, self.limited, strict=True)
        for year, (cents, cap, phi, limited) in enumerate(parts, 1):
            moved = sum(amount for amount in cents.values() if amount > 0)
            rows.append((year, float(cap), limited, moved / 100, phi, (losses - moved) / 100))
        names = ["year", "cap", "limited", "moved", "phi", "residual"]
        frame = pd.DataFrame(rows, columns=names).set_index("year")
        return self._framed(frame, {"cap": "EUR/inhabitant", "moved": "EUR", "residual": "EUR", "phi": "share"})


def phase_in(
    effects: Redistribution,
    per_inhabitant_per_year: float | Sequence[float],
    years: int | None = None,
    *,
    after: Literal["full", "residual"] = "full",
    both_sides: bool = False,
) -> PhaseIn:
    """Spread effects over years; see the module for the definition."""
    caps = _caps(effects, per_inhabitant_per_year, years, after)
    full, people = effects.effect, effects.inhabitants
    yearly: list[dict[str, int]] = []
    phis: list[float] = []
    limited: list[int] = []
    losses = {code: cents for code, cents in full.items() if cents > 0}
    gains = {code: -cents for code, cents in full.items() if cents < 0}
    for cap in caps:
        # half up to the cent, at most the full effect
        allowed = {code: round_half_up(cap * people[code] * 100) for code in full}
        paid = {code: min(cents, allowed[code]) for code, cents in losses.items()}
        reach = {code: min(cents, allowed[code]) if both_sides else cents for code, cents in gains.items()}
        limited.append(sum(paid[c] < losses[c] for c in losses) + sum(reach[c] < gains[c] for c in gains))
        moved = min(sum(paid.values()), sum(reach.values()))
        paid, received = _scaled(paid, moved), _scaled(reach, moved)
        yearly.append({code: paid.get(code, 0) - received.get(code, 0) for code in full})
        phis.append(moved / sum(reach.values()) if any(reach.values()) else 1.0)
    notes = list(effects.notes)
    left = sum(abs(full[code] - yearly[-1][code]) for code in full)
    if left:
        count = sum(full[code] != yearly[-1][code] for code in full)
        amount = numbers.euro(left / 200)
        notes.append(f"Na jaar {len(caps)}: {_AFTER[after]} voor {count} gemeenten; nog te verschuiven {amount}.")
    return PhaseIn(
        title=f"Ingroeipad: {effects.title}", notes=tuple(notes), illustrative=effects.illustrative,
        provenance={**effects.provenance, "caps": [str(cap) for cap in caps], "after": after, "both_sides": both_sides},
        yearly=tuple(yearly), full=full, caps=caps, after=after, names=effects.names, phi=tuple(phis),
        limited=tuple(limited), map_date=effects.map_date,
    )  # fmt: skip


def _caps(
    effects: Redistribution, per_year: float | Sequence[float], years: int | None, after: str
) -> tuple[Fraction, ...]:
    """Cumulative caps, checked."""
    if after not in ("full", "residual"):
        raise UnknownNameError("end of a phase-in", after, ("full", "residual"))
    faults = Faults()
    several = isinstance(per_year, Iterable) and not isinstance(per_year, str | bytes | Mapping | Set)
    if years is not None and (isinstance(years, bool) or not hasattr(years, "__index__") or years < 1):
        faults.add("years", repr(years), "a whole number of years, 1 or more")
        years = None
    elif years is None and not several:
        faults.add("years", "not given", "a number of years")
    given: list[Any] = list(cast("Iterable[Any]", per_year)) if several else [per_year] * (years or 1)
    if several and (not given or (years is not None and len(given) != years)):
        found = f"{len(given)} caps" + ("" if years is None else f", while years is {years}")
        faults.add("per_inhabitant_per_year", found, "one cap a year, 1 or more")
    steps = [finite(cap) for cap in given]
    if not several and (steps[0] is None or steps[0] < 0):
        allowed = "euro, 0 or more: one number, or a list with one cap a year"
        faults.add("per_inhabitant_per_year", repr(per_year), allowed)
    for year, (cap, step) in enumerate(zip(given if several else (), steps, strict=False), 1):
        if step is None or step < 0:
            faults.add(f"per_inhabitant_per_year, year {year}", written(cap), "euro, 0 or more")
    missing = [code for code in effects.effect if code not in effects.inhabitants]
    if missing:
        found = f"not known for {len(missing)}: {listed(missing)}"
        faults.add("inhabitants", found, "inhabitants of each municipality", "Give redistribution(..., inhabitants=).")
    faults.check("this phase-in cannot be made", remedy="Correct the arguments listed.")
    return tuple(accumulate(step if isinstance(step, Fraction) else Fraction(str(step)) for step in steps))


def _scaled(side: Mapping[str, int], moved: int) -> dict[str, int]:
    """Bring one side to `moved` cents in proportion; untouched where it is there already."""
    if sum(side.values()) == moved:
        return dict(side)
    return spread_cents(moved, {code: Fraction(cents) for code, cents in side.items()})
