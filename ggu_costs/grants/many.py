r"""Many what-ifs on one circulaire at once, each with its effect per municipality and group.

With weights w, volumes v, factor f, the maatstaven W that it leaves alone, and reform r with changes of weights d and a
factor g, the effect on a municipality is

.. math:: g_r \Big(b + \sum_{m \notin W} d_{rm} v_m\Big) - f b + \sum_{m \in W} d_{rm} v_m

in float64 euro; one reform to the cent, with its causes, is :meth:`~ggu_costs.grants.Grant.with_changes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults, did_you_mean, shortened
from ggu_costs.figures import read_figures, shown
from ggu_costs.grants.amounts import GrantAmounts
from ggu_costs.results.base import Result
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message


@dataclass(frozen=True, kw_only=True)
class Reforms(Result):
    """The effects of many reforms.

    Attributes
    ----------
    before
        The amounts that they are a change of.
    factor
        The uitkeringsfactor of each, shape (reforms,).
    effects
        Euro that each municipality receives more, shape (reforms, municipalities), in the order of the codes.
    """

    before: GrantAmounts
    factor: FloatArray
    effects: FloatArray = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return by reform ``factor, receive_more, receive_less, general_change, moved``, in euro."""
        frame = pd.DataFrame(index=pd.RangeIndex(len(self.factor), name="reform"))
        frame["factor"] = self.factor
        frame["receive_more"] = (self.effects > 0).sum(axis=1)
        frame["receive_less"] = (self.effects < 0).sum(axis=1)
        frame["general_change"] = self.effects.sum(axis=1)
        frame["moved"] = np.maximum(self.effects, 0.0).sum(axis=1)
        return self._framed(frame, {"general_change": "EUR", "moved": "EUR"})

    def by(self, group: Any) -> pd.DataFrame:
        """Return the effect of each reform (rows) on each group (columns), in euro.

        Parameters
        ----------
        group
            As :meth:`GrantAmounts.by` takes groups; they may overlap.
        """
        before = self.before
        groups = before.reference.groups(group, before.codes, before.map_date)
        place = {code: number for number, code in enumerate(before.codes)}
        inside = np.zeros((len(before.codes), len(groups.members)))
        for column, codes in enumerate(groups.members.values()):
            inside[[place[code] for code in codes], column] = 1.0
        columns = pd.Index(list(groups.members), name=groups.name)
        frame = pd.DataFrame(self.effects @ inside, pd.RangeIndex(len(self.factor), name="reform"), columns)
        return self._framed(frame, {})


def many_reforms(amounts: GrantAmounts, factor: Any, weights: Mapping[str, Any] | None, top_slice: Any) -> Reforms:
    """Return the effects of many reforms; see :meth:`~ggu_costs.grants.Grant.reforms`.

    Raises
    ------
    InputError
        No change, lists of different lengths, a maatstaf that is none, or numbers that are not finite: all at once.
    """
    faults = Faults()
    given: dict[str, Any] = {} if weights is None else dict(weights) if isinstance(weights, Mapping) else {"": weights}
    columns = {f"weights.{name}": column for name, column in given.items()}
    columns |= {name: value for name, value in (("factor", factor), ("top_slice", top_slice)) if value is not None}
    if not columns:
        faults.add("reforms", "nothing to change", "weights, factor or top_slice: a figure for each reform")
    known = amounts.tables.weights
    for name in given:
        if name not in known:
            near = did_you_mean(str(name), known)
            faults.add(f"weights.{shortened(str(name))}", "no such maatstaf", "a maatstaf of the circulaire", near)
    read = {name: read_figures(column, name, faults) for name, column in columns.items()}
    for name, column in read.items():
        if column is not None and column.ndim != 1:
            faults.add(name, shown(columns[name]), "a list: a figure for each reform")
    lengths = {name: len(column) for name, column in read.items() if column is not None and column.ndim == 1}
    if len(set(lengths.values())) > 1:
        faults.add("reforms", shown(str(lengths)), "lists of one length: a figure for each reform")
    faults.check("these reforms cannot be made", remedy="Correct the arguments listed.")
    count = next(iter(lengths.values()))
    figures = {name: np.asarray(column, dtype=np.float64) for name, column in read.items()}
    return _effects(amounts, count, figures)


def _effects(amounts: GrantAmounts, count: int, figures: Mapping[str, FloatArray]) -> Reforms:
    tables, old = amounts.tables, float(amounts.factor)
    changed = [name.removeprefix("weights.") for name in figures if name.startswith("weights.")]
    volumes = np.array([tables.columns[name].units.astype(float) / tables.columns[name].scale for name in changed])
    steps = np.array([figures[f"weights.{name}"] - float(tables.weights[name]) for name in changed])
    inside = np.array([name not in tables.outside for name in changed], dtype=bool)
    base = np.array([float(part) for part in amounts.base.values()])
    zero = np.zeros((1, len(base)))
    added = steps[inside].T @ volumes[inside] if inside.any() else zero
    alone = steps[~inside].T @ volumes[~inside] if (~inside).any() else zero
    factor = figures.get("factor", np.full(count, old))
    if "top_slice" in figures:
        factor = factor - figures["top_slice"] / (base.sum() + added.sum(axis=1))
    effects = np.multiply(added, factor[:, None]) if inside.any() else np.zeros((count, len(base)))
    effects += np.multiply.outer(factor - old, base)
    if (~inside).any():
        effects += alone
    effects.flags.writeable = factor.flags.writeable = False
    return Reforms(
        title=message("grant_reforms", title=amounts.title, count=count), notes=amounts.notes,
        provenance=dict(amounts.provenance), illustrative=amounts.illustrative,
        before=amounts, factor=factor, effects=effects,
    )  # fmt: skip
