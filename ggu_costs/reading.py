"""Files and figures that users give, looked at before they are read: none blocks, fills memory or goes on for ever."""

import math
import os
import re
import stat
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ggu_costs.errors import GguCostsError, InputError, MissingInputError, shortened

MOST_BYTES = 300_000_000
"""Of a table or a map; the largest of CBS have a third of it."""
MOST_DIGITS = 400
"""Places before or behind the point of any figure; float64 has no more than 324."""

_KINDS = {
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_DUTCH = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?", re.ASCII)
_ENGLISH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_file(path: str | os.PathLike[str], *, most: int) -> bytes:
    """Return what is in a file that a user names.

    Parameters
    ----------
    path
        A regular file. A pipe, device or folder is refused before anything is read, so that nothing waits for it.
    most
        The size in bytes above which it is refused.

    Raises
    ------
    MissingInputError
        A file that is not there, or that may not be read.
    InputError
        Something else than a regular file, or a file that is too large.
    """
    refused = why_not(path, most=most)
    if refused is None:
        try:
            with os.fdopen(os.open(path, _FLAGS), "rb") as file:  # another file may have its name by now
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    content = file.read(most + 1)
                    if len(content) <= most:
                        return content
        except OSError as error:
            refused = _not_read(path, error)
    raise refused or InputError(f"{_named(path)}: it changed while it was read", remedy="Try again.")


def why_not(path: str | os.PathLike[str], *, most: int) -> GguCostsError | None:
    """Return the error that says why a file cannot be read, as far as that shows from outside; None where it can."""
    try:
        found = Path(path).stat()
    except ValueError:  # a zero byte or half a character in the name
        return MissingInputError(f"{_named(path)}: no name of a file", names=[str(path)], remedy="Check the path.")
    except OSError as error:
        return _not_read(path, error)
    kind = next((words for is_kind, words in _KINDS.items() if is_kind(found.st_mode)), "")
    if kind:
        return InputError(f"{_named(path)}: {kind}, not a file", remedy="Give the path of a file.")
    if found.st_size > most:
        return InputError(
            f"{_named(path)}: {found.st_size:,} bytes, which is more than {most:,}",
            remedy="Take out what is not needed, or check whether this is the file you meant.",
        )
    return None


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Return whether a path is a folder; one that no folder can have is none."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # a name that is too long, or holds a zero byte
        return False


def read_decimal(text: str) -> Decimal | None:
    """Return the number that a text is, exactly, or a mark such as NaN; None where it is none.

    Raises
    ------
    InputError
        A number of more digits than a figure can have.

    Examples
    --------
    >>> read_decimal("53000000.50"), read_decimal("twelve")
    (Decimal('53000000.50'), None)
    >>> read_decimal("1e9999999")
    Traceback (most recent call last):
        ...
    ggu_costs.errors.InputError: a number of more than 400 digits
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        if not _NUMBER.fullmatch(text.strip()):
            return None
        number = Decimal("1e999999")  # its exponent is too large even to be kept
    if not is_written_out(number):
        raise InputError(f"a number of more than {MOST_DIGITS} digits")
    return None if number.is_snan() else number


def is_written_out(number: Decimal | int) -> bool:
    """Return whether a number takes no more than `MOST_DIGITS` digits; they are counted without being made."""
    if isinstance(number, int):
        return number.bit_length() < MOST_DIGITS * math.log2(10)
    places = number.as_tuple()
    exponent = places.exponent if isinstance(places.exponent, int) else 0  # a mark such as NaN has none
    return len(places.digits) <= MOST_DIGITS and abs(exponent) <= MOST_DIGITS


def read_dutch(text: str) -> Decimal | None:
    """Return a figure as a Dutch table has it: points between thousands, a comma before a fraction; None for another.

    Examples
    --------
    >>> [read_dutch(text) for text in ("1.250,5", "-42", "1,000.5", "12 %")]
    [Decimal('1250.5'), Decimal('-42'), None, None]
    """
    if len(text) > MOST_DIGITS or not _DUTCH.fullmatch(text):
        return None
    return Decimal(_pointed(text))


def _pointed(text: str) -> str:
    """Write a Dutch figure with a decimal point."""
    return text.replace(".", "").replace(",", ".")


def may_be_thousands(text: str) -> bool:
    """Return whether a number may be thousands or a fraction, as 850.000 is: one mark, and three digits after it.

    Examples
    --------
    >>> [text for text in ("850.000", "0.125", "1250.000", "12.50") if may_be_thousands(text)]
    ['850.000']
    """
    return _EITHER.fullmatch(text.strip()) is not None


def as_written_here(text: str) -> str:
    """Return how a figure is written where the point is the decimal mark, for a remedy; empty where that is no slip.

    Examples
    --------
    >>> as_written_here("850.000"), as_written_here("1.234,50"), as_written_here("12")
    ('Write 850000 for thousands, or 850.0000 for a fraction.', 'Write 1234.50.', '')
    """
    text = text.strip()
    if len(text) > MOST_DIGITS:
        return ""
    if may_be_thousands(text):
        point = text.replace(",", ".")
        return f"Write {point.replace('.', '')} for thousands, or {point}0 for a fraction."
    dutch, english = _DUTCH.fullmatch(text), _ENGLISH.fullmatch(text)
    written = _pointed(text) if dutch else text.replace(",", "") if english else text
    return f"Write {written}." if written != text else ""


def reason(error: MissingInputError) -> str:
    """Return why a file could not be read, in the words of the system."""
    cause = error.__cause__
    return (cause.strerror or str(cause)) if isinstance(cause, OSError) else "no name of a file"


def _not_read(path: str | os.PathLike[str], error: OSError) -> MissingInputError:
    words = f"{_named(path)}: cannot be read ({error.strerror or error})"
    missing = MissingInputError(words, names=[str(path)], remedy="Check the path of the file.")
    missing.__cause__ = error
    return missing


def _named(path: str | os.PathLike[str]) -> str:
    return shortened(str(path), 400)
