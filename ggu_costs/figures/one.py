"""One number: what counts as one, how it is shown in a message, and the checks of its range."""

import math
import sys
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, TypeGuard

from ggu_costs.errors import Faults
from ggu_costs.reading import as_written_here

Number: TypeAlias = int | float | Decimal | Fraction
"""A number as Python has it; a truth value is none."""

MOST = 1e200
"""Sums and products of figures up to here stay finite."""

LAST_DIGITS = Fraction(1, 10**12)
"""What fractions that add up to 1 may differ from it: the last digits of floats such as 1/3 and 2/3."""

LONGEST = 80
"""Characters of a value in a message."""

_TEXT = "Text is no figure: read it with ggu.read_table, or convert it."
_WRITTEN = 1e15  # whole floats up to here are written as whole numbers
_DIGITS = 400  # places before or behind the point of a decimal that are worth making: fewer than a float reaches


def _numpy() -> Any:
    """Return numpy where it is loaded: nothing is a number of numpy before."""
    return sys.modules.get("numpy")


def plain(value: object) -> Any:
    """Return a number of numpy as Python's own, what a mask hides as None, and anything else as it is.

    Examples
    --------
    >>> import numpy as np
    >>> plain(np.float64(2.5)), plain(np.array(3)), plain(np.ma.masked), plain("2.5")
    (2.5, 3, None, '2.5')
    """
    np = _numpy()
    return value if np is None or not isinstance(value, (np.generic, np.ndarray)) else _plain(value, np)


def _plain(value: Any, np: Any) -> Any:
    """Return a scalar or array of numpy as :func:`plain` says."""
    if value.ndim:
        return value
    if isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value)):
        return None
    if value.dtype.kind == "O":
        return plain(value.item())
    if value.dtype.kind == "f":
        return float(value)
    return value.item() if value.dtype.kind in "biuUc" else value


def finite(value: object) -> Number | None:
    """Return a finite number of at most 1e200, of numpy as Python's own; None for all that is not one.

    Examples
    --------
    >>> finite(2.5), finite(True), finite("2.5"), finite(float("nan")), finite(Decimal("1e9999"))
    (2.5, None, None, None, None)
    """
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal | Fraction):
        return None
    if isinstance(number, Decimal) and not _is_short(number):
        return None
    if isinstance(number, float) and not math.isfinite(number):
        return None
    return number if -MOST <= number <= MOST else None


def is_too_large(value: object) -> bool:
    """Return whether a value is a finite number that is none for :func:`finite`, since it is beyond 1e200.

    Examples
    --------
    >>> is_too_large(10**400), is_too_large(Decimal("-1e99999999")), is_too_large(5), is_too_large(float("inf"))
    (True, True, False, False)
    """
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, Number):
        return False
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    return MOST < number < math.inf or -math.inf < number < -MOST


def _is_short(number: Decimal) -> bool:
    """Whether a decimal is finite and of a size that digits may be made of: 1e-99999999 has too many."""
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and exponent >= -3 * _DIGITS and len(digits) + exponent <= _DIGITS


def has_entries(value: object) -> TypeGuard[Iterable[Any]]:
    """Whether a value has entries one after the other; an array without dimensions has none.

    Examples
    --------
    >>> import numpy as np
    >>> has_entries([1]), has_entries("ab"), has_entries(np.array([1])), has_entries(np.array(1)), has_entries(1)
    (True, True, True, False, False)
    """
    return isinstance(value, Iterable) and getattr(value, "ndim", 1) != 0


