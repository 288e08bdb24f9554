"""Inputs that a model declares and the user brings: ``data={name: ...}``, or ``--data NAME=FILE`` on the line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Fault, Faults, GguCostsError, InputError, MissingInputError, UnknownNameError, listed
from ggu_costs.figures import finite, is_too_large
from ggu_costs.modelfile.grant_keys import KeyFigures
from ggu_costs.modelfile.sources import InputNeed
from ggu_costs.modelfile.values import MOST, shown
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.words.messages import message, say

if TYPE_CHECKING:
    import pandas as pd


_FORMS = {
    "national": "one number",
    "municipality": "a file or Series with a figure for each code",
    "either": "one number, or a file or Series with a figure for each code",
}


class Inputs:
    """The inputs of one model, checked when made.

    Parameters
    ----------
    needs
        What the model file declares.
    data
        What the user brings: a number for the nation, a Series by code, or the path of a CSV or Excel file.
    model
        Id of the model, for messages.
    blank
        Inputs in which the figure of a code may be left empty: a memorandum item (PM).
    reference
        The municipalities that figures by code are of.
    keys
        Figures of the keys that follow a uitkering, by column.

    Raises
    ------
    UnknownNameError
        A name that the model does not declare.
    InputError
        Figures that are not finite, or a Series where one national number is asked.
    """

    def __init__(
        self,
        needs: Mapping[str, InputNeed],
        data: Mapping[str, Any] | None,
        *,
        model: str,
        blank: Collection[str] = (),
        reference: Reference = SHIPPED,
        keys: Mapping[str, KeyFigures] | None = None,
    ) -> None:
        self._needs, self._model, self.reference = dict(needs), model, reference
        self.keys: dict[str, KeyFigures] = dict(keys or {})
        self._values: dict[str, Decimal | pd.Series] = {}
        faults, errors = Faults(), list[GguCostsError]()
        for name, given in (data or {}).items():
            try:
                self._known(name)
                item = _from_file(name, given, reference, blank=name in blank)
                value = _take(name, item, self._needs[name], faults, blank=name in blank)
            except GguCostsError as error:
                errors.append(error)
                faults.found += [replace(fault, where=f"{name}: {fault.where}") for fault in error.faults] or [
                    Fault(name, error.message, remedy=error.remedy)
                ]
            else:
                self._values |= {} if value is None else {name: value}
        if len(errors) == 1 and len(faults.found) == max(1, len(errors[0].faults)):
            raise errors[0]  # nothing else is wrong: it keeps its own kind
        faults.check(f"{model}: these inputs cannot be used", remedy="Correct everything named.")

    def _known(self, name: str) -> None:
        if name not in self._needs:
            remedy = "" if self._needs else f"{self._model} takes no inputs."
            raise UnknownNameError(f"input of {self._model}", name, self._needs, remedy=remedy)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Inputs):
            return NotImplemented
        return (self._model, self._needs, self.hashes) == (other._model, other._needs, other.hashes)

    def __hash__(self) -> int:
        return hash((self._model, tuple(self.hashes.items())))

    def __repr__(self) -> str:
        return f"<Inputs of {self._model}: {listed(self._values) or 'none'} given>"

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def asked_by(self, needs: Iterable[str]) -> dict[str, Any]:
        """Return what was given of these names: the inputs of a model that is a part of this one."""
        return {name: self._values[name] for name in needs if name in self._values}

    def require(self, names: Iterable[str]) -> None:
        """Raise one error that describes every one of `names` that was not given."""
        missing = [name for name in dict.fromkeys(names) if name not in self._values]
        if not missing:
            return
        faults, lines = [], []
        for name in missing:
            need = self._needs[name]
            found = f"not given; needed for {say(need.purpose, 'en')}: {need.description}"
            faults.append(Fault(name, found, f"{_FORMS[need.scope]}, in {_unit(need)}"))
            told = {"needed_for": need.purpose, "description": need.description, "unit": need.unit}
            lines.append(message("input_missing", name=name, form=message(f"input_{need.scope}"), **told))
        given = ", ".join(f"{name!r}: ..." for name in missing)
        count = f"{len(missing)} inputs are" if len(missing) > 1 else "an input is"
        options = [f"--data {name}=..." for name in missing]
        raise MissingInputError(
            f"{self._model}: {count} missing",
            names=missing,
            faults=faults,
            remedy=f"Give a number or a file with {' '.join(options)}, or data={{{given}}} in Python.",
            said=message("inputs_missing", model=self._model, count=len(missing), lines=lines, options=options),
        )

    def counts(self, name: str) -> bool:
        """Whether an input was given, or has to be; one that may be left out and was, is a memorandum item (PM)."""
        return name in self or not self._needs[name].optional

    def number(self, name: str) -> Decimal:
        """A national number; required."""
        self.require([name])
        value = self._values[name]
        if not isinstance(value, Decimal):
            raise MissingInputError(
                f"{self._model}: input {name!r} holds figures per municipality, one number is needed here",
                names=[name],
                remedy="Give one national number.",
            )
        return value

    def is_by_code(self, name: str) -> bool:
        """Whether figures by code were given, and not one number."""
        return name in self and not isinstance(self._values[name], Decimal)

    def with_key(self, key: KeyFigures) -> Inputs:
        """Return the same with the figures of one more key that follows a uitkering."""
        more = copy(self)
        more.keys = {**self.keys, key.column: key}
        return more

    def filled(self, codes: Iterable[str]) -> Inputs:
        """Return the same with 1 for what is still to be brought: what else is wrong with a model then shows."""
        import pandas as pd

        lacking = [name for name, need in self._needs.items() if not need.optional and name not in self._values]
        index = pd.Index(list(codes), name="code")
        by_code = pd.Series([Decimal(1)] * len(index), index=index, dtype=object)
        filled = copy(self)
        filled._values = dict(self._values) | {
            name: by_code if self._needs[name].scope == "municipality" else Decimal(1) for name in lacking
        }
        filled.__dict__.pop("hashes", None)
        return filled

    def by_code(self, name: str, codes: pd.Index[str], day: date, also: Collection[str] = ()) -> pd.Series:
        """Figures per participant in the order of `codes`; a national number is the same for all.

        `codes` are municipalities of the day, all or some of them, and other bodies (XX:NAME); each needs a figure.
        Those of `also` may have one, which is left out.
        """
        import pandas as pd

        self.require([name])
        value = self._values[name]
        if isinstance(value, Decimal):
            return pd.Series([value] * len(codes), index=codes, name=name, dtype=object)
        value = value[~value.index.isin(set(also) - set(codes))]
        what = f"input {name!r} of {self._model}"
        municipalities = [code for code in codes if code.startswith("GM")]
        bodies = {code for code in codes if not code.startswith("GM")}
        faults = Faults()
        self.reference.check_codes(
            value.index, day, what=what, others=bool(bodies), expected=municipalities, faults=faults
        )
        given = {str(code) for code in value.index if not str(code).startswith("GM")}
        for code in sorted(bodies - given):
            faults.add(f"{what} {code}", "missing", "a figure for each participant")
        for code in sorted(given - bodies) if bodies else ():
            faults.add(f"{what} {code}", "takes no part", "participants only")
        who = "participants" if bodies else "municipalities"
        faults.check(f"{what}: these are not the {who} of {day}", remedy="Give one figure for each of them, by code.")
        return value.reindex(codes)

    @cached_property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each input as it was used."""
        return {name: _hash(value) for name, value in sorted(self._values.items())}


