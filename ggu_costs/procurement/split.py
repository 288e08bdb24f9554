"""A split of the joint cost (verdeling): the share of each participant in whole cents, and how it came about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.modelfile.vat import Vat, euro_column
from ggu_costs.money import euros, exact_sum, round_half_up, round_steps
from ggu_costs.procurement.pass_through import PassThrough, pass_through
from ggu_costs.procurement.rules import RuleChoice, rule_words
from ggu_costs.procurement.setup import Setup
from ggu_costs.procurement.shares import Shares
from ggu_costs.results.base import Explanation, Result, Step
from ggu_costs.words.label import ILLUSTRATIVE
from ggu_costs.words.messages import Message, euro, message, number, word

if TYPE_CHECKING:
    from ggu_costs.typing import ByCode, Cents, Euros, FloatArray


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
    accuracy
        How far a share may be off, where not all of it is exact; these are among the notes.
    own_notes
        Those among the notes that hold for this rule and not for every result of the case.
    """

    rule: RuleChoice
    setup: Setup
    shares: Shares
    cents: Cents
    vat: Vat
    accuracy: tuple[str, ...] = ()
    own_notes: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the participants, in order."""
        return self.setup.parties.codes

    @property
    def rule_words(self) -> str:
        """The rule in words; of a mixture the rule of each pool by its name."""
        return rule_words(self.rule, self.setup.pool_names)

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

    @property
    def outcome(self) -> Message:
        """What all pay together, by which rule, who most, and how that compares with each on its own."""
        setup, values = self.setup, self.values
        most, known = int(np.argmax(values)), ~np.isnan(setup.known_alone)
        saved = exact_sum(setup.known_alone[known]) - exact_sum(values[known])
        key = "split_beside_all" if known.all() else "split_beside"
        beside = message(key, difference=-saved, count=int(known.sum())) if known.any() else ""
        return message(
            "split_says", count=len(self.codes), total=self.total, rule=self.rule_words,
            name=setup.parties.names[most], amount=float(values[most]), beside=beside,
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return the split as a frame indexed by code.

        Returns
        -------
        pandas.DataFrame
            ``name, kind, inhabitants, volume, share, per_inhabitant, alone, saving, vat, recoverable_vat, net, ratio,
            method``. NaN is a memorandum item (PM) in ``alone, saving, vat, recoverable_vat, net``; a body has no
            ``inhabitants`` and no ``per_inhabitant``.
        """
        parties, alone = self.setup.parties, self.setup.known_alone
        frame = parties.frame(kind=True)
        frame["inhabitants"] = parties.inhabitants
        if self.setup.main_volume is not None:
            frame["volume"] = self.setup.main_volume
        frame["share"] = self.values
        frame["per_inhabitant"] = parties.per_inhabitant(self.values)
        frame["alone"] = alone
        frame["saving"] = alone - self.values
        parts = [self.vat.split(int(cents), code) for cents, code in zip(self.cents, self.codes, strict=True)]
        frame["vat"] = euro_column([part.vat for part in parts])
        frame["recoverable_vat"] = euro_column([part.recoverable for part in parts])
        frame["net"] = euro_column([part.net for part in parts])
        frame["ratio"] = self.values / self.total if self.total_cents else math.nan
        method = self.rule if isinstance(self.rule, str) else self.rule_words
        frame["method"] = pd.Series(method, index=frame.index, dtype=object)  # a message stays one
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
        parties, values = self.setup.parties, self.values

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            inside = parties.among(codes)
            return {
                "participants": int(inside.sum()),
                "inhabitants": float(parties.people[inside].sum()),
                "share": exact_sum(values[inside]),
                "per_inhabitant": parties.per_inhabitant_of(values, inside),
            }

        units = {"share": "EUR", "per_inhabitant": "EUR/inhabitant"}
        return self._grouped(parties.groups(group), row, units, total=("participants", "inhabitants", "share"))

    def by_pool(self) -> pd.DataFrame:
        """Return the share in each pool, euro unrounded, one column a pool.

        Raises
        ------
        InputError
            The rule gives no share in one pool.
        """
        if self.shares.parts is None:
            raise InputError(
                f"{self.rule_words} gives no share in one pool here",
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
        return pass_through(self, self.setup.parties, self.cents, key)

    def explain(self, code: str) -> Explanation:
        """Return the steps from the cost pools to the share of one participant.

        Raises
        ------
        UnknownNameError
            It does not take part.
        """
        parties = self.setup.parties
        place = parties.at(code)
        steps = [Step(word("participants"), number(parties.count)), Step(word("rule"), self.rule_words)]
        if not math.isnan(parties.inhabitants[place]):
            whose = parties.reference.counted_by(parties.counting_date.year)
            steps.append(Step(word("inhabitants"), number(int(parties.inhabitants[place])), whose))
        for name, volume in self.setup.volumes.items():
            words = message("part_of", part=number(float(volume[place])), whole=number(float(volume.sum())))
            steps.append(Step(self.setup.volume_names[name], words))
        for pool in self.setup.pools:
            if self.shares.parts is None:
                steps.append(Step(pool.name, message("in_total", amount=pool.total)))
            else:
                own = self.shares.parts[pool.id][place]
                steps.append(Step(pool.name, message("part_of", part=euro(own), whole=euro(pool.total))))
        exact = euro(self.shares.values[place], decimals=6)
        steps.append(Step(message("share_unrounded"), exact, self.shares.method_words()))
        steps.append(Step(word("share"), euro(self.cents[place] / 100), message("whole_cents")))
        if self.setup.alone is not None:
            alone = float(self.setup.alone[place])
            steps.append(Step(word("alone"), euro(alone, pm=True)))
            steps.append(Step(word("saving"), euro(alone - self.cents[place] / 100, pm=True)))
        part = self.vat.split(int(self.cents[place]), code)
        for name, cents in (("vat", part.vat), ("recoverable_vat", part.recoverable), ("net", part.net)):
            steps.append(Step(word(name), euro(None if cents is None else cents / 100, pm=True)))
        mark = (ILLUSTRATIVE,) if self.illustrative else ()
        title = message("titled_code", name=parties.names[place], code=code, title=self.title)
        return Explanation(title, tuple(steps), (*mark, *self.notes), self.title)


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
    wanted = round_half_up(Decimal(repr(float(total))) * 100)
    try:
        units = round_steps(wanted, [int(step) for step in np.rint(values * _GRID)], int(_GRID / 100))
    except InputError:
        units = []
    if sum(units) != wanted or max(map(abs, [wanted, *units])) >= _MOST_CENTS:
        raise InputError(
            f"shares of {math.fsum(values):,.2f} together cannot be met in whole cents of a total of {total:,.2f}",
            remedy="Give amounts in euro; beyond some 10^13 euro floats have no cents.",
        )
    euros(units)  # says which share a float of euros cannot hold
    return np.array(units, dtype=np.int64)
