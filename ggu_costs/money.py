"""Euro to cent and back, exact sums, and value added tax (btw).

Files carry exact decimals, kernels float64 euros, and a bill leaves in whole cents. Nothing here rounds silently: an
amount that is not whole cents, where cents are asked, is an error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import Number, finite, read_whole, shown

if TYPE_CHECKING:
    from ggu_costs.typing import Cents, Euros

MOST_CENTS = 100 * 2**46
"""Up to here, some 70,000 billion euro, each amount in whole cents has a float64 of its own, in euro."""

CENT_TOLERANCE = 1e-6
"""Euro; how far an amount may lie from a whole cent where whole cents are asked."""

_TOLERANCE = Fraction(1, 10_000)  # the same in cents, exactly
_WHOLE = Decimal(1)


def to_cents(amount: Number, *, name: str = "amount") -> int:
    """Return `amount` in euro as whole cents; a float stands for its shortest decimal.

    Raises
    ------
    InputError
        No finite number, or further than 1e-6 euro from a whole cent.

    Examples
    --------
    >>> to_cents(52_300_000.00)
    5230000000
    >>> to_cents(Decimal("0.01"))
    1
    """
    number = finite(amount)
    if number is None:
        raise InputError(f"{name} is {shown(amount)}", remedy="Give a finite amount in euro.")
    cents = nearest_cents(number)
    if cents is None:
        raise InputError(
            f"{name} is {shown(float(number))} euro, which is not a whole number of cents",
            remedy="Round it first, or ask for unrounded shares with cents=False.",
        )
    return cents


def nearest_cents(number: Number) -> int | None:
    """Return a finite amount in euro as whole cents; None where it lies further than 1e-6 euro from them.

    Examples
    --------
    >>> nearest_cents(42_123_456_789.12), nearest_cents(0.005)
    (4212345678912, None)
    """
    exact = shortest(number) * 100
    cents = round(exact)
    return cents if abs(exact - cents) <= _TOLERANCE else None


def shortest(number: Number) -> Fraction:
    """Return a finite number exactly; a float stands for its shortest decimal, so 0.1 is a tenth.

    Examples
    --------
    >>> shortest(0.1), shortest(Decimal("0.25")), shortest(3)
    (Fraction(1, 10), Fraction(1, 4), Fraction(3, 1))
    """
    return Fraction(Decimal(repr(float(number))) if isinstance(number, float) else number)


def round_half_up(amount: Decimal | Fraction) -> int:
    """Round an exact number to the nearest integer, halves away from zero (as invoices do).

    Examples
    --------
    >>> round_half_up(Decimal("2.5")), round_half_up(Decimal("-2.5"))
    (3, -3)
    """
    if isinstance(amount, Decimal):
        return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    doubled = abs(amount) * 2
    half_up = (doubled.numerator // doubled.denominator + 1) // 2
    return half_up if amount >= 0 else -half_up


def euros(cents: Cents | Sequence[int]) -> Euros:
    """Whole cents as float64 euros, each the float nearest to the exact amount.

    Raises
    ------
    InputError
        An amount beyond `MOST_CENTS` whose nearest float stands for other cents.

    Examples
    --------
    >>> euros([1, 10**17])
    array([1.e-02, 1.e+15])
    """
    import numpy as np

    try:
        units = np.asarray(cents, dtype=np.int64)
        small = bool(((units >= -MOST_CENTS) & (units <= MOST_CENTS)).all())
    except OverflowError:
        small = False
    if small:
        return np.asarray(units / 100.0)
    values = [int(one) / 100 for one in cents]
    for value, one in zip(values, cents, strict=True):
        if abs(one) > MOST_CENTS and Fraction(value) * 100 != one:
            raise InputError(
                f"an amount of {Decimal(int(one)).scaleb(-2):,} euro cannot be kept to the cent",
                remedy=f"Beyond {MOST_CENTS // 100:,} euro float64 has no single cents: ask for unrounded shares with "
                "cents=False, or share in parts.",
            )
    return np.array(values)


def exact_sum(values: Iterable[float]) -> float:
    """Sum of floats, rounded once: the order of the values does not matter.

    Examples
    --------
    >>> exact_sum([0.1] * 10)
    1.0
    """
    return math.fsum(values)


def add_up(numbers: Iterable[Fraction]) -> Fraction:
    """Sum of fractions, by denominator, of which there are few: adding one by one takes a common divisor each time.

    Examples
    --------
    >>> add_up([Fraction(1, 4), Fraction(1, 3), Fraction(1, 4)]), add_up([])
    (Fraction(5, 6), Fraction(0, 1))
    """
    numerators: dict[int, int] = {}
    for number in numbers:
        numerators[number.denominator] = numerators.get(number.denominator, 0) + number.numerator
    return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


def to_integers(values: Iterable[float | Decimal | Fraction]) -> tuple[list[int], int]:
    """Scale numbers to integers by their common denominator, which is returned beside them."""
    ratios = [value.as_integer_ratio() for value in values]
    scale = math.lcm(*(denominator for _, denominator in ratios))
    return [numerator * (scale // denominator) for numerator, denominator in ratios], scale


def largest_remainder(total_units: int, weights: Sequence[Number] | Euros) -> Cents:
    r"""Share whole units in proportion to weights by the method of largest remainders (Hare, Hamilton).

    The quota of i is :math:`q_i = U w_i / \sum_j w_j`. Everyone gets :math:`\lfloor q_i \rfloor`; the units left go one
    each to the largest :math:`q_i - \lfloor q_i \rfloor`, ties to the lowest position. The arithmetic is exact: a
    float64 weight stands for the very number it stores; Decimal and Fraction are exact as they are.

    Parameters
    ----------
    total_units
        Units to share, such as cents; may be negative (a credit), which mirrors the positive case.
    weights
        One a participant, finite, 0 or more, not all 0: a list, array or Series.

    Returns
    -------
    numpy.ndarray
        int64, shape (n,), in the order of `weights`; the sum is exactly `total_units`.

    Raises
    ------
    InputError
        No weights, a weight that is negative or not finite, all zero, or a total that is no integer.

    Notes
    -----
    Weight 0 gets 0. One participant gets everything. No table of participants by units is built, so 10^11 cents over
    342 municipalities is instant.

    References
    ----------
    Balinski, M. and Young, H. (1975). The quota method of apportionment. American Mathematical Monthly 82, 701-730.

    Examples
    --------
    >>> largest_remainder(20, [25, 25, 29, 121])
    array([ 3,  2,  3, 12])
    >>> largest_remainder(-100, [1, 1, 1])
    array([-34, -33, -33])
    """
    import numpy as np

    from ggu_costs.figures import read_exact

    faults = Faults()
    exact = read_exact(weights, "weights", faults, least=0)
    if exact is not None and not exact:
        faults.add("weights", "none", "a list of one or more numbers")
    elif exact is not None and not any(exact):
        faults.add("weights", "all are 0", "at least one above 0")
    units = read_whole(
        total_units, "total_units", faults, least=1 - 2**63, most=2**63 - 1, allowed="a whole number that fits in int64"
    )
    faults.check("largest_remainder cannot share these units", remedy="Correct the values listed.")
    return np.array(share_exactly(units or 0, [Fraction(one) for one in exact or ()]), dtype=np.int64)


def share_exactly(total_units: int, weights: Iterable[float | Fraction], *, mirror: bool = True) -> list[int]:
    """Largest remainders in exact integer arithmetic, on weights that were checked.

    `mirror`: a negative total is shared as the mirror image of the positive one (a credit); otherwise its quotas are
    rounded down like any other, which is what a rest below zero within an amount above zero asks.
    """
    integers, _ = to_integers(weights)
    sign = -1 if mirror and total_units < 0 else 1
    total = sign * total_units
    return [sign * unit for unit in round_steps(total, [total * weight for weight in integers], sum(integers))]


def round_steps(total: int, steps: Sequence[int], grid: int) -> list[int]:
    """Round shares in steps of 1 / `grid` to whole units that add up to `total`: the largest remainders go up.

    Ties go to the first.

    Examples
    --------
    >>> round_steps(10, [333, 333, 334], 100)
    [3, 3, 4]
    """
    divided = [divmod(step, grid) for step in steps]
    units = [unit for unit, _ in divided]
    left = total - sum(units)
    if not -len(units) <= left <= len(units):
        raise InputError(f"shares that add up to {total - left:,} units cannot be rounded to {total:,}")
    largest_first = sorted(range(len(units)), key=lambda i: -divided[i][1])
    for place in largest_first[:left] if left >= 0 else largest_first[left:]:
        units[place] += 1 if left > 0 else -1
    return units


def vat_in(cents_including: int, rate: Decimal, taxed_share: Decimal = _WHOLE) -> int:
    """VAT (btw) contained in an amount that includes it, of which `taxed_share` is taxed, in whole cents, halves up.

    Rounded once. The amount excluding VAT is the rest, so excluding + VAT = including, to the cent.

    Examples
    --------
    >>> vat_in(12_100, Decimal("0.21"))
    2100
    """
    exact_rate = Fraction(rate)
    return round_half_up(cents_including * Fraction(taxed_share) * exact_rate / (1 + exact_rate))


@dataclass(frozen=True)
class VatSplit:
    """One invoice: what is paid, the VAT in it and the recoverable VAT, in cents; None where unknown (PM)."""

    invoice: int
    vat: int | None
    recoverable: int | None

    @property
    def net(self) -> int | None:
        """What stays after the VAT compensation fund (BCF)."""
        return None if self.recoverable is None else self.invoice - self.recoverable


def split_vat(
    cents: int, *, state: str, rate: Decimal | None, taxed_share: Decimal | None, recoverable_share: Decimal | None
) -> VatSplit:
    r"""Split one amount into what is paid, VAT and recoverable VAT; excluding + VAT = including, to the cent.

    With rate r and taxed share s, the VAT in an amount A is :math:`A s r / (1 + r)` where A includes it and
    :math:`A s r` where it does not, rounded once, halves up; of the VAT so rounded comes back the recoverable share,
    rounded likewise.

    Parameters
    ----------
    cents
        The amount, in the VAT state named.
    state
        ``incl``, ``excl``, ``none`` or ``unknown``.
    rate, taxed_share, recoverable_share
        VAT rate, part of the amount that bears VAT, part of the VAT that comes back; None where unknown (PM).

    Examples
    --------
    >>> half = Decimal("0.5")
    >>> split_vat(10_000, state="excl", rate=Decimal("0.21"), taxed_share=Decimal(1), recoverable_share=half)
    VatSplit(invoice=12100, vat=2100, recoverable=1050)
    """
    if state == "none":
        return VatSplit(cents, 0, 0)
    if state == "unknown" or rate is None or taxed_share is None:
        return VatSplit(cents, None, None)
    on_top = state != "incl"
    tax = round_half_up(cents * Fraction(taxed_share) * Fraction(rate)) if on_top else vat_in(cents, rate, taxed_share)
    invoice = cents + tax if on_top else cents
    if recoverable_share is None:
        return VatSplit(invoice, tax, None)
    return VatSplit(invoice, tax, round_half_up(Fraction(tax) * Fraction(recoverable_share)))
