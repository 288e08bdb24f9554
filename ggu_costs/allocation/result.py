"""The outcome of an allocation: frozen, labelled, able to account for each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.frames import describe
from ggu_costs.frozen import Frozen
from ggu_costs.results.portable import Portable
from ggu_costs.typing import Euros, FloatArray
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.display.report import Report


@dataclass(frozen=True, eq=False)
class Allocation(Portable, Brief, Frozen):
    """Shares of one amount, or of many scenarios of it, among participants (verdeling).

    Attributes
    ----------
    values : numpy.ndarray
        Shares in euro, float64, read-only. Shape (n,) for one amount, (draws, n) or (draws, pools, n) for arrays of
        amounts. Costs are positive, credits negative.
    key : numpy.ndarray
        The figures of the key (verdeelsleutel) as given; the last axis has length n.
    total : float or numpy.ndarray
        The amount that was shared, in the shape it was given. With cents it is the float nearest to whole cents.
    rule : str
        The method: a rule of :func:`ggu_costs.allocation.allocate`.
    codes : pandas.Index or None
        Codes of the participants; None where the key came without codes.
    metric : str
        What the key counts, such as `inhabitants`.
    minimum, maximum : numpy.ndarray or None
        The bounds that were asked, euro, shape (n,).
    provenance : mapping
        How the shares came about: options, and the stated error of a method that has one.
    cents
        Whether the shares are whole cents (or euros), and by largest remainder add up to the total.
    rounding
        How they became whole: `largest_remainder`, or `each` line by itself.
    unit
        Euro in which they are whole.
    gap
        Euro of the total that the shares do not hand out, which rounding `each` leaves; below 0: they hand out more.
        In the shape of the total.
    unrounded
        Each share before it was rounded by itself, in euro; None where shares add up, and for scenarios.

    Examples
    --------
    >>> from ggu_costs.allocation import allocate
    >>> print(allocate(100.00, [1, 1, 1]).explain(0))
    participant 0
      method      proportional
      key         1 of 3 (key)
      ratio       0.333333333333
      quota       33.333333 euro of 100.00 euro
      share       33.34 euro, in whole cents by largest remainder
    """

    values: Euros
    key: FloatArray
    total: float | Euros
    rule: str
    codes: pd.Index | None = None
    metric: str = "key"
    minimum: FloatArray | None = None
    maximum: FloatArray | None = None
    provenance: Mapping[str, object] = field(default_factory=dict)
    cents: bool = True
    rounding: str = "largest_remainder"
    unit: float = 0.01
    gap: float | Euros = 0.0
    unrounded: Euros | None = None

    @property
    def ratio(self) -> FloatArray:
        """Each participant's part of the metric: ``key / sum(key)``, or 1/n under `equal`; same shape as `key`."""
        if self.rule == "equal":
            return np.full(self.key.shape, 1.0 / self.key.shape[-1])
        whole = self.key.sum(axis=-1, keepdims=True)
        ratio: FloatArray = np.divide(self.key, whole, out=np.zeros_like(self.key), where=whole > 0)
        return ratio

    def to_frame(self) -> pd.DataFrame:
        """Return the shares as a table; units stand in ``frame.attrs["units"]``.

        Returns
        -------
        pandas.DataFrame
            For one amount: index `code` (or `position`), columns `amount, key, ratio, metric, method`, and `rounded`
            where each line was rounded by itself: what that added (+) or took (-), in euro. For scenarios: one row a
            draw (and pool), one column a participant; rule and metric stand in the attrs.
        """
        import pandas as pd

        labels = pd.RangeIndex(self.values.shape[-1], name="position") if self.codes is None else self.codes
        if self.values.ndim > 1:
            frame = pd.DataFrame(self.values.reshape(-1, self.values.shape[-1]), columns=labels, copy=False)
            if self.values.ndim == 3:
                frame.index = pd.MultiIndex.from_product(
                    [range(s) for s in self.values.shape[:2]], names=["draw", "pool"]
                )
            else:
                frame.index.name = "draw"
            return describe(frame, units="EUR", method=self.rule, metric=self.metric)
        frame = pd.DataFrame(
            {"amount": self.values, "key": self.key, "ratio": self.ratio, "metric": self.metric, "method": self.rule},
            index=labels if self.codes is None else labels.rename("code"),
        )
        if self.unrounded is None:
            return describe(frame, units={"amount": "EUR", "ratio": "share"}, total=["amount"])
        frame["rounded"] = self.values - self.unrounded
        return describe(frame, units={"amount": "EUR", "ratio": "share", "rounded": "EUR"}, total=["amount", "rounded"])

    def explain(self, code: str | int) -> str:
        """Return the steps from key to share of one participant, as text.

        Parameters
        ----------
        code
            Code of the participant, or its position where the key came without codes.

        Raises
        ------
        UnknownNameError
            No such participant.
        InputError
            The result holds scenarios: there is no single amount to explain.
        """
        if self.values.ndim > 1:
            raise InputError(
                f"explain speaks of one amount; this result holds {self.values.shape[0]} scenarios",
                remedy="Allocate the scenario you want to explain on its own.",
            )
        place = self._place(code)
        amount, total = float(self.values[place]), float(self.total)
        whole, ratio = float(self.key.sum()), float(self.ratio[place])
        lines = [
            f"participant {code}",
            f"  method      {self.rule}",
            f"  key         {self.key[place]:,.12g} of {whole:,.12g} ({self.metric})",
            f"  ratio       {ratio:.12f}",
        ]
        if self.rule in {"proportional", "equal"}:
            lines.append(f"  quota       {total * ratio:,.6f} euro of {total:,.2f} euro")
        else:
            lines.append(f"  claim       {self.key[place]:,.2f} euro; {total:,.2f} euro to share by {self.rule}")
        for name, bounds in (("minimum", self.minimum), ("maximum", self.maximum)):
            if bounds is not None:
                held = "; holds the share" if abs(float(bounds[place]) - amount) < 0.01 else ""
                lines.append(f"  {name}     {bounds[place]:,.2f} euro{held}")
        return "\n".join([*lines, *self._rounding_lines(amount)])

    def _rounding_lines(self, amount: float) -> list[str]:
        """The share, how it became whole, and what that left of the total."""
        if not self.cents:
            return [f"  share       {amount!r} euro, not rounded"]
        unit = "cents" if self.unit < 1 else "euros"
        if self.rounding != "each":
            return [f"  share       {amount:,.2f} euro, in whole {unit} by largest remainder"]
        gap = float(self.gap)
        left = "nothing is left" if not gap else f"{abs(gap):,.2f} euro {'not handed out' if gap > 0 else 'too much'}"
        return [
            f"  share       {amount:,.2f} euro, rounded by itself to whole {unit}",
            f"  gap         {left}: what the lines together miss is shared with no one",
        ]

    def _place(self, code: str | int) -> int:
        count = self.values.shape[-1]
        if self.codes is None:
            if isinstance(code, int) and 0 <= code < count:
                return code
            raise UnknownNameError("participant", code, [str(i) for i in range(count)])
        places = np.flatnonzero(self.codes == code) if isinstance(code, str | int) else np.empty(0)
        if places.size == 0:
            raise UnknownNameError("code", code, [str(known) for known in self.codes])
        return int(places[0])

    @property
    def title(self) -> str:
        """What was shared how, for people."""
        if self.metric == "key":  # no one named it
            return message("allocation_plain", rule=self.rule)
        return message("allocation_title", rule=self.rule, metric=self.metric)

    def report(self, *, lang: str = "nl") -> Report:
        """Return the shares as a report, in Dutch or English."""
        from ggu_costs.display.language import report_in
        from ggu_costs.display.report import Report
        from ggu_costs.display.table import Table

        table = Table("result", self.title, self.to_frame())
        return report_in(Report(self.title, (table,), provenance=self.provenance), lang)
