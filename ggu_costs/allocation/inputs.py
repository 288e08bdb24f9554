"""Reading what the user gave to `allocate`: amount, key and bounds become clean arrays, or faults.

Labels decide how figures meet: Series and DataFrames by code, arrays by position. A table whose index is a plain
``RangeIndex`` has no codes and counts as positions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, repeated
from ggu_costs.figures import MOST, is_pandas, plain, read_figures, read_number
from ggu_costs.money import shortest
from ggu_costs.reference import column_kind, ever_existed, is_participant, is_placeholder, map_period
from ggu_costs.typing import Euros, FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd


_SCALARS = (bool, int, float, complex, str, bytes, Decimal, Fraction)
_ALLOWED_CODE = "municipality codes such as GM0363, or XX:NAME for others"


@dataclass(frozen=True)
class Participants(Brief):
    """The key as arrays.

    Attributes
    ----------
    figures
        float64, shape (n,), (k, n) or (draws, pools, n).
    codes
        The codes, or None where the key came by position.
    metric
        Name of the figure.
    order
        Positions in the order in which ties of a cent are served: by code, else by position.
    """

    figures: FloatArray
    codes: pd.Index | None
    metric: str
    order: IntArray

    @property
    def count(self) -> int:
        """Number of participants."""
        return int(self.figures.shape[-1])

    def label(self, place: int) -> str:
        """Code of a participant, or its position in brackets."""
        return f"[{place}]" if self.codes is None else str(self.codes[place])


def read_amount(amount: Any, faults: Faults, *, cents: bool) -> Fraction | Euros:
    """Read one number exactly, or an array of numbers as float64 of one or two dimensions.

    With `cents` a float stands for its shortest decimal, as on a bill; else for the number it stores.
    """
    number = plain(amount)
    if number is None or isinstance(number, _SCALARS):
        exact = read_number(number, "amount", faults, allowed="a finite number of euros, at most 1e200, or an array")
        return Fraction(0) if exact is None else shortest(exact) if cents else Fraction(exact)
    amounts = read_figures(number, "amount", faults)
    if amounts is None:
        return Fraction(0)
    if amounts.ndim not in (1, 2):
        faults.add("amount", f"an array of shape {amounts.shape}", "a number, or shape (draws,) or (draws, pools)")
        return Fraction(0)
    return amounts


def read_key(key: Any, lead: tuple[int, ...], faults: Faults) -> Participants | None:
    """Read the key for amounts of shape `lead`; None when it cannot be used at all."""
    codes: pd.Index | None = None
    metric = "key"
    labels = None
    if is_pandas(key):
        metric = str(key.name) if key.ndim == 1 and key.name is not None else "key"
        kind = column_kind(key.name) if key.ndim == 1 else "total"
        if kind not in ("total", "unknown"):
            faults.add("key", f"{metric!r} is a {kind}, which does not add up", "a figure that is a total")
        codes = _codes(key.index, "key", faults)
        labels = list(key.index) if key.ndim == 1 else None
        key = key if key.ndim == 1 else key.T
    figures = read_figures(key, "key", faults, labels=labels, most=math.inf, missing=True, infinite=True)
    if figures is None:
        return None
    shapes = list(dict.fromkeys([(), lead[1:], lead]))
    if figures.ndim == 0 or figures.shape[:-1] not in shapes:
        wanted = " or ".join(str((*shape, "n")).replace("'", "") for shape in shapes)
        faults.add("key", f"figures of shape {figures.shape}", f"shape {wanted} for this amount")
        return None
    if figures.shape[-1] == 0:
        faults.add("key", "no participants", "one or more")
        return None
    count = figures.shape[-1]
    names = None if codes is None else [str(code) for code in codes]
    order = np.arange(count) if names is None else np.array(sorted(range(count), key=names.__getitem__))
    participants = Participants(figures, codes, metric, order.astype(np.int64))
    _check_figures(participants, faults)
    return participants


def read_bound(bound: Any, name: str, participants: Participants, faults: Faults) -> FloatArray | None:
    """Read `minimum` or `maximum` as one float64 a participant; infinite on its own side means no bound."""
    if bound is None:
        return None
    if is_pandas(bound) and participants.codes is not None:
        codes = _codes(bound.index, name, faults)
        if bound.ndim != 1 or codes is None:
            faults.add(name, f"a {type(bound).__name__} without codes", "a Series by code, as the key is")
            return None
        known, given = set(participants.codes), set(codes)
        for code in sorted(given - known):
            faults.add(name, f"{code} is not in the key", "the codes of the key")
        for code in sorted(known - given):
            faults.add(name, f"no value for {code}", "one a code of the key")
        if given != known or not codes.is_unique:
            return None
        bound = bound if codes.equals(participants.codes) else bound.reindex(participants.codes)
    elif is_pandas(bound) and _codes(bound.index, name, faults) is not None:
        faults.add(name, "values by code for a key without codes", "an array in the order of the key")
        return None
    values = read_figures(bound, name, faults, missing=True, infinite=True)
    if values is None:
        return None
    if values.shape not in ((), (participants.count,)):
        faults.add(name, f"values of shape {values.shape}", f"one number, or shape ({participants.count},)")
        return None
    figures = np.array(np.broadcast_to(values, (participants.count,)))
    open_side = -np.inf if name == "minimum" else np.inf
    for place in np.flatnonzero(np.isnan(figures) | (figures == -open_side)):
        faults.add(f"{name} {participants.label(int(place))}", str(figures[place]), "euros")
    return figures


def _codes(index: pd.Index, where: str, faults: Faults) -> pd.Index | None:
    """Return the index if it holds codes, None if it is positions; anything else is a fault."""
    import pandas as pd

    if isinstance(index, pd.RangeIndex):
        return None
    for label in index:
        if not is_participant(label):
            faults.add(where, f"{label!r} is not a code", _ALLOWED_CODE, "Join on code, never on name.")
        elif not ever_existed(label) and not is_placeholder(label):  # of a pack
            first, last = map_period()
            known = f"codes of municipalities of {first.year} to {last.year}"
            faults.add(where, f"no municipality has the code {label}", known)
    for code in index[index.duplicated()].unique():
        faults.add(where, f"code {code} occurs more than once", "each code once")
    return index


def read_quantities(values: Any, where: str, one: str, faults: Faults) -> FloatArray:
    """Read a quantity of 0 or more of each participant; `one` says what it is in the words of a fault."""
    if is_pandas(values):
        for label, count in repeated(values.index):
            faults.add(f"{where}[{label}]", f"there {count} times", "every participant once")
    quantities = read_figures(values, where, faults, least=0)
    if quantities is None:
        return np.zeros(1)
    if quantities.ndim != 1 or quantities.size == 0:
        faults.add(where, f"shape {quantities.shape}", f"one {one} for each of one or more participants")
    return quantities


def _check_figures(participants: Participants, faults: Faults) -> None:
    """A figure must be finite and 0 or more; each participant is named once, whatever the number of rows."""
    rows = participants.figures.reshape(-1, participants.count)
    lowest, highest = rows.min(axis=0), rows.max(axis=0)  # NaN spreads through both
    for place in np.flatnonzero(~((highest <= MOST) & (lowest >= 0))):
        found = "missing" if np.isnan(lowest[place]) else str(lowest[place] if lowest[place] < 0 else highest[place])
        faults.add("key", f"{found} for {participants.label(int(place))}", "0 or more, at most 1e200")
