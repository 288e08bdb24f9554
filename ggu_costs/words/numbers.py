"""Numbers, amounts, percentages and dates as a Dutch or English reader writes them.

No locale of the machine is used: the same value gives the same text everywhere. A float is read as the shortest decimal
that stands for it, so a cent amount is shown exactly; what must be rounded is rounded half up, as invoices are.

A value that is not known never looks like a number: it is "PM" where the model names it a memorandum item, and
"onbekend" otherwise.
"""

import datetime
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from numbers import Integral, Rational, Real
from typing import TypeGuard

from ggu_costs.errors import InputError
from ggu_costs.money import round_half_up
from ggu_costs.words.label import label
from ggu_costs.words.languages import check_language, vocabularies

_MOST_DECIMALS = 12  # where no number of decimals is asked; a float holds no more that means anything here
_QUICK, _ROUNDING = 1e15, Context(prec=60, rounding=ROUND_HALF_UP)
_FEW, _SURE, _TIE = range(7), 1e11, 1e-3  # the float is off by less than a tie is wide
_PLAIN: dict[type, bool] = {float: True, int: True, str: False, bool: False, type(None): False}  # whether a number
_NO_FIGURE = re.compile("[^-0-9.]")
_LEAST = Fraction(1, 200)  # rounds to 0 or to a whole percent


def missing(value: object) -> bool:
    """Return whether `value` stands for no value: None, NaN, NaT or pandas' NA.

    Examples
    --------
    >>> missing(None), missing(float("nan")), missing(0)
    (True, True, False)
    """
    if type(value) is float:  # by far the most, and abstract classes are slow to ask
        return value != value  # noqa: PLR0124 (true of NaN alone)
    if type(value) in (int, Fraction):
        return False
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float) or (isinstance(value, Real) and not isinstance(value, Rational)):
        return math.isnan(value)
    return value is None or type(value).__name__ in {"NAType", "NaTType"}


def is_number(value: object) -> TypeGuard[Decimal | Real]:
    """Return whether `value` is a number; truth values are not."""
    kind = type(value)  # asked of nearly every cell, and abstract classes are slow to ask
    if kind in _PLAIN:
        return _PLAIN[kind]
    return isinstance(value, Decimal | Real) and not isinstance(value, bool)


def exact(value: object) -> Fraction | None:
    """Return a finite number as the exact decimal its shortest text shows; None when it is infinite.

    Examples
    --------
    >>> exact(0.1) == Fraction(1, 10)
    True
    """
    if type(value) is float:
        return Fraction(Decimal(repr(value))) if math.isfinite(value) else None
    if type(value) is Fraction:
        return value
    if not is_number(value):
        raise InputError(f"{value!r} is not a number", remedy="Give an int, Decimal, Fraction or float.")
    if isinstance(value, Integral):
        return Fraction(int(value))
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else None
    if isinstance(value, Rational):
        return Fraction(value)
    return Fraction(repr(float(value))) if math.isfinite(value) else None


@cache
def _marks(lang: str) -> dict[int, int]:
    """Return what turns the marks of English numbers into those of a language."""
    words = vocabularies(lang)["number"]
    return str.maketrans(",.", words["thousands"] + words["decimal"])


