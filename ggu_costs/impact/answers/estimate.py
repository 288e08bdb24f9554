"""A simulated figure with its simulation error, and how figures are shown: rounded, with words.

The nation is shown to 0.1 million euro, a municipality to 1,000 euro, a probability to 5 points with a word; frames
keep full precision.
"""

from __future__ import annotations

import pandas as pd

from ggu_costs import frames
from ggu_costs.money import round_half_up
from ggu_costs.words import numbers
from ggu_costs.words.messages import euro, message


class Estimate(float):
    """A number from a simulation.

    Attributes
    ----------
    error
        Its standard error, from the simulation alone: not what the assumptions may be off.
    low, high
        95 % interval of the simulation.

    Examples
    --------
    >>> estimate = Estimate(0.31, error=0.01, low=0.29, high=0.33)
    >>> estimate + 1
    1.31
    >>> estimate
    0.31 (simulation error 0.01, 95 % interval 0.29 to 0.33)
    """

    error: float
    low: float
    high: float

    def __new__(cls, value: float, *, error: float, low: float, high: float) -> Estimate:
        """Make the number and keep what is known about it."""
        number = super().__new__(cls, value)
        number.error, number.low, number.high = float(error), float(low), float(high)
        return number

    def __repr__(self) -> str:
        return f"{float(self):g} (simulation error {self.error:.2g}, 95 % interval {self.low:g} to {self.high:g})"

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, float]]:
        return (float(self),), {"error": self.error, "low": self.low, "high": self.high}


def rounded_euro(amount: float, *, nation: bool) -> str:
    """Write an amount as precisely as an estimate is: 0.1 million for the nation, 1,000 for a municipality.

    Examples
    --------
    >>> rounded_euro(1_399_812_345.0, nation=True), rounded_euro(-1_234_567.0, nation=False)
    ('€ 1.399,8 mln', '- € 1.235.000')
    """
    if numbers.missing(amount):
        return "PM"
    if nation:
        return message("millions", amount=amount / 1e6)
    exact = numbers.exact(amount / 1000)
    assert exact is not None  # noqa: S101 (results are finite)
    return euro(round_half_up(exact) * 1000, decimals=0)


def rounded_frame(frame: pd.DataFrame, *, nation: bool) -> pd.DataFrame:
    """Return a frame for the eye: amounts rounded, probabilities with words, simulation errors left out."""
    units = frame.attrs.get("units", {})
    kept = [name for name in frame.columns if not str(name).endswith("_error")]
    shown = frame[kept].copy()
    for name in kept:
        if units.get(name) == "EUR":
            texts = [rounded_euro(value, nation=nation) for value in frame[name]]
        elif units.get(name) == "probability":
            texts = [message("chance", value=value) for value in frame[name]]
        else:
            continue
        shown[name] = pd.Series(texts, frame.index, dtype=object)  # messages stay messages
    of_figures = ("units", "pm", "total", "decimals")
    return frames.describe(shown, **{str(key): fact for key, fact in frame.attrs.items() if key not in of_figures})
