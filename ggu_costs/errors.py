"""Every error this library raises on purpose.

One base, :class:`GguCostsError`; each kind also derives from the built-in that fits. The facts are attributes, so that
a tool which embeds the library can write its own text; the message lists every fault found and ends with a remedy.
"""

import re
from collections import Counter
from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Any, TypeVar

from ggu_costs.text import on_screen, one_line

N = TypeVar("N", bound=Hashable)

MOST_FAULTS = 1_000
"""Faults that one error holds; those after them are counted only."""
LONGEST_MESSAGE = 3_900
"""Characters of a message, in Python and on the command line."""

MOST_ALIKE = 3
"""Faults alike that are told one by one."""

_FIGURES = re.compile(r"'[^']*'|\d[\d.,]*")  # what may differ between faults that are alike
_SHOWN = 12  # faults or names written out in a message; the attributes hold more
_LONGEST_PART = 400  # of a fault: what was found, what is allowed, what to do
_LONGEST_WORDS = 1_000  # of a message without its faults, and of its remedy
_LONGEST_NAME = 80
_MOST_COMPARED = 2_000  # names among which the nearest is looked for


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, what was found, what is allowed, what to do.

    Attributes
    ----------
    where
        Argument, column, file and dotted key, or code.
    found
        The value found, in words.
    allowed
        What would have been right.
    remedy
        One sentence that says what to do next; may be empty when `allowed` says it all.
    option
        The argument in Python that settles it, such as ``encoding='cp1252'``; empty where none does.
    """

    where: str
    found: str
    allowed: str = ""
    remedy: str = ""
    option: str = ""

    def __str__(self) -> str:
        where, found, allowed, remedy = (
            shortened(one_line(part), _LONGEST_PART) for part in (self.where, self.found, self.allowed, self.remedy)
        )  # they may quote a file that somebody else made
        text = f"{where}: {found}"
        if allowed:
            text += f"; allowed: {allowed}"
        if remedy:
            text += f". {remedy}"
        return text


class GguCostsError(Exception):
    """Base of all errors of this library.

    Parameters
    ----------
    message
        What went wrong.
    faults
        The faults one by one; they are listed in the message.
    remedy
        What to do; the last sentence of the message.
    option
        The argument in Python that settles it, as of a fault.
    said
        The same as a message of the words files, which the command line says in a language; empty where there is none.

    Attributes
    ----------
    faults : tuple of Fault
        The first `MOST_FAULTS`.
    count : int
        How many faults were found.
    remedy, option, said : str
    """

    def __init__(
        self, message: str, *, faults: Iterable[Fault] = (), remedy: str = "", option: str = "", said: str = ""
    ) -> None:
        self.message, self.said = message, said
        found = faults.found if isinstance(faults, Faults) else tuple(faults)
        self.count = faults.count if isinstance(faults, Faults) else len(found)
        self.faults: tuple[Fault, ...] = tuple(found[:MOST_FAULTS])
        self.remedy = remedy
        self.option = option or next((fault.option for fault in self.faults if fault.option), "")
        super().__init__(self.text(most=_SHOWN, see=" (see .faults)"))

    def text(self, *, most: int = MOST_FAULTS, see: str = "") -> str:
        """Write the message, at most so many of the faults, and the remedy: in `LONGEST_MESSAGE` characters.

        Parameters
        ----------
        most
            Faults written out, where they fit; the rest is counted.
        see
            Where the rest is found.
        """
        message, remedy = (shortened(on_screen(words), _LONGEST_WORDS) for words in (self.message, self.remedy))
        room = LONGEST_MESSAGE - len(message) - len(remedy) - len(see) - len("\n  - and 1000000 more\n")
        lines: list[str] = []
        for fault in self.faults[:most]:
            line = f"\n  - {fault}"
            room -= len(line)
            if room < 0:
                break
            lines.append(line)
        rest = self.count - len(lines)
        more = f"\n  - and {rest} more{see}" if rest else ""
        return "".join([message, *lines, more, f"\n{remedy}" if remedy else ""])

    def __reduce__(self) -> tuple[object, ...]:
        # errors cross process borders (workers of a cluster): rebuild without calling a subclass's own signature
        return (_rebuild, (type(self), self.__dict__.copy(), self.args))


def _rebuild(kind: type[GguCostsError], state: dict[str, object], args: tuple[object, ...]) -> GguCostsError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(GguCostsError, ValueError):
    """An argument, table or file of the user holds values that cannot be used."""


class ModelFileError(InputError):
    """A model file with faults: all of them, each with its dotted key.

    Attributes
    ----------
    path : str
        The file, or the id of a mapping.
    """

    def __init__(self, message: str, *, path: str = "", faults: Iterable[Fault] = (), remedy: str = "") -> None:
        self.path = path
        super().__init__(message, faults=faults, remedy=remedy)


class MissingInputError(GguCostsError, LookupError):
    """A model needs an input that was not given.

    Attributes
    ----------
    names : tuple of str
        The missing inputs.
    """

    def __init__(
        self,
        message: str,
        *,
        names: Sequence[str] = (),
        faults: Iterable[Fault] = (),
        remedy: str = "",
        said: str = "",
    ) -> None:
        self.names = tuple(names)
        super().__init__(message, faults=faults, remedy=remedy, said=said)


class OutsidePeriodError(GguCostsError, LookupError):
    """A date or year for which there is no value.

    Attributes
    ----------
    key : str
        What was asked.
    asked : str
        The date or year asked for.
    known : str
        The range or the years that are known.
    """

    def __init__(self, message: str, *, key: str = "", asked: str = "", known: str = "", remedy: str = "") -> None:
        self.key, self.asked, self.known = key, asked, known
        super().__init__(message, remedy=remedy)


class UnknownNameError(GguCostsError, LookupError):
    """A name (model, column, rule, code) that does not exist here.

    Attributes
    ----------
    name : str
    allowed : tuple of str
    """

    def __init__(self, what: str, name: object, allowed: Iterable[str], *, remedy: str = "", said: str = "") -> None:
        plain = name is None or isinstance(name, str | int | float)
        self.name, self.allowed = str(name) if plain else f"a {type(name).__name__}", tuple(allowed)
        found = shortened(repr(self.name)) if plain else self.name
        message = f"unknown {what} {found}; there are: {listed(self.allowed, more=', ...') or 'none'}"
        remedy = remedy or did_you_mean(self.name, self.allowed) or "Choose one of these."
        super().__init__(message, remedy=remedy, said=said)


class InfeasibleError(InputError):
    """Bounds, totals or constraints that cannot be met together."""


class OutputError(GguCostsError, OSError):
    """Results could not be written; nothing was left half-written."""


class Faults:
    """Collects faults so that all are reported at once.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.add("key", "a negative figure for GM0363", "0 or more")
    >>> faults.check("allocate cannot use these figures", remedy="Correct the figures.")
    Traceback (most recent call last):
        ...
    ggu_costs.errors.InputError: allocate cannot use these figures
      - key: a negative figure for GM0363; allowed: 0 or more
    Correct the figures.
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.more = 0  # counted only

    def add(self, where: str, found: str, allowed: str = "", remedy: str = "", *, option: str = "") -> None:
        """Note one fault; one that comes after `MOST_FAULTS` is counted only."""
        if self.full:
            self.more += 1
        else:
            self.found.append(Fault(where, found, allowed, remedy, option))

    @property
    def full(self) -> bool:
        """Whether no more faults are kept, so that nothing need be found out about the next."""
        return len(self.found) >= MOST_FAULTS

    @property
    def count(self) -> int:
        """How many faults were noted."""
        return len(self.found) + self.more

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)

    def told_once(self) -> "Faults":
        """Return these faults with those alike, figures apart, as one where more than `MOST_ALIKE` are.

        Examples
        --------
        >>> faults = Faults()
        >>> for code in ("GM0003", "GM0010", "GM0014", "GM0024", "GM0034"):
        ...     faults.add(f"pack.csv {code}", "no inhabitants", "a figure for every municipality")
        >>> print(*faults.told_once())
        pack.csv: no inhabitants, 5 times (GM0003, GM0010, GM0014 and 2 more); allowed: a figure for every municipality
        """
        alike: dict[tuple[str, ...], list[Fault]] = {}
        for fault in self.found:
            alike.setdefault((_FIGURES.sub("#", fault.found), fault.allowed, fault.remedy, fault.option), []).append(
                fault
            )
        told = Faults()
        told.more = self.more
        for faults in alike.values():
            told.found += faults if len(faults) <= MOST_ALIKE else [_as_one(faults)]
        return told

    def check(self, message: str, *, remedy: str = "", kind: type[InputError] = InputError) -> None:
        """Raise `kind` with every fault, if there are any."""
        if self.found:
            raise kind(message, faults=self, remedy=remedy)


