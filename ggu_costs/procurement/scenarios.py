"""A split in every scenario of the amounts: each pool keeps its structure, and its amount is that of the scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ggu_costs.brief import Brief
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import read_figures
from ggu_costs.frames import describe
from ggu_costs.procurement.rules import RULES, RuleChoice, shares_of
from ggu_costs.procurement.setup import Setup
from ggu_costs.results.portable import Portable
from ggu_costs.typing import Euros, FloatArray
from ggu_costs.words.messages import message, word


@dataclass(frozen=True, eq=False)
class ScenarioSplit(Portable, Brief):
    """A split in every scenario of the amounts, unrounded.

    Attributes
    ----------
    codes
        Of the participants, in order.
    rule
        The rule, or a mapping of pool to rule.
    values : numpy.ndarray
        Euro, shape (draws, n), participants in order of code.
    total : numpy.ndarray
        Joint cost in each scenario, shape (draws,).
    """

    codes: tuple[str, ...]
    rule: RuleChoice
    values: Euros
    total: Euros

    def to_frame(self) -> pd.DataFrame:
        """Return one row a scenario, one column a participant, in euro."""
        frame = pd.DataFrame(self.values, columns=pd.Index(self.codes, name="code"))
        frame.index.name = "scenario"
        return describe(frame, units="EUR")

    def report(self, *, lang: str = "nl") -> Report:
        """Return the split of every scenario as a report, in Dutch or English."""
        rules = [self.rule] if isinstance(self.rule, str) else list(dict.fromkeys(self.rule.values()))
        title = message("scenarios_title", rules=[word(rule, of="split_rule") for rule in rules])
        table = Table("result", title, self.to_frame())
        return report_in(Report(title, (table,)), lang)


def split_scenarios(setup: Setup, rule: RuleChoice, amounts: Mapping[str, ArrayLike]) -> ScenarioSplit:
    """Split scenarios of the amounts of pools: each pool keeps its structure, and its amount is that of the scenario.

    Raises
    ------
    InputError
        Amounts that are not finite, negative, of different lengths or of pools that do not exist or cost nothing; a
        rule that has to be solved anew for every scenario.
    """
    setup = _with_filled(setup, amounts)
    draws = _draws(setup, amounts)
    count = len(next(iter(draws.values())))
    scales = np.ones((count, len(setup.pools)))
    for place, pool in enumerate(setup.pools):
        if pool.id in draws:
            scales[:, place] = draws[pool.id] / pool.total
    stated = RULES.get(rule) if isinstance(rule, str) else None
    if stated is not None and stated.scenarios is not None:
        values = stated.scenarios(setup, scales)
    elif stated is not None and not stated.additive:
        raise InputError(
            f"{rule} is solved anew for every scenario",
            remedy="Choose a rule that adds up over pools, or scrb, or split the scenarios that matter one by one.",
        )
    else:
        parts = shares_of(setup, rule).parts
        if parts is None:
            raise InputError(
                f"{rule} gives no share in each pool here", remedy="Name the rule for each pool, or choose another."
            )
        values = scales @ np.array([parts[pool.id] for pool in setup.pools])
    totals = scales @ np.array([pool.total for pool in setup.pools])
    return ScenarioSplit(setup.parties.codes, rule, values, totals)


def _with_filled(setup: Setup, amounts: Mapping[str, ArrayLike]) -> Setup:
    """Take in the pools that are PM in the file and have an amount in the scenarios, in the order of the file."""
    if not isinstance(amounts, Mapping):
        raise InputError(
            f"amounts: {type(amounts).__name__}; allowed: a mapping of pool to one amount a scenario",
            remedy='Give such as amounts={"project": [1000.0, 1200.0]}.',
        )
    filled = [pool for pool in setup.fillable if pool.id in amounts]
    pools = sorted([*setup.pools, *filled], key=lambda pool: setup.pool_ids.index(pool.id))
    return replace(setup, pools=tuple(pools)) if filled else setup


def _draws(setup: Setup, amounts: Mapping[str, ArrayLike]) -> dict[str, FloatArray]:
    faults = Faults()
    totals = {pool.id: pool.total for pool in setup.pools}
    draws: dict[str, FloatArray] = {}
    for name, given in amounts.items():
        values = read_figures(given, str(name), faults, least=0)
        if values is None:
            continue
        if name in setup.pool_ids and name not in totals:
            faults.add(str(name), "PM, and how it is split follows from its amounts", "a pool with known amounts",
                       "Give its amounts in the file.")  # fmt: skip
        elif name not in totals:
            faults.add(str(name), "no such pool", ", ".join(totals))
        elif values.ndim != 1 or not values.size:
            faults.add(name, f"shape {values.shape}", "one amount a scenario")
        elif totals[name] <= 0:
            faults.add(name, "a pool that costs nothing in the file", "a pool whose split is known")
        draws[str(name)] = values
    if not amounts:
        faults.add("amounts", "none", "a mapping of pool to one amount a scenario")
    elif len({values.shape for values in draws.values()}) > 1:
        faults.add("amounts", "different numbers of scenarios", "as many for each pool")
    faults.check("these scenarios cannot be split", remedy="Correct the amounts listed.")
    return draws