def _from_file(name: str, given: Any, reference: Reference, *, blank: bool) -> Any:
    """Read an input that is given as a file; what can only be stated in Python is told as it is stated there."""
    if not isinstance(given, str | Path):
        return given
    try:
        return reference.with_blanks(given) if blank else reference.read_table(given)
    except InputError as error:
        if not error.option:
            raise
        how = f"In Python that is data={{{name!r}: ggu.read_table({str(given)!r}, {error.option})}}."
        option, _, stated = error.option.partition("=")
        if option in ("encoding", "decimal"):
            how += f" On the command line: --{option} {stated}."
        raise InputError(error.message, faults=error.faults, remedy=f"{error.remedy} {how}") from error


def _take(name: str, given: Any, need: InputNeed, faults: Faults, *, blank: bool = False) -> Decimal | pd.Series | None:
    """Return one input, checked; None with a fault noted where it cannot be used."""
    import pandas as pd

    before = len(faults.found)
    if isinstance(given, pd.DataFrame):
        if given.shape[1] != 1:
            faults.add(name, f"a table of {given.shape[1]} columns", "one column of figures by code")
            return None
        given = given.iloc[:, 0]
    if isinstance(given, pd.Series):
        if need.scope == "national":
            faults.add(name, f"figures per municipality ({len(given)})", f"one national number in {_unit(need)}")
        wrong: dict[str, list[str]] = {}
        for code, figure in (given.dropna() if blank else given).items():
            for words in _wrong(figure, need):
                wrong.setdefault(words, []).append(str(code))
        for words, codes in wrong.items():
            faults.add(name, f"{words} for {listed(codes)}", _allowed(need))
        return given if len(faults.found) == before else None
    number = _decimal(given)
    if number is None:
        found = "too large" if is_too_large(given) else shown(given)
        faults.add(name, found, f"a finite number in {_unit(need)}, a Series by code or a file")
        return None
    if need.scope == "municipality":
        faults.add(name, f"one number ({number})", f"a figure in {_unit(need)} for each municipality")
    for words in _wrong(given, need):
        faults.add(name, f"{number} {words}", _allowed(need))
    return number if len(faults.found) == before else None


def _decimal(figure: Any) -> Decimal | None:
    """Return a number as its shortest decimal; None for what is no finite number."""
    number = finite(figure)
    if number is None:
        return None
    exact = Decimal(number) if isinstance(number, Decimal | int) else Decimal(repr(float(number)))
    return Decimal(int(exact)) if exact == int(exact) else exact


def _wrong(figure: Any, need: InputNeed) -> Iterator[str]:
    """Say what is wrong with one figure."""
    from ggu_costs.money import nearest_cents

    number = _decimal(figure)
    if is_too_large(figure):
        yield "too large"
    elif number is None:
        yield "missing or not finite"
    elif number < 0:
        yield "negative"
    elif number >= MOST:
        yield "too large"
    elif need.unit == "share" and number > 1:
        yield "above 1"
    elif need.unit == "EUR" and nearest_cents(number) is None:
        yield "not whole cents"


def _unit(need: InputNeed) -> str:
    return "share (0 to 1)" if need.unit == "share" else need.unit


def _allowed(need: InputNeed) -> str:
    if need.unit == "share":
        return "a fraction from 0 to 1; 95 per cent is 0.95"
    return f"finite numbers of 0 or more in {need.unit}" + (", in whole cents" if need.unit == "EUR" else "")


def _hash(value: Decimal | pd.Series) -> str:
    if isinstance(value, Decimal):
        return hashlib.sha256(str(value).encode()).hexdigest()
    rows = sorted(f"{code},{_decimal(figure)}" for code, figure in value.items())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
