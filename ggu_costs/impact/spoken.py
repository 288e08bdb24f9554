"""Amounts of a programme as people say them: as many digits as the error bears, and a sign in words.

An amount is rounded to two digits, from ten million on to whole millions, from a billion on to tenths of one; the two
ends of a range are rounded to the same step. What a source published is written as it was published.
"""

import math
from typing import Literal, TypeAlias

from ggu_costs.money import round_half_up
from ggu_costs.words import numbers
from ggu_costs.words.messages import message

Mark: TypeAlias = Literal["", "about", "at_least", "at_most"]

_MILLION, _BILLION = 1e6, 1e9
_DIGITS = 2
_ALL = 12  # of a figure as it was published; what is beyond is how floats add up


def step_of(*amounts: float) -> float:
    """Return to what amounts that belong together are rounded.

    Examples
    --------
    >>> step_of(-136_030_400.0, 3_128_159.0), step_of(1_399_938_000.0), step_of(445_320.0)
    (1000000.0, 100000000.0, 10000.0)
    """
    largest = max((abs(amount) for amount in amounts if math.isfinite(amount)), default=0.0)
    if largest == 0:
        return 1.0
    step = 10.0 ** (math.floor(math.log10(largest)) + 1 - _DIGITS)
    return step if largest >= _BILLION else min(step, _MILLION)


def digits_of(amount: float) -> int:
    """Return how many significant digits a figure has.

    Examples
    --------
    >>> digits_of(168_000_000), digits_of(1_100_000_000.0), digits_of(0)
    (3, 2, 1)
    """
    exact = numbers.exact(amount)
    if not exact:
        return 1
    whole = f"{abs(float(amount)):.{_ALL - 1}e}".partition("e")[0].replace(".", "").rstrip("0")
    return max(len(whole), 1)


def about(amount: float, step: float | None = None) -> str:
    """Return an amount without its sign, rounded to a step; as it stands without one.

    Examples
    --------
    >>> about(-136_030_400.0, 1e6), about(103_200_000.0), about(1_017_000_000.0, 1e8)
    ('€ 136 mln', '€ 103,2 mln', '€ 1,0 mld')
    """
    size, digits = abs(amount), digits_of(amount)
    if step is not None:
        exact, whole = numbers.exact(size), numbers.exact(step)
        assert exact is not None  # noqa: S101 (results are finite)
        assert whole is not None  # noqa: S101 (powers of ten are)
        size = float(round_half_up(exact / whole) * whole)
        digits = max(round(math.log10(step) * -1) + math.floor(math.log10(size)) + 1, 1) if size else 1
    return message("rough_amount", value=size, digits=digits)


def costs_more(amount: float, *, step: float | None = None, how: Mark = "") -> str:
    """Say how much higher or lower costs are: an amount as it stands, ``about``, ``at_least`` or ``at_most`` that.

    Examples
    --------
    >>> costs_more(103_200_000.0), costs_more(-66_400_000.0, step=1e6), costs_more(0.0)
    ('€ 103,2 mln hogere lasten', '€ 66 mln lagere lasten', 'geen verandering van de lasten')
    >>> costs_more(2.1e9, how="about")
    'circa € 2,1 mld hogere lasten'
    """
    words = about(amount, step)
    if how:
        words = message(f"amount_{how}", amount=words)
    if step is not None and abs(amount) < step / 2:
        amount = 0.0
    return message("costs_higher" if amount > 0 else "costs_lower" if amount < 0 else "costs_same", amount=words)


def costs_between(low: float, high: float, *, step: float | None = None) -> str:
    """Say between what amounts costs are higher or lower, the smaller first.

    Examples
    --------
    >>> costs_between(1.1e9, 1.7e9), costs_between(-168e6, 35e6)
    ('€ 1,1 mld tot € 1,7 mld hogere lasten', 'van € 168 mln lagere tot € 35 mln hogere lasten')
    """
    if low == high:
        return costs_more(low, step=step)
    if low >= 0:
        return message("costs_between_higher", low=about(low, step), high=about(high, step))
    if high <= 0:
        return message("costs_between_lower", low=about(high, step), high=about(low, step))
    return message("costs_either_way", low=about(low, step), high=about(high, step))


def chances(values: list[float]) -> str:
    """Say a probability, or the range of several, in whole percents.

    Examples
    --------
    >>> chances([0.0595, 0.1724, 0.2017]), chances([0.3])
    ('6% tot 20%', '30% (onwaarschijnlijk)')
    """
    low, high = min(values), max(values)
    if round(low * 100) == round(high * 100):
        return message("chance", value=low)
    return message("chance_between", low=low, high=high)
