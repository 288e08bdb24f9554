"""Who is hit most, per inhabitant and as a share of the algemene uitkering, and by which component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.bundle.definition import ALL
from ggu_costs.impact.answers.base import describe
from ggu_costs.impact.answers.leading import or_leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.bundle.base import BundleFigures

_P95 = 0.95


def hardest_hit(result: BundleFigures, quantity: str = "") -> pd.DataFrame:
    """Return the municipalities in order of what they pay per inhabitant, the most first.

    Parameters
    ----------
    quantity
        By default the first that is told.

    Returns
    -------
    pandas.DataFrame
        By code ``name, inhabitants, mean, per_inhabitant, p95, p95_per_inhabitant``; ``share_of_grant`` and
        ``p95_share_of_grant`` where the file names a grant; ``hit_by``, the component with the highest mean, and
        ``hit_by_per_inhabitant``. A municipality without inhabitants has no amount per inhabitant.
    """
    quantity = or_leading(result, quantity)
    everything, assembly = result.everything(), result.assembly
    result.runner.ask([Query(name, quantity, "distribution") for name in (ALL, *result.components)])
    rows = result.runner.units(ALL, quantity)
    people = np.where(assembly.inhabitants > 0, assembly.inhabitants, np.nan)
    means = np.array([result.runner.units(name, quantity).mean for name in result.components])
    most = means.argmax(axis=0)
    names = [one.name for one in result.components.values()]
    frame = pd.DataFrame(index=pd.Index(assembly.units, name="code"))
    frame["name"] = list(assembly.names)
    frame["inhabitants"] = assembly.inhabitants
    frame["mean"], frame["p95"] = rows.mean, rows.quantile(_P95)
    frame["per_inhabitant"], frame["p95_per_inhabitant"] = frame["mean"] / people, frame["p95"] / people
    units: dict[str, str] = dict.fromkeys(("per_inhabitant", "p95_per_inhabitant"), "EUR/inhabitant")
    if assembly.grant is not None:
        frame["share_of_grant"], frame["p95_share_of_grant"] = rows.mean / assembly.grant, frame["p95"] / assembly.grant
        units |= dict.fromkeys(("share_of_grant", "p95_share_of_grant"), "share")
    frame["hit_by"] = pd.Series([names[place] for place in most], index=frame.index, dtype=object)
    frame["hit_by_per_inhabitant"] = means.max(axis=0) / people
    units["hit_by_per_inhabitant"] = "EUR/inhabitant"
    frame = frame.sort_values("per_inhabitant", ascending=False, kind="stable")
    words = message("hardest_hit_of", what=quantity_words(quantity))
    framed = describe(everything, frame, words, units=units, nation=False, own=True)
    if assembly.grant is None:
        return framed
    note = message("share_of_grant_of", title=assembly.grant_title)
    return frames.amend(framed, notes=[*framed.attrs["notes"], note])
