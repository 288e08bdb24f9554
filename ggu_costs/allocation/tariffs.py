r"""Tariffs: a price table that turns a quantity into an amount (tarief, schijventarief, staffel).

With bracket bounds :math:`0 = b_1 < b_2 < \dots < b_m` and rates :math:`r_1, \dots, r_m`:

* `marginal` (schijven; also called graduated or incremental tiers): each unit pays the rate of the bracket it falls in,
  :math:`t(q) = \sum_k r_k \, \max(0, \min(q, b_{k+1}) - b_k)`;
* `whole_class` (klassentarief; also called retroactive or all-units tiers): every unit pays the rate of the bracket
  that the whole quantity falls in, :math:`t(q) = r_k q` for :math:`b_k \le q < b_{k+1}`.

A quantity on a bound falls in the higher bracket. A tariff may have a fixed amount for everyone and, with either mode,
an amount for each bracket, which whoever falls in it pays besides: amounts per class are brackets with rates of 0.
Amounts are euro and are not rounded.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, UnknownNameError, is_one_of
from ggu_costs.figures import has_entries, plain, read_figures, read_flags, read_number, shown
from ggu_costs.money import shortest
from ggu_costs.reading import may_be_thousands
from ggu_costs.typing import Euros

Number: TypeAlias = int | float | str | Decimal | Fraction
Mode: TypeAlias = Literal["marginal", "whole_class"]
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class Tariff(Brief):
    """A price table, callable on quantities. Made by :func:`tariff` and its relatives.

    Attributes
    ----------
    brackets : tuple of Fraction
        Lower bounds of the brackets, the first 0.
    rates : tuple of Fraction
        Euro a unit in each bracket.
    mode : str
        `marginal` or `whole_class`.
    fixed : Fraction
        Euro that each participant pays whatever its quantity, 0 included.
    up_to_and_including : bool
        Whether a quantity on a bound falls in the lower bracket.
    amounts : tuple of Fraction
        Euro that whoever falls in each bracket pays besides; empty where there are none.
    """

    brackets: tuple[Fraction, ...]
    rates: tuple[Fraction, ...]
    mode: Mode
    fixed: Fraction = Fraction(0)
    up_to_and_including: bool = False
    amounts: tuple[Fraction, ...] = ()

    def __call__(self, quantities: ArrayLike) -> Euros:
        """Amounts for `quantities`, in the same shape; euro, float64, not rounded.

        Raises
        ------
        InputError
            A quantity that is negative, missing or infinite.
        """
        faults = Faults()
        amounts = read_figures(quantities, "quantities", faults, least=0)
        faults.check("the tariff cannot price these quantities", remedy="Correct the quantities listed.")
        assert amounts is not None  # noqa: S101 (read_figures left a fault otherwise)
        bounds = np.array([float(bound) for bound in self.brackets])
        rates = np.array([float(rate) for rate in self.rates])
        side: Literal["left", "right"] = "left" if self.up_to_and_including else "right"
        held = np.maximum(np.searchsorted(bounds, amounts, side=side) - 1, 0)
        besides = np.array([float(self.amount_in(place)) for place in range(len(self.brackets))])
        if self.mode == "whole_class":
            return np.asarray(besides[held] + rates[held] * amounts)
        paid = np.array([float(amount) for amount in self._paid_at_bounds()])
        return np.asarray(besides[held] + paid[held] + rates[held] * (amounts - bounds[held]))

    def exact(self, quantity: int | float | Decimal | Fraction) -> Fraction:
        """Exact amount for one quantity, in euro: what a bill in cents is rounded from.

        Examples
        --------
        >>> fee = tariff([0, 5_000, 25_000, 200_000], ["1.92", "1.76", "1.52", "0.75"])
        >>> fee.exact(66_918)
        Fraction(2712884, 25)
        """
        faults = Faults()
        units = Fraction(read_number(quantity, "quantity", faults, least=0) or 0)
        faults.check("the tariff cannot price this quantity", remedy="Give a finite quantity of 0 or more.")
        held = self.bracket_of(units)
        if self.mode == "whole_class":
            return self.amount_in(held) + self.rates[held] * units
        paid = self._paid_at_bounds()[held] + self.rates[held] * (units - self.brackets[held])
        return self.amount_in(held) + paid

    def amount_in(self, bracket: int) -> Fraction:
        """Euro that whoever falls in a bracket pays whatever its quantity, the fixed amount included."""
        return self.fixed + (self.amounts[bracket] if self.amounts else 0)

    def bracket_of(self, units: Fraction) -> int:
        """Position of the bracket in which a quantity falls."""
        place = bisect_left if self.up_to_and_including else bisect_right
        return max(place(self.brackets, units) - 1, 0)

    def _paid_at_bounds(self) -> list[Fraction]:
        paid = [Fraction(0)]
        for lower, upper, rate in zip(self.brackets[:-1], self.brackets[1:], self.rates[:-1], strict=True):
            paid.append(paid[-1] + rate * (upper - lower))
        return paid


def tariff(
    brackets: Sequence[Number],
    rates: Sequence[Number],
    *,
    mode: Mode = "marginal",
    up_to_and_including: bool = False,
    fixed: Number = 0,
    amounts: Sequence[Number] = (),
) -> Tariff:
    r"""Make a bracket tariff.

    Parameters
    ----------
    brackets
        Lower bounds of the brackets: the first 0, strictly increasing. A quantity on a bound falls in the higher
        bracket.
    rates
        Euro a unit, one a bracket, 0 or more. A float stands for its shortest decimal, so 1.92 is exactly 1.92.
    mode
        `marginal` (schijven; graduated, incremental tiers) or `whole_class` (klassentarief; retroactive, all-units
        tiers).
    up_to_and_including
        A quantity on a bound falls in the lower bracket (tot en met), not in the higher one. It matters to
        `whole_class` and to `amounts`.
    fixed
        Euro that everyone pays besides, 0 or more.
    amounts
        Euro that whoever falls in a bracket pays besides, one a bracket, 0 or more (bedrag per klasse).

    Returns
    -------
    Tariff
        Callable on an array of quantities; `.exact(quantity)` gives a Fraction.

    Raises
    ------
    InputError
        Lists every fault of the table.
    UnknownNameError
        Another mode.

    Warnings
    --------
    `whole_class` has cliffs wherever the rate falls. With the rates of the VNG membership fee (contributie) proposed
    for 2024, a municipality of 24,999 inhabitants would pay EUR 43,998.24 and one of 25,000 only EUR 38,000.00. Under
    `marginal` the amount never falls as the quantity grows.

    Notes
    -----
    Under a marginal tariff with falling rates a merger lowers the sum: two municipalities of 20,000 pay EUR 72,000
    together, and EUR 67,600 once merged.

    Examples
    --------
    >>> fee = tariff([0, 5_000, 25_000, 200_000], [1.92, 1.76, 1.52, 0.75])
    >>> fee([24_999, 66_918, 200_000]).tolist()
    [44798.24, 108515.36, 310800.0]
    >>> cliff = tariff([0, 5_000, 25_000, 200_000], [1.92, 1.76, 1.52, 0.75], mode="whole_class")
    >>> cliff([24_999, 25_000]).tolist()
    [43998.24, 38000.0]
    >>> tariff([0, 20_000, 50_000], [0, 0, 0], amounts=[5_000, 12_000, 25_000])([800, 20_000, 800_000]).tolist()
    [5000.0, 12000.0, 25000.0]
    """
    if not is_one_of(mode, _MODES):
        raise UnknownNameError("mode of a tariff", mode, _MODES)
    faults = Faults()
    read_flags(faults, up_to_and_including=up_to_and_including)
    bounds, prices = _exact_list(brackets, "brackets", faults), _exact_list(rates, "rates", faults)
    besides, base = _exact_list(amounts, "amounts", faults), _amount(fixed, "fixed", faults)
    faults.check("the tariff table cannot be used", remedy="Correct the brackets and rates listed.")
    if len(bounds) != len(prices) or not bounds:
        faults.add(
            "rates", f"{len(prices)} rates for {len(bounds)} brackets", "one rate a bracket, one or more brackets"
        )
    if bounds and bounds[0] != 0:
        faults.add("brackets[0]", _short(bounds[0]), "0: brackets are given by their lower bounds")
    for place in range(1, len(bounds)):
        if bounds[place] <= bounds[place - 1]:
            faults.add(
                f"brackets[{place}]",
                f"{_short(bounds[place])} after {_short(bounds[place - 1])}",
                "strictly increasing bounds",
            )
    if besides and len(besides) != len(bounds):
        faults.add("amounts", f"{len(besides)} amounts for {len(bounds)} brackets", "one amount a bracket, or none")
    for name, listed in (("rates", prices), ("amounts", besides)):
        for place, price in enumerate(listed):
            if price < 0:
                faults.add(f"{name}[{place}]", _short(price), "0 or more")
    faults.check("the tariff table cannot be used", remedy="Correct the brackets and rates listed.")
    return Tariff(tuple(bounds), tuple(prices), mode, base, up_to_and_including, tuple(besides))


def price_times_quantity(price: Number, *, free: Number = 0) -> Tariff:
    """Price times quantity (P x Q), the first `free` units at no charge (nultarief).

    Parameters
    ----------
    price
        Euro a unit, 0 or more.
    free
        Units each participant has free of charge; only what goes above is priced.

    Returns
    -------
    Tariff

    Raises
    ------
    InputError
        A price or allowance that is negative or not finite.

    Examples
    --------
    >>> price_times_quantity("0.12", free=1_000)([800, 1_000, 2_500]).tolist()
    [0.0, 0.0, 180.0]
    """
    faults = Faults()
    allowance, rate = _amount(free, "free", faults), _amount(price, "price", faults)
    faults.check("price_times_quantity cannot use these values", remedy="Correct the values listed.")
    if allowance == 0:
        return Tariff((Fraction(0),), (rate,), "marginal")
    return Tariff((Fraction(0), allowance), (Fraction(0), rate), "marginal")


def fixed_plus_variable(fixed: Number, price: Number) -> Tariff:
    """A fixed amount for each participant plus a price a unit (vast plus variabel).

    Parameters
    ----------
    fixed
        Euro for each participant, also at quantity 0; 0 or more.
    price
        Euro a unit, 0 or more.

    Returns
    -------
    Tariff

    Raises
    ------
    InputError
        A value that is negative or not finite.

    Examples
    --------
    >>> fixed_plus_variable(250, "1.10")([0, 100]).tolist()
    [250.0, 360.0]
    """
    faults = Faults()
    base, rate = _amount(fixed, "fixed", faults), _amount(price, "price", faults)
    faults.check("fixed_plus_variable cannot use these values", remedy="Correct the values listed.")
    return Tariff((Fraction(0),), (rate,), "marginal", base)


def _amount(value: Number, where: str, faults: Faults) -> Fraction:
    """Read a number of 0 or more exactly."""
    exact = _exact(value, where, faults)
    if exact < 0:
        faults.add(where, _short(exact), "0 or more")
    return exact


def _exact_list(values: Sequence[Number], where: str, faults: Faults) -> list[Fraction]:
    """Read the numbers of a list exactly."""
    if isinstance(values, str | bytes | Mapping | Set) or not has_entries(values):
        faults.add(where, shown(values), "a list of numbers")
        return []
    return [_exact(value, f"{where}[{place}]", faults) for place, value in enumerate(values)]


def _exact(value: Number, where: str, faults: Faults) -> Fraction:
    """Read a number exactly, a float as its shortest decimal, text with a point; a fault and 0 where it is none."""
    stated = plain(value)
    if isinstance(stated, str) and _DECIMAL.fullmatch(stated) and not may_be_thousands(stated):
        stated = Decimal(stated)
    number = read_number(stated, where, faults)
    return Fraction(0) if number is None else shortest(number)


def _short(number: Fraction) -> str:
    return f"{float(number):.12g}"
