"""A split of the joint cost (verdeling): the share of each participant in whole cents, and how it came about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import Faults, InputError, nearest
from ggu_costs.modelfile.vat import Vat, euro_column
from ggu_costs.money import euros, exact_sum, round_half_up
from ggu_costs.procurement.accuracy import method_words
from ggu_costs.procurement.grouping import grouped
from ggu_costs.procurement.pass_through import PassThrough, pass_through
from ggu_costs.procurement.rules import ADDITIVE, RULES, Shares, shares_by
from ggu_costs.procurement.words import RuleChoice, rule_words
from ggu_costs.words import numbers
from ggu_costs.words.label import ILLUSTRATIVE, label

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from ggu_costs.procurement.setup import Setup
    from ggu_costs.typing import ByCode, Cents, Euros, FloatArray

__all__ = ["ScenarioSplit", "Split", "check_mixture", "in_cents", "scenario_shares", "shares_of"]

_GRID = 1e8  # parts of a euro on which remainders are compared: a millionth of a cent
_MOST_CENTS = 2**62


@dataclass(frozen=True, kw_only=True, eq=False)
class Split(Result):
    """What each participant pays under one rule, or one rule a pool.

    Attributes
    ----------
    rule
        The rule, or a mapping of pool to rule.
    setup
        The case in figures.
    shares
        Unrounded, with the share in each pool where the rule adds up over pools.
    cents : numpy.ndarray
        int64, in order of code; the sum is the joint cost in whole cents.
    vat
        VAT terms of the case.
    """

    rule: RuleChoice
    setup: Setup
    shares: Shares
    cents: Cents
    vat: Vat

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the participants, in order."""
        return self.setup.parties.codes

    @property
    def values(self) -> Euros:
        """Shares in euro, float64, in the order of :attr:`codes`."""
        return euros(self.cents)

    @property
    def total_cents(self) -> int:
        """The joint cost in whole cents."""
        return int(self.cents.sum())

    @property
    def total(self) -> float:
        """The joint cost in euro."""
        return self.total_cents / 100

    def to_frame(self) -> pd.DataFrame:
        """Return the split as a frame indexed by code.

        Returns
        -------
        pandas.DataFrame
            ``name, kind, inhabitants, volume, share, per_inhabitant, alone, saving, vat, recoverable_vat, net, ratio,
            method``. NaN is a memorandum item (PM) in ``alone, saving, vat, recoverable_vat, net``; a body has no
            ``inhabitants`` and no ``per_inhabitant``.
        """
        import pandas as pd

        parties = self.setup.parties
        frame = pd.DataFrame(index=pd.Index(self.codes, name="code"))
        frame["name"], frame["kind"] = list(parties.names), list(parties.kinds)
        frame["inhabitants"] = parties.inhabitants
        if self.setup.main_volume is not None:
            frame["volume"] = self.setup.main_volume
        frame["share"] = self.values
        counted = np.where(parties.people > 0, parties.people, np.nan)
        frame["per_inhabitant"] = self.values / counted
        alone = np.full(parties.count, np.nan) if self.setup.alone is None else self.setup.alone
        frame["alone"] = alone
        frame["saving"] = alone - self.values
        parts = [self.vat.split(int(cents), code) for cents, code in zip(self.cents, self.codes, strict=True)]
        frame["vat"] = euro_column([part.vat for part in parts])
        frame["recoverable_vat"] = euro_column([part.recoverable for part in parts])
        frame["net"] = euro_column([part.net for part in parts])
        frame["ratio"] = self.values / self.total if self.total_cents else math.nan
        frame["method"] = self.rule if isinstance(self.rule, str) else rule_words(self.rule)
        amounts = ("share", "alone", "saving", "vat", "recoverable_vat", "net")
        units = {**dict.fromkeys(amounts, "EUR"), "per_inhabitant": "EUR/inhabitant", "ratio": "share"}
        return self._framed(frame, units, pm=amounts[1:], total=("volume", "share", "alone", "saving"))

    def by(self, group: Any = "size_class") -> pd.DataFrame:
        """Return ``participants, inhabitants, share, per_inhabitant`` by group.

        Parameters
        ----------
        group
            As for :meth:`ggu_costs.procurement.business.BusinessCase.by`. The amount per inhabitant is that of the
            municipalities in a group, by their inhabitants.
        """
        import pandas as pd

        parties = self.setup.parties
        made = grouped(parties, group)
        rows = []
        for name, inside in made.inside.items():
            people = float(parties.people[inside].sum())
            municipal = exact_sum(self.values[inside & (parties.people > 0)])
            per = municipal / people if people else math.nan
            rows.append((name, int(inside.sum()), people, exact_sum(self.values[inside]), per))
        names = [made.name, "participants", "inhabitants", "share", "per_inhabitant"]
        frame = pd.DataFrame(rows, columns=names).set_index(made.name)
        units = {"share": "EUR", "per_inhabitant": "EUR/inhabitant"}
        return self._framed(frame, units, total=("participants", "inhabitants", "share") if made.whole else ())

    def by_pool(self) -> pd.DataFrame:
        """Return the share in each pool, euro unrounded, one column a pool.

        Raises
        ------
        InputError
            The rule does not add up over pools, so there is no share in one pool.
        """
        import pandas as pd

        if self.shares.parts is None:
            raise InputError(
                f"{rule_words(self.rule)} does not add up over cost pools: there is no share in one pool",
                remedy="Use shapley, or one rule a pool.",
            )
        frame = pd.DataFrame(self.shares.parts, index=pd.Index(self.codes, name="code"))
        return self._framed(frame, dict.fromkeys(frame.columns, "EUR"), total=tuple(frame.columns))

    def pass_through(self, key: str | Mapping[str, float] | ByCode = "members") -> PassThrough:
        """Pass the shares of joint bodies through to their member municipalities (doorbelasten), to the cent.

        Parameters
        ----------
        key
            ``members``: the member shares that the file states; a reference column that is a total, such as
            ``inhabitants``; or figures by code of the members.

        Raises
        ------
        InputError
            No body with members takes part; figures that are missing, negative or 0 for all members.
        """
        return pass_through(self, key)

    def explain(self, code: str) -> Explanation:
        """Return the steps from the cost pools to the share of one participant.

        Raises
        ------
        UnknownNameError
            It does not take part.
        """
        parties = self.setup.parties
        place = parties.at(code)
        steps = [Step("deelnemers", numbers.number(parties.count)), Step("verdeelregel", rule_words(self.rule))]
        if not math.isnan(parties.inhabitants[place]):
            steps.append(Step(label("inhabitants"), numbers.number(int(parties.inhabitants[place])), "CBS"))
        for terms in parties.definition.volumes:
            volume = self.setup.volumes[terms.id]
            words = f"{numbers.number(float(volume[place]))} van {numbers.number(float(volume.sum()))}"
            steps.append(Step(terms.name, words))
        for pool in self.setup.pools:
            if self.shares.parts is None:
                steps.append(Step(pool.name, f"{numbers.euro(pool.total)} in totaal"))
            else:
                own = self.shares.parts[pool.id][place]
                steps.append(Step(pool.name, f"{numbers.euro(own)} van {numbers.euro(pool.total)}"))
        steps.append(
            Step(
                "aandeel, niet afgerond", numbers.euro(self.shares.values[place], decimals=6), method_words(self.shares)
            )
        )
        steps.append(Step(label("share"), numbers.euro(self.cents[place] / 100), "hele centen, grootste resten"))
        if self.setup.alone is not None:
            alone = float(self.setup.alone[place])
            steps.append(Step(label("alone"), numbers.euro(alone, pm=True)))
            steps.append(Step(label("saving"), numbers.euro(alone - self.cents[place] / 100, pm=True)))
        part = self.vat.split(int(self.cents[place]), code)
        for name, cents in (("vat", part.vat), ("recoverable_vat", part.recoverable), ("net", part.net)):
            steps.append(Step(label(name), numbers.euro(None if cents is None else cents / 100, pm=True)))
        mark = (ILLUSTRATIVE,) if self.illustrative else ()
        return Explanation(f"{parties.names[place]} ({code}): {self.title}", tuple(steps), (*mark, *self.notes))


