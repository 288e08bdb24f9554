"""Keys (verdeelsleutels): mixtures of several figures into one key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults, did_you_mean
from ggu_costs.figures import adds_up, read_exact, read_number, shown
from ggu_costs.money import shortest
from ggu_costs.reference import column_kind

if TYPE_CHECKING:
    import pandas as pd


EQUAL = "equal"
"""The part of a mixture that every participant carries alike."""


def mixture(parts: Mapping[str, float | Decimal], figures: pd.DataFrame) -> pd.Series:
    r"""Mix figures into one key: each part is shared by its own figure.

    :math:`k_i = \sum_p f_p \, x_{ip} / \sum_j x_{jp}`, with :math:`1/n` for the part `equal`.

    Parameters
    ----------
    parts
        Figure to fraction, such as ``{"inhabitants": 0.8, "equal": 0.2}``; the fractions are above 0 and add up to 1,
        but for the last digits of floats such as 1/3 and 2/3, which are scaled away; a float stands for its shortest
        decimal.
    figures
        Index the codes, one column a figure; all 0 or more. By its name no rate (percentage, density, average), class
        or label: those do not add up.

    Returns
    -------
    pandas.Series
        The key, float64, in the order of `figures`; it adds up to 1. Each value is rounded once from the exact one, so
        that equal figures give equal keys.

    Raises
    ------
    InputError
        Lists every fault: fractions that do not add up to 1 (a sum of 100 is named as the likely slip), unknown
        columns, rates and classes, missing or negative figures with their codes, a figure that is 0 for everyone.

    Examples
    --------
    >>> import pandas as pd
    >>> figures = pd.DataFrame({"inhabitants": [100, 300]}, index=["GM0001", "GM0002"])
    >>> mixture({"inhabitants": 0.8, "equal": 0.2}, figures).tolist()
    [0.3, 0.7]
    """
    import pandas as pd

    faults = Faults()
    if not isinstance(parts, Mapping):
        faults.add("parts", shown(parts), "a mapping of figure to fraction, such as {'inhabitants': 1}")
    if not isinstance(figures, pd.DataFrame):
        faults.add("figures", shown(figures), "a DataFrame with a column for each figure")
    faults.check("the mixture cannot be made", remedy="Correct the parts and figures listed.")
    fractions = {name: _fraction(name, value, faults) for name, value in parts.items()}
    whole = sum(fractions.values(), Fraction(0))
    if not faults and not adds_up(fractions.values()):
        slip = "These look like percentages: divide them by 100." if whole == 100 else "Let the fractions add up to 1."
        faults.add("parts", f"the fractions add up to {float(whole):.14g}", "1", slip)
    if len(figures.index) == 0:
        faults.add("figures", "no rows", "one row a participant")
    for code in figures.index[figures.index.duplicated()].unique():
        faults.add("figures", f"code {code} occurs twice", "each code once")
    columns = {name: _column(name, figures, faults) for name in fractions if name != EQUAL}
    faults.check("the mixture cannot be made", remedy="Correct the parts and figures listed.")
    exact = [fractions.get(EQUAL, Fraction(0)) / whole / len(figures.index)] * len(figures.index)
    for name, column in columns.items():
        factor = fractions[name] / whole / sum(column)
        exact = [mixed + factor * figure for mixed, figure in zip(exact, column, strict=True)]
    name = " + ".join(f"{float(fraction):g} {part}" for part, fraction in fractions.items())
    return pd.Series([float(value) for value in exact], index=figures.index, name=name, dtype="float64")


def _fraction(name: str, value: float | Decimal, faults: Faults) -> Fraction:
    number = read_number(value, f"parts[{name!r}]", faults, above=0, allowed="a finite fraction above 0")
    return Fraction(0) if number is None else shortest(number)


def _column(name: str, figures: pd.DataFrame, faults: Faults) -> list[Fraction]:
    """One figure of every participant, exactly; faults where it cannot be a key."""
    if name not in figures.columns:
        known = [str(column) for column in figures.columns]
        faults.add(f"parts[{name!r}]", "no such figure", ", ".join([EQUAL, *known]), did_you_mean(name, known))
        return []
    kind = column_kind(name)
    if kind not in ("total", "unknown"):
        faults.add(f"parts[{name!r}]", f"a {kind}, which does not add up", "a figure that is a total")
        return []
    column = figures[name]
    if column.ndim > 1:
        faults.add(f"figures[{name!r}]", f"{column.shape[1]} columns of this name", "one")
        return []
    values = read_exact(column, f"figures[{name!r}]", faults, least=0)
    if values and not any(values):
        faults.add(f"figures[{name!r}]", "0 for everyone", "at least one above 0")
    return [Fraction(value) for value in values or ()]