def _as_one(faults: Sequence[Fault]) -> Fault:
    """Return many faults as one, with how many there are and where the first of them stand."""
    places = [fault.where.split(" ") for fault in faults]
    same = next((n for n, words in enumerate(zip(*places, strict=False)) if len(set(words)) > 1), 0)
    same -= bool(same) and places[0][same - 1] in ("line", "row")
    few = [" ".join(words[same:]) for words in places]
    found = f"{faults[0].found}, {len(faults)} times ({listed(few, MOST_ALIKE, more=' and {} more')})"
    return replace(faults[0], where=" ".join(places[0][:same]) or faults[0].where, found=found)


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return the closest spelling among `allowed`, or the empty string."""
    name = str(name)
    if len(name) > _LONGEST_NAME:  # no slip of the finger, and slow to compare
        return ""
    others = [other for other in islice(allowed, _MOST_COMPARED) if len(other) <= 2 * _LONGEST_NAME]
    close = get_close_matches(name, others, n=1, cutoff=0.6)
    return close[0] if close else ""


def is_one_of(name: object, known: Container[Any]) -> bool:
    """Whether text is one of the names known; a list, a Series or a number is no name.

    Examples
    --------
    >>> is_one_of("owen", ["shapley", "owen"]), is_one_of(["owen"], ["shapley", "owen"]), is_one_of(None, ["owen"])
    (True, False, False)
    """
    return isinstance(name, str) and name in known


def check_kind(values: Iterable[object], kind: type | tuple[type, ...], what: str, remedy: str) -> None:
    """Refuse what is of another kind than is asked, such as text for a model."""
    for value in values:
        if not isinstance(value, kind):
            raise InputError(f"{what}: a {type(value).__name__}", remedy=remedy)


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """Ask whether the closest spelling among `allowed` was meant; empty where none is close.

    Examples
    --------
    >>> did_you_mean("shaply", ["shapley", "owen"]), did_you_mean("x", ["shapley"])
    ("Did you mean 'shapley'?", '')
    """
    close = nearest(name, allowed)
    return f"Did you mean {close!r}?" if close else ""


def shortened(text: str, most: int = _LONGEST_NAME) -> str:
    """Return a text with its middle left out where it is longer than `most`.

    Examples
    --------
    >>> shortened("a name that goes on and on", 15)
    'a name ... d on'
    """
    if len(text) <= most:
        return text
    head = (most - 5) * 2 // 3
    return f"{text[:head]} ... {text[len(text) - (most - 5 - head) :]}"


def repeated(names: Iterable[N]) -> list[tuple[N, int]]:
    """Return what comes more than once, in order, and how often.

    Examples
    --------
    >>> repeated(["a", "b", "a"])
    [('a', 2)]
    """
    return [(name, count) for name, count in Counter(names).items() if count > 1]


def listed(names: Iterable[object], most: int = _SHOWN, *, more: str = " and {} more") -> str:
    """Write names in a row, cut after `most`, with the count of the rest in the words of `more`."""
    texts = [shortened(str(name)) for name in names]
    rest = len(texts) - most
    return ", ".join(texts[:most]) + (more.format(rest) if rest > 0 else "")


def not_installed(what: str, package: str, extra: str) -> GguCostsError:
    """Return the error for an output whose package is missing.

    Examples
    --------
    >>> print(not_installed("a plot", "matplotlib", "plots"))
    a plot needs matplotlib, which is not installed
    Install it with: python -m pip install "ggu-costs[plots]"
    """
    return GguCostsError(
        f"{what} needs {package}, which is not installed",
        remedy=f'Install it with: python -m pip install "ggu-costs[{extra}]"',
    )