@dataclass(frozen=True, eq=False)
class ScenarioSplit:
    """A split in every scenario of the amounts, unrounded.

    Attributes
    ----------
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
        """Return one row a scenario, one column a participant."""
        import pandas as pd

        return pd.DataFrame(self.values, columns=pd.Index(self.codes, name="code"))


def shares_of(setup: Setup, rule: RuleChoice) -> Shares:
    """Shares under one rule, or one rule a pool.

    Raises
    ------
    InputError
        A mapping that does not name every pool, or names another; a rule that does not exist for its pools.
    """
    if not isinstance(rule, Mapping):
        return shares_by(setup, rule, setup.pools)
    faults = Faults()
    check_mixture(setup, rule, faults)
    faults.check("one rule for each pool is needed", remedy="Name every pool once, with one of the rules.")
    each = {pool.id: shares_by(setup, rule[pool.id], (pool,)) for pool in setup.pools}
    parts = {name: share.values for name, share in each.items()}
    methods = dict.fromkeys(share.method for share in each.values())
    certificates = tuple(found for share in each.values() for found in share.certificates)
    return Shares(np.sum(list(parts.values()), axis=0), parts, "; ".join(methods), certificates)


def check_mixture(setup: Setup, rule: Mapping[str, str], faults: Faults) -> None:
    """Check that a mixture has one rule, by its name, for each pool."""
    known = {pool.id for pool in setup.pools}
    for name in sorted(known - rule.keys()):
        faults.add(name, "no rule for this pool")
    for name in sorted(rule.keys() - known, key=str):
        if name not in {pool.id for pool in setup.parties.definition.pools}:
            faults.add(str(name), "no such pool", ", ".join(sorted(known)))
    for name, chosen in rule.items():
        if not isinstance(chosen, str) or chosen not in RULES:
            close = nearest(str(chosen), RULES)
            faults.add(str(name), f"rule {chosen!r}", ", ".join(RULES), f"Did you mean {close!r}?" if close else "")


def in_cents(values: FloatArray, total: float) -> Cents:
    """Round shares to whole cents by largest remainder, so that they add up to the total in whole cents.

    Negative shares are rounded down first as well. Remainders are compared on a grid of a millionth of a cent, so that
    shares which are equal but for the noise of floats are ties; ties go to the first code.

    Raises
    ------
    InputError
        Shares that do not add up to the total, or beyond what whole cents can hold.

    Examples
    --------
    >>> in_cents(np.array([10.0, 10.0, 10.0]) / 3, 10.0).tolist()
    [334, 333, 333]
    """
    from decimal import Decimal

    wanted = round_half_up(Decimal(repr(float(total))) * 100)
    steps = [divmod(int(step), int(_GRID / 100)) for step in np.rint(values * _GRID)]  # whole numbers of any size
    units = [unit for unit, _ in steps]
    left = wanted - sum(units)
    if not 0 <= left <= len(units) or max(map(abs, [wanted, *units])) >= _MOST_CENTS:
        raise InputError(
            f"shares of {math.fsum(values):,.2f} together cannot be met in whole cents of a total of {total:,.2f}",
            remedy="Give amounts in euro; beyond some 10^13 euro floats have no cents.",
        )
    for place in sorted(range(len(units)), key=lambda i: (-steps[i][1], i))[:left]:
        units[place] += 1
    return np.array(units, dtype=np.int64)


def scenario_shares(setup: Setup, rule: RuleChoice, amounts: Mapping[str, ArrayLike]) -> ScenarioSplit:
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
    if rule == "scrb":
        values = _scenario_scrb(setup, scales)
    else:
        chosen = list(rule.values()) if isinstance(rule, Mapping) else [rule]
        if chosen == [rule] and rule in RULES and rule not in ADDITIVE:
            raise InputError(
                f"{' and '.join(chosen)} is solved anew for every scenario",
                remedy="Choose a rule that adds up over pools, or scrb, or split the scenarios that matter one by one.",
            )
        parts = shares_of(setup, rule).parts
        if parts is None:
            raise InputError(f"{chosen[0]} is sampled here", remedy="Choose another rule.")
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
    order = [terms.id for terms in setup.parties.definition.pools]
    pools = sorted([*setup.pools, *filled], key=lambda pool: order.index(pool.id))
    return replace(setup, pools=tuple(pools)) if filled else setup


def _draws(setup: Setup, amounts: Mapping[str, ArrayLike]) -> dict[str, FloatArray]:
    faults = Faults()
    totals = {pool.id: pool.total for pool in setup.pools}
    stated = {terms.id for terms in setup.parties.definition.pools}
    draws: dict[str, FloatArray] = {}
    for name, given in amounts.items():
        try:
            values = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            faults.add(str(name), f"no figures ({type(given).__name__})", "one amount a scenario, in euro")
            continue
        if name in stated and name not in totals:
            faults.add(str(name), "PM, and how it is split follows from its amounts", "a pool with known amounts",
                       "Give its amounts in the file.")  # fmt: skip
        elif name not in totals:
            faults.add(str(name), "no such pool", ", ".join(totals))
        elif values.ndim != 1 or not values.size:
            faults.add(name, f"shape {values.shape}", "one amount a scenario")
        elif not (np.isfinite(values) & (values >= 0)).all():
            first = int(np.flatnonzero(~(np.isfinite(values) & (values >= 0)))[0])
            faults.add(name, f"missing, infinite or negative at {first}", "finite, 0 or more")
        elif totals[name] <= 0:
            faults.add(name, "a pool that costs nothing in the file", "a pool whose split is known")
        draws[str(name)] = values
    if not amounts:
        faults.add("amounts", "none", "a mapping of pool to one amount a scenario")
    elif len({values.shape for values in draws.values()}) > 1:
        faults.add("amounts", "different numbers of scenarios", "as many for each pool")
    faults.check("these scenarios cannot be split", remedy="Correct the amounts listed.")
    return draws


def _scenario_scrb(setup: Setup, scales: FloatArray) -> FloatArray:
    """SCRB from separable and stand-alone costs, which add up over pools."""
    games = [setup.game_of((pool,)) for pool in setup.pools]
    separable = scales @ np.array([game.marginal for game in games])
    benefit = scales @ np.array([game.alone for game in games]) - separable
    joint = scales @ np.array([game.total for game in games]) - separable.sum(axis=1)
    whole = benefit.sum(axis=1)
    scale = np.maximum(1.0, np.abs(joint))
    none = np.abs(whole) <= 1e-9 * scale
    if (none & (np.abs(joint) > 1e-9 * scale)).any():
        raise InputError("scrb does not exist in some scenarios: no benefit remains", remedy="Choose shapley.")
    ratio = np.divide(joint, whole, out=np.zeros_like(joint), where=~none)
    return np.asarray(separable + benefit * ratio[:, None])
