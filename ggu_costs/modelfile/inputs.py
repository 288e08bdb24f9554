"""Inputs that a model declares and the user brings: ``data={name: ...}``, or ``--data NAME=FILE`` on the line."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Fault, Faults, MissingInputError, UnknownNameError
from ggu_costs.modelfile.values import InputNeed
from ggu_costs.reference import check_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Inputs"]


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

    Raises
    ------
    UnknownNameError
        A name that the model does not declare.
    InputError
        Figures that are not finite, or a Series where one national number is asked.
    """

    def __init__(self, needs: Mapping[str, InputNeed], data: Mapping[str, Any] | None, *, model: str) -> None:
        self._needs, self._model = dict(needs), model
        self._values: dict[str, Decimal | pd.Series] = {}
        faults = Faults()
        for name, given in (data or {}).items():
            if name not in self._needs:
                remedy = "" if self._needs else f"{model} takes no inputs."
                raise UnknownNameError(f"input of {model}", name, self._needs, remedy=remedy)
            self._values[name] = _take(name, given, self._needs[name], faults)
        faults.check(f"{model}: these inputs cannot be used", remedy="Correct every figure named.")

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def require(self, names: Iterable[str]) -> None:
        """Raise one error that describes every one of `names` that was not given."""
        missing = [name for name in names if name not in self._values]
        if not missing:
            return
        faults = []
        for name in missing:
            need = self._needs[name]
            form = {
                "national": "one number",
                "municipality": "columns code and value",
                "either": "one number, or columns code and value",
            }
            faults.append(
                Fault(
                    name,
                    f"not given; needed for {need.needed_for}: {need.description}",
                    f"{form[need.scope]}, in {need.unit}",
                )
            )
        raise MissingInputError(
            f"{self._model}: {len(missing)} input(s) missing",
            names=missing,
            faults=faults,
            remedy=f"Give it with --data {missing[0]}=FILE, or data={{{missing[0]!r}: ...}} in Python.",
        )

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

    def by_code(self, name: str, codes: pd.Index[str], day: date) -> pd.Series:
        """Figures per municipality in the order of `codes`; a national number is the same for all."""
        import pandas as pd

        self.require([name])
        value = self._values[name]
        if isinstance(value, Decimal):
            return pd.Series([value] * len(codes), index=codes, name=name, dtype=object)
        check_codes(value.index, day, what=f"input {name!r} of {self._model}")
        return value.reindex(codes)

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each input as it was used."""
        return {name: _hash(value) for name, value in sorted(self._values.items())}


def _take(name: str, given: Any, need: InputNeed, faults: Faults) -> Decimal | pd.Series:
    import pandas as pd

    if isinstance(given, str | Path):
        from ggu_costs.reference import read_table

        given = read_table(given)
    if isinstance(given, pd.DataFrame):
        if given.shape[1] != 1:
            faults.add(name, f"a table of {given.shape[1]} columns", "one column of figures by code")
            return Decimal(0)
        given = given.iloc[:, 0]
    if isinstance(given, pd.Series):
        if need.scope == "national":
            faults.add(name, f"figures per municipality ({len(given)})", f"one national number in {need.unit}")
        bad = [str(code) for code, figure in given.items() if not _finite(figure)]
        if bad:
            faults.add(name, f"missing or not finite for {', '.join(bad[:12])}", f"finite numbers in {need.unit}")
        elif need.unit == "share" and not given.between(0, 1).all():
            outside = given.index[~given.between(0, 1)]
            faults.add(name, f"outside 0 to 1 for {', '.join(map(str, outside[:12]))}", "a fraction such as 0.95")
        return given
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal) or not _finite(given):
        faults.add(name, repr(given), f"a finite number in {need.unit}, a Series by code or a file")
        return Decimal(0)
    number = given if isinstance(given, Decimal) else Decimal(repr(float(given)) if isinstance(given, float) else given)
    if need.scope == "municipality":
        faults.add(name, f"one number ({number})", f"a figure in {need.unit} for each municipality")
    if need.unit == "share" and not 0 <= number <= 1:
        faults.add(name, str(number), "a fraction from 0 to 1; 95 per cent is 0.95")
    return number


def _finite(figure: Any) -> bool:
    try:
        return math.isfinite(float(figure))
    except (TypeError, ValueError):
        return False


def _hash(value: Decimal | pd.Series) -> str:
    if isinstance(value, Decimal):
        text = str(value)
    else:
        text = "\n".join(f"{code},{figure!r}" for code, figure in sorted(zip(value.index, value.tolist(), strict=True)))
    return hashlib.sha256(text.encode()).hexdigest()
