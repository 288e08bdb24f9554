r"""Carrying figures from one municipal map to a later one.

With :math:`T(i, k)` the share of old municipality i that new municipality k received (see :mod:`.maps`), a total is
:math:`y_k = \sum_i T(i, k)\, x_i` and a rate the weighted mean
:math:`r_k = \sum_i T(i, k)\, w_i r_i \,/ \sum_i T(i, k)\, w_i`. Both are computed in exact fractions and rounded to
float64 once, at the end, so the sum of a total is kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from ggu_costs.errors import Faults, UnknownNameError, is_one_of
from ggu_costs.figures import finite, is_missing, plain, shown
from ggu_costs.reference.codes import Codes
from ggu_costs.reference.maps import Parts, whole_year

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import DateLike


Carried: TypeAlias = Literal["total", "rate"]
"""What adds up, and what is averaged."""


class Carrying(Codes):
    """Figures of one map on a later one."""

    def _first_of_january(self, year: int, what: str) -> date:
        """Return 1 January of a year whose map is known."""
        whole = whole_year(year, what=what)
        return self.map_day(f"{whole:04d}-01-01", what=f"{what} {whole}, so")

    def carry(
        self,
        series: pd.Series,
        *,
        from_year: int,
        to_year: int,
        kind: Carried = "total",
        weights: pd.Series | None = None,
    ) -> pd.Series:
        """Carry figures by municipality from the map of one year to that of a later year (both on 1 January).

        Parameters
        ----------
        series
            One figure for each municipality of `from_year`; the index holds exactly their codes.
        from_year, to_year
            Years of the tables (see :func:`municipalities`), the second not before the first.
        kind
            ``total`` for what adds up (inhabitants, euros), ``rate`` for a percentage, density or average.
        weights
            For a rate: what it is a rate of (such as inhabitants or households), by code of `from_year`, 0 or more.

        Returns
        -------
        pandas.Series
            float64, indexed by the codes of `to_year`, with the name of `series`; not rounded to whole units.

        Raises
        ------
        InputError
            Codes or figures that do not fit, all at once; a year before the first; a rate or class carried as a total.
        OutsidePeriodError
            A year for which the map is not known.
        UnknownNameError
            Another `kind`.

        Notes
        -----
        A split municipality is divided by its inhabitants, which need not be the share of its area, addresses or costs.
        A municipality that nothing happened to keeps its figure. Where the weights of the parts of a new municipality
        are all 0 there is no mean: an error.

        Examples
        --------
        >>> from ggu_costs.reference import carry, municipalities
        >>> inhabitants = municipalities(2018)["inhabitants"]
        >>> carried = carry(inhabitants, from_year=2018, to_year=2025)
        >>> len(carried), round(float(carried.sum()), 6)
        (342, 17181084.0)
        """
        start, end = self._first_of_january(from_year, "from_year"), self._first_of_january(to_year, "to_year")
        return self.carry_between(series, from_date=start, to_date=end, kind=kind, weights=weights)

    def carry_between(
        self,
        series: pd.Series,
        *,
        from_date: DateLike,
        to_date: DateLike,
        kind: Carried = "total",
        weights: pd.Series | None = None,
    ) -> pd.Series:
        """Carry figures by municipality from the map of one day to that of a later day.

        As :func:`carry`, for any two days within the years of the tables.

        Parameters
        ----------
        series
            One figure for each municipality of `from_date`.
        from_date, to_date
            Days whose map is known, the second not before the first.
        kind
            ``total`` or ``rate``.
        weights
            For a rate, by code of `from_date`.

        Returns
        -------
        pandas.Series
            float64, indexed by the codes of `to_date`.

        Raises
        ------
        InputError, OutsidePeriodError, UnknownNameError
            As :func:`carry`.

        Examples
        --------
        >>> from ggu_costs.reference import carry_between, municipalities
        >>> inhabitants = municipalities(2022)["inhabitants"]
        >>> carried = carry_between(inhabitants, from_date="2022-01-01", to_date="2022-03-24")
        >>> float(carried["GM0363"] - inhabitants["GM0363"] - inhabitants["GM0457"])
        0.0
        """
        import pandas as pd

        if not is_one_of(kind, get_args(Carried)):
            raise UnknownNameError("kind", kind, get_args(Carried))
        shares_of = getattr(series if weights is None else weights, "name", None)
        moved = self.transfer(from_date, to_date, str(shares_of))
        day = self.map_day(from_date)
        faults = Faults()
        self._check_kind(series, kind, weights, faults)
        figures = self._check_figures(series, day, what="series", faults=faults)
        weighing = (
            None if weights is None else self._check_figures(weights, day, what="weights", faults=faults, least=0)
        )
        faults.check(f"carry cannot use these figures of {day}", remedy="Correct the figures listed.")
        values = _totals(figures, moved) if weighing is None else _means(figures, weighing, moved)
        name = str(series.name) if series.name else None
        return pd.Series(dict(sorted(values.items())), dtype="float64", name=name).rename_axis("code")

    def _check_kind(self, series: pd.Series, kind: str, weights: object, faults: Faults) -> None:
        name = getattr(series, "name", None)
        known = self.column_kind(name)
        if known in ("class", "label"):
            faults.add(f"series {name!r}", f"a {known}, which can be neither added up nor averaged", "totals and rates",
                       "Look it up on the later map instead.")  # fmt: skip
        elif known == "rate" and kind == "total":
            faults.add(f"series {name!r}", "a percentage, density or average carried as a total", "kind='rate'",
                       "Carry it with kind='rate' and weights, or rename the Series if it is a total.")  # fmt: skip
        if kind == "rate" and weights is None:
            faults.add("weights", "none", "what the rate is a rate of, by code",
                       "Give weights, such as inhabitants or households of the same date.")  # fmt: skip
        if kind == "total" and weights is not None:
            faults.add("weights", "given for a total", "weights with kind='rate' only", "Leave out weights.")

    def _check_figures(
        self, series: pd.Series, day: date, *, what: str, faults: Faults, least: float | None = None
    ) -> dict[str, float]:
        """Note every fault of the codes and figures of `series`; return the figures that are right, by code."""
        import pandas as pd

        if not isinstance(series, pd.Series):
            faults.add(what, f"a {type(series).__name__}", "a pandas Series indexed by code")
            return {}
        self.check_codes(series.index, day, what=what, faults=faults)
        allowed = "a finite number" if least is None else f"a finite number of {least:g} or more"
        figures: dict[str, float] = {}
        for code, value in series.items():
            number = finite(value)
            if number is None and is_missing(value):
                found = "missing (NaN)"
            elif number is None:
                found = "infinite" if plain(value) in (math.inf, -math.inf) else f"{shown(value)}, not a number"
            elif least is not None and number < least:
                found = f"{float(number):g}, negative"
            else:
                figures[str(code)] = float(number)
                continue
            faults.add(f"{what} {code}", found, allowed)
        return figures


def _collected(moved: Mapping[str, Parts]) -> dict[str, list[tuple[str, Fraction]]]:
    """Turn the map round: for each new code its old codes with their shares."""
    received: dict[str, list[tuple[str, Fraction]]] = {}
    for old, parts in moved.items():
        for new, share in parts:
            received.setdefault(new, []).append((old, share))
    return received


def _totals(figures: Mapping[str, float], moved: Mapping[str, Parts]) -> dict[str, float]:
    return {
        new: float(sum(share * Fraction(figures[old]) for old, share in parts))
        for new, parts in _collected(moved).items()
    }


def _means(figures: Mapping[str, float], weights: Mapping[str, float], moved: Mapping[str, Parts]) -> dict[str, float]:
    faults = Faults()
    means: dict[str, float] = {}
    for new, parts in _collected(moved).items():
        weighed = [(share * Fraction(weights[old]), Fraction(figures[old])) for old, share in parts]
        whole = sum(weight for weight, _ in weighed)
        if len(parts) == 1:
            means[new] = figures[parts[0][0]]
        elif whole:
            means[new] = float(sum(weight * rate for weight, rate in weighed) / whole)
        else:
            faults.add(f"weights of {new}", f"all 0 for its parts {', '.join(old for old, _ in parts)}", "one above 0")
    faults.check("carry cannot average these rates", remedy="Give weights above 0.")
    return means