def is_missing(value: object) -> bool:
    """Return whether a value marks that there is none: None, NaN, NaT, ``pd.NA``, or what a mask hides.

    Examples
    --------
    >>> import numpy as np
    >>> is_missing(None), is_missing(float("nan")), is_missing(np.ma.masked), is_missing(0)
    (True, True, True, False)
    """
    value = plain(value)
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    np = _numpy()
    if np is not None and isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def shown(value: object) -> str:
    """Write what was found in a few words: a number of numpy as the plain number, nothing long, no text raw.

    Examples
    --------
    >>> import numpy as np
    >>> shown(np.float64(2.0)), shown(10**400), shown({"a": 1}), shown(np.ma.masked)
    ('2', 'a whole number of some 401 digits', 'a dict', 'masked')
    """
    np = _numpy()
    if np is not None and value is np.ma.masked:
        return "masked"
    value = plain(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _WRITTEN:
        value = int(value)
    if isinstance(value, int) and abs(value) >= 10**40:  # Python refuses to write very long ones
        return f"a whole number of some {int(value.bit_length() * math.log10(2)) + 1} digits"
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) >= 10**40:
        return "a fraction of very large numbers"
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | Fraction):
        text = repr(value)
    elif isinstance(value, Decimal) or type(value).__name__ in ("datetime64", "timedelta64") or is_missing(value):
        text = str(value)
    else:
        return f"a {type(value).__name__}"
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def read_number(
    value: object,
    where: str,
    faults: Faults,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float = MOST,
    allowed: str = "",
) -> Number | None:
    """Return one finite number as it was given, or note the fault and return None.

    Parameters
    ----------
    least, above, most
        The range: `least` and `most` are in it, `above` is not.
    allowed
        What is allowed, where the words that follow from the range do not say it.
    """
    number = finite(value)
    if number is not None and in_range(number, least, above, most):
        return number
    words = allowed or allowed_words(value, least, above, most)
    note(where, value, words, faults)
    return None


def note(where: str, value: object, allowed: str, faults: Faults) -> None:
    """Note what is no figure, or not one that is allowed."""
    found = plain(value)
    large = is_too_large(found) and not isinstance(found, float)  # which is written in a few digits
    faults.add(where, "too large" if large else shown(value), allowed, about_text(found))


def read_whole(value: object, where: str, faults: Faults, *, least: int, most: int, allowed: str = "") -> int | None:
    """Return a whole number as an int, or note the fault and return None; 3.0 is one, 3.5 and True are none."""
    number = finite(value)
    if number is not None and Fraction(number).denominator == 1 and least <= int(number) <= most:
        return int(number)
    note(where, value, allowed or f"a whole number from {least} to {most}", faults)
    return None


def read_flags(faults: Faults, **flags: object) -> None:
    """Add a fault for each argument that is neither True nor False, by its name: the text "no" would count as True.

    Examples
    --------
    >>> faults = Faults()
    >>> read_flags(faults, cents="no", exact=True)
    >>> [str(fault) for fault in faults]
    ["cents: 'no'; allowed: True or False"]
    """
    for name, value in flags.items():
        if not isinstance(plain(value), bool):
            faults.add(name, shown(value), "True or False")


def check_flags(**flags: object) -> None:
    """Refuse arguments that are neither True nor False, by their names."""
    faults = Faults()
    read_flags(faults, **flags)
    faults.check("what is a matter of yes or no cannot be read", remedy="Say True or False.")


def about_text(value: object) -> str:
    """Say what to do about text where a figure is asked; empty for all else.

    Examples
    --------
    >>> about_text("12,5"), about_text("a"), about_text(5)
    ('Text is no figure. Write 12.5.', 'Text is no figure: read it with ggu.read_table, or convert it.', '')
    """
    if not isinstance(value, str):
        return ""
    written = as_written_here(value)
    return f"Text is no figure. {written}" if written else _TEXT


def in_range(number: Number, least: float | None, above: float | None, most: float) -> bool:
    """Whether a number lies in the range: `least` and `most` are in it, `above` is not."""
    return number <= most and (least is None or number >= least) and (above is None or number > above)


def allowed_words(value: object, least: float | None, above: float | None, most: float) -> str:
    """Say which numbers are allowed: of a number the end that it passes, of all else the whole range."""
    ends = [] if above is None else [f"above {above:g}"]
    ends += [] if least is None else [f"{least:g} or more"]
    number = finite(value)
    if number is None:
        return ", ".join(["a finite number", *ends, *([] if most > _WRITTEN else [f"at most {most:g}"])])
    return f"at most {most:g}" if number > most else ", ".join(ends) or f"at least {-MOST:g}"


def adds_up(fractions: Iterable[Decimal | Fraction]) -> bool:
    """Whether fractions add up to 1, but for the last digits of thirds and the like.

    Examples
    --------
    >>> adds_up([Decimal("0.8"), Decimal("0.2")]), adds_up([Decimal(repr(1 / 3))] * 3), adds_up([Decimal("0.9")])
    (True, True, False)
    """
    return abs(sum((Fraction(part) for part in fractions), Fraction(0)) - 1) <= LAST_DIGITS