def _rounded(value: Fraction, decimals: int | None) -> str:
    """Write a magnitude in English, rounded half up."""
    if value.denominator == 1 and not decimals:  # by far the most
        return f"{value.numerator:,}"
    if decimals is None:
        value = Fraction(round_half_up(value * 10**_MOST_DECIMALS), 10**_MOST_DECIMALS)
        decimals = next((d for d in range(_MOST_DECIMALS) if (value * 10**d).denominator == 1), _MOST_DECIMALS)
    if decimals < 0:
        return f"{round_half_up(value / 10**-decimals) * 10**-decimals:,}"
    scaled = 2 * value.numerator * 10**decimals + value.denominator
    whole, rest = divmod(scaled // (2 * value.denominator), 10**decimals)  # half up, in whole numbers
    return f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")


def may_tie(value: float, decimals: int) -> bool:
    """Whether a float may lie half-way between two roundings, or is too large to tell."""
    scaled = abs(value) * 10.0**decimals
    return not (scaled < _SURE and abs(scaled % 1.0 - 0.5) > _TIE)


def _write(value: object, decimals: int | None, lang: str, pm: bool, plus: bool) -> tuple[str, str]:
    """Return sign and digits, or an empty sign and a word."""
    marks = _marks(lang)
    negative: bool
    if decimals is not None and isinstance(value, float) and decimals in _FEW and not may_tie(value, decimals):
        digits, negative = f"{abs(value):,.{decimals}f}", value < 0  # any way of rounding gives the same; NaN may tie
    elif missing(value):
        return "", label("pm" if pm else "unknown", lang)
    elif decimals is not None and decimals <= _MOST_DECIMALS and isinstance(value, float) and abs(value) < _QUICK:
        amount = Decimal(repr(float(value)))  # the same exact decimal, and rounding in C: pages have thousands of these
        digits = format(abs(amount).quantize(Decimal(1).scaleb(-decimals, _ROUNDING), context=_ROUNDING), ",f")
        negative = amount < 0
    else:
        known = exact(value)
        if known is None:
            return "", label("infinite", lang)
        digits, negative = _rounded(abs(known), decimals), known < 0
    digits = digits.translate(marks)
    if not digits.strip("0,."):
        return "", digits  # what rounds to nothing has no sign
    return ("-" if negative else "+" if plus else ""), digits


def number(
    value: object, *, decimals: int | None = None, lang: str = "nl", pm: bool = False, plus: bool = False
) -> str:
    """Write a number with its thousands marked.

    Parameters
    ----------
    value
        int, float, Decimal or Fraction, Python's or numpy's; None, NaN and the like are unknown.
    decimals
        Digits after the mark, rounded half up; below 0: rounded to tens, hundreds and so on. None: as many as the
        number has.
    lang
        ``nl`` or ``en``.
    pm
        Whether an unknown value is a memorandum item (PM-post).
    plus
        Whether a plus sign is printed.

    Examples
    --------
    >>> number(17407585), number(1234.5), number(1234.5, lang="en"), number(2.675, decimals=2)
    ('17.407.585', '1.234,5', '1,234.5', '2,68')
    >>> number(None), number(float("nan"), pm=True), number(1_234_567, decimals=-3)
    ('onbekend', 'PM', '1.235.000')
    """
    sign, digits = _write(value, decimals, lang, pm, plus)
    return sign + digits


def euro(value: object, *, decimals: int = 2, lang: str = "nl", pm: bool = False, plus: bool = False) -> str:
    """Write an amount in euro; the sign stands before €, in Dutch with a space.

    Parameters as for :func:`number`.

    Examples
    --------
    >>> euro(1234.5), euro(-1234.5), euro(52_300_000, decimals=0), euro(0.25, plus=True)
    ('€ 1.234,50', '- € 1.234,50', '€ 52.300.000', '+ € 0,25')
    >>> euro(-1234.5, lang="en"), euro(None, pm=True), euro(None)
    ('-€1,234.50', 'PM', 'onbekend')
    """
    sign, digits = _write(value, decimals, lang, pm, plus)
    if not digits[0].isdigit():
        return digits
    return vocabularies(lang)["number"]["euro"].format(sign=sign, digits=digits).lstrip()


def rough_euro(value: object, *, digits: int = 2, lang: str = "nl", pm: bool = False, plus: bool = False) -> str:
    """Write an amount in euro with as many digits as it can bear: an estimate, not a bill.

    Parameters
    ----------
    digits
        Significant digits, 1 or more.

    Other parameters as for :func:`number`.

    Examples
    --------
    >>> rough_euro(1_399_900_000), rough_euro(-66_400_000), rough_euro(995_000), rough_euro(1_285.9)
    ('€ 1,4 mld', '- € 66 mln', '€ 1,0 mln', '€ 1.300')
    >>> rough_euro(1_399_900_000, lang="en"), rough_euro(None, pm=True), rough_euro(0.4)
    ('€1.4 billion', 'PM', '€ 0,40')
    """
    known = None if missing(value) else exact(value)
    if not known:  # unknown, infinite or nothing
        return euro(value, decimals=0, lang=lang, pm=pm, plus=plus)
    power = math.floor(math.log10(abs(known))) + 1 - digits
    step = Fraction(10) ** power
    rounded = round_half_up(known / step) * step
    for limit, unit in ((10**9, "billion"), (10**6, "million")):
        if abs(rounded) >= limit:
            left = max(digits - len(str(int(abs(rounded) // limit))), 0)
            amount = euro(rounded / limit, decimals=left, lang=lang, plus=plus)
            return f"{amount} {vocabularies(lang)['text'][unit]}"
    return euro(rounded, decimals=0 if rounded.denominator == 1 else 2, lang=lang, plus=plus)


def more_or_less(value: object, *, digits: int | None = None, lang: str = "nl", pm: bool = False) -> str:
    """Write a difference with its sign in words, to the cent or with some significant digits.

    Examples
    --------
    >>> more_or_less(7858.05), more_or_less(-66_400_000, digits=2), more_or_less(0)
    ('€ 7.858,05 meer', '€ 66 mln minder', 'evenveel')
    >>> more_or_less(-66_400_000, digits=2, lang="en")
    '€66 million less'
    """
    known = None if missing(value) else exact(value)
    size = None if known is None else abs(known)
    amount = euro(size, lang=lang, pm=pm) if digits is None else rough_euro(size, digits=digits, lang=lang, pm=pm)
    if known is None:
        return amount
    text = vocabularies(lang)["text"]
    nothing = not amount.strip("€ 0,.")
    return str(text["as_much"]) if nothing else f"{amount} {text['more' if known > 0 else 'less']}"


def read_back(text: str, lang: str = "nl") -> str:
    """Return the figure in a text to eight digits, as the scripts of a page read it; "" where there is none.

    Examples
    --------
    >>> read_back("- 1.234,50"), read_back("17.0%", "en"), read_back("PM")
    ('-1234.5', '0.17', '')
    """
    words = vocabularies(lang)["number"]
    plain = _NO_FIGURE.sub("", text.replace(words["thousands"], "").replace(words["decimal"], "."))
    try:
        figure = float(plain)
    except ValueError:
        return ""
    return format(figure / 100 if "%" in text else figure, ".8g")


def percent(value: object, *, decimals: int = 1, lang: str = "nl", pm: bool = False, plus: bool = False) -> str:
    """Write a fraction as a percentage: 0.123 is 12,3%.

    Parameters as for :func:`number`.

    Examples
    --------
    >>> percent(0.9991, decimals=2), percent(-0.005), percent(0.21, decimals=0, lang="en")
    ('99,91%', '-0,5%', '21%')
    """
    known = None if missing(value) else exact(value)
    sign, digits = _write(value if known is None else known * 100, decimals, lang, pm, plus)
    return f"{sign}{digits}%" if digits[0].isdigit() else digits


def probability(value: object, *, lang: str = "nl") -> str:
    """Write a probability in whole percents with a word; never 0 or 100% where it is neither.

    The words are those of the IPCC's likelihood scale (Mastrandrea et al. 2010, Guidance Note for Lead Authors of the
    IPCC Fifth Assessment Report on Consistent Treatment of Uncertainties, table 1): virtually certain from 99%,
    extremely likely from 95%, very likely from 90%, likely from 67%, about as likely as not from 33%, unlikely from
    11%, very unlikely from 5%, extremely unlikely from 1%, exceptionally unlikely below. Where its terms overlap it is
    the narrowest that holds; the word goes with the figure that is written.

    Examples
    --------
    >>> probability(0.297), probability(0.5)
    ('30% (onwaarschijnlijk)', '50% (ongeveer even waarschijnlijk als niet)')
    >>> probability(0.004), probability(0.997, lang="en")
    ('minder dan 1% (uitzonderlijk onwaarschijnlijk)', 'more than 99% (virtually certain)')
    """
    text, likely = vocabularies(lang)["text"], vocabularies(lang)["likely"]
    known = None if missing(value) else exact(value)
    if known is None:
        return label("unknown", lang)
    points = round_half_up(known * 100)
    if 0 < known < _LEAST:
        written, points = f"{text['less_than']} 1%", 0
    elif 1 - _LEAST <= known < 1:
        written, points = f"{text['more_than']} 99%", 100
    else:
        written = f"{points}%"
    return f"{written} ({next(words for most, words in likely.items() if points < int(most))})"


def date(value: object, *, lang: str = "nl", pm: bool = False) -> str:
    """Write a date in words.

    Parameters
    ----------
    value
        A date, datetime or ISO text.
    lang
        ``nl`` or ``en``.
    pm
        Whether an unknown date is a memorandum item.

    Raises
    ------
    InputError
        Text that is no date.

    Examples
    --------
    >>> date("2020-01-01"), date(datetime.date(2022, 3, 24), lang="en")
    ('1 januari 2020', '24 March 2022')
    """
    check_language(lang)
    if missing(value):
        return label("pm" if pm else "unknown", lang)
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError as error:
            raise InputError(f"{value!r} is not a date", remedy="Write it as 2020-01-31.") from error
    if not isinstance(value, datetime.date):
        raise InputError(f"{value!r} is not a date", remedy="Give a date, or text such as 2020-01-31.")
    return f"{value.day} {vocabularies(lang)['date']['months'].split()[value.month - 1]} {value.year}"
