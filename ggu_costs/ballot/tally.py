r"""A weighted ballot: the tally of votes, and voting power.

With weights :math:`w_i`, the share for is

.. math:: \frac{\sum_{i \text{ for}} w_i}{\sum_{i \text{ for}} w_i + \sum_{i \text{ against}} w_i}:

abstentions (onthoudingen) and absent members are not in it. A proposal that needs a majority m is carried when the
share for exceeds m, so at m = 1/2 a tie is not enough.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pandas as pd

from ggu_costs.ballot.power import KINDS, power
from ggu_costs.ballot.threshold import Threshold, read_threshold
from ggu_costs.errors import Faults, InputError, UnknownNameError, is_one_of, listed
from ggu_costs.figures import MOST, plain, read_whole
from ggu_costs.frames import amend, describe
from ggu_costs.results.base import Result

FOR, AGAINST, ABSTAIN, ABSENT = "for", "against", "abstain", "absent"
_NO_OPTION = (ABSTAIN, ABSENT)
_WORDS = {"voor": FOR, "tegen": AGAINST, "onthouding": ABSTAIN, "afwezig": ABSENT,
          **{answer: answer for answer in (FOR, AGAINST, ABSTAIN, ABSENT)}}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tally(Result):
    """Votes counted (uitslag): weight and members by answer.

    Attributes
    ----------
    weight, members
        Weight and number of members by answer, ``abstain`` and ``absent`` included.
    threshold
        What a proposal needs: a share that is exceeded or reached, or a number of votes.
    """

    weight: Mapping[str, int]
    members: Mapping[str, int]
    threshold: Threshold

    @property
    def majority(self) -> Fraction:
        """Share of the weight for and against that has to be exceeded (or reached: see ``threshold.at_least``)."""
        return self.threshold.majority

    @property
    def cast(self) -> int:
        """Weight of the votes for an option; abstentions are not in it."""
        return sum(weight for answer, weight in self.weight.items() if answer not in _NO_OPTION)

    @property
    def turnout(self) -> float:
        """Part of all weight that took part, abstentions included (opkomst)."""
        whole = sum(self.weight.values())
        return (whole - self.weight.get(ABSENT, 0)) / whole

    @property
    def shares(self) -> dict[str, float]:
        """Part of the weight cast that each option got."""
        return {
            answer: weight / self.cast if self.cast else 0.0
            for answer, weight in self.weight.items()
            if answer not in _NO_OPTION
        }

    @property
    def share_for(self) -> float:
        """For / (for + against), 0 where neither was cast; of a vote between other options see :attr:`shares`.

        Raises
        ------
        InputError
            A vote between other options than for and against.
        """
        self._for_or_against()
        return self.shares.get(FOR, 0.0)

    @property
    def exceeds_majority(self) -> bool:
        """Whether a proposal has what it needs: a share for above the majority (a tie is not), or what else was asked.

        With ``at_least`` the share reaches the majority, with a ``quota`` so many votes are for. Other options as
        :attr:`share_for`.
        """
        self._for_or_against()
        return self.threshold.is_met(self.weight.get(FOR, 0), self.cast)

    def _for_or_against(self) -> None:
        others = [answer for answer in self.weight if answer not in (FOR, AGAINST, *_NO_OPTION)]
        if others:
            raise InputError(
                f"this vote is between options ({listed(others)}), so it has no share for",
                remedy="Ask shares, which has every option.",
            )

    def to_frame(self) -> pd.DataFrame:
        """Return ``members, weight, share`` by answer; the share is of the weight cast, none for abstain and absent."""
        shares = self.shares
        rows = [(answer, self.members[answer], weight, shares.get(answer)) for answer, weight in self.weight.items()]
        frame = pd.DataFrame(rows, columns=["answer", "members", "weight", "share"]).set_index("answer")
        return self._framed(frame.astype({"share": float}), {"share": "share"}, total=("members", "weight"))


class Ballot:
    """Weights of the members, and their votes.

    Parameters
    ----------
    weights
        Whole votes by code, 0 or more, not all 0: a Series or mapping.
    votes
        By code ``for``, ``against`` or ``abstain`` (or ``voor``, ``tegen``, ``onthouding``; capitals do not matter),
        or names of options of your own (a vote between a proposal, an amended proposal and none). Members without a
        vote are absent. Not needed for :meth:`power`.
    majority
        Share to be exceeded, at least 0 and below 1; by default 0.5, a plain majority. A Fraction or Decimal is kept
        as it is; a float such as 2 / 3 stands for the simple fraction next to it, else for its shortest decimal.
    at_least
        Reaching the majority is enough (above 0 and at most 1), as for "at least two thirds".
    quota
        In the place of a majority: the votes that have to be for, whoever takes part.
    illustrative
        Whether the weights are made up for the example; what is counted with them says so.
    notes
        What a reader of the tally must know of the weights.

    Raises
    ------
    InputError
        Weights that are not whole or negative, codes twice, votes of someone without a weight, a majority or quota
        outside its range, both of them: all at once.

    Examples
    --------
    >>> ballot = Ballot({"GM0363": 75, "GM0345": 67, "GM0088": 1}, {"GM0363": "for", "GM0345": "against"})
    >>> ballot.tally().weight
    {'for': 75, 'against': 67, 'absent': 1}
    >>> round(ballot.tally().share_for, 4), ballot.tally().exceeds_majority
    (0.5282, True)
    >>> Ballot({"GM0363": 2, "GM0345": 1}, {"GM0363": "for"}, quota=2).tally().exceeds_majority
    True
    """

    def __init__(
        self,
        weights: pd.Series | Mapping[str, int],
        votes: pd.Series | Mapping[str, str] | None = None,
        *,
        majority: float | Fraction | Decimal | None = None,
        at_least: bool = False,
        quota: int | None = None,
        illustrative: bool = False,
        notes: tuple[str, ...] = (),
    ) -> None:
        faults = Faults()
        self.weights = _checked_weights(weights, faults)
        self.votes = None if votes is None else _checked_votes(votes, self.weights, faults)
        self.illustrative, self.notes = illustrative, notes
        self.threshold = read_threshold(majority, at_least, quota, sum(self.weights.values()), faults)
        faults.check("this ballot cannot be held", remedy="Correct what is listed.")

    @property
    def majority(self) -> Fraction:
        """Share of the weight for and against that has to be exceeded (or reached: see ``threshold.at_least``)."""
        return self.threshold.majority

    def __repr__(self) -> str:
        votes = "no votes" if self.votes is None else f"{len(self.votes)} votes"
        return f"<Ballot of {len(self.weights)} members with weight {sum(self.weights.values())}, {votes}>"

    def tally(self) -> Tally:
        """Count the votes.

        Raises
        ------
        InputError
            No votes were given.
        """
        if self.votes is None:
            raise InputError("this ballot has no votes to count", remedy="Give votes by code.")
        answers = {code: self.votes.get(code, ABSENT) for code in self.weights}
        options = sorted(set(answers.values()) - {FOR, AGAINST, *_NO_OPTION})
        members = Counter(answers.values())
        weight = {answer: 0 for answer in (FOR, AGAINST, *options, *_NO_OPTION) if answer in members}
        for code, answer in answers.items():
            weight[answer] += self.weights[code]
        return Tally(
            title="Uitslag", notes=self.notes, illustrative=self.illustrative,
            weight=weight, members={answer: members[answer] for answer in weight},
            threshold=self.threshold,
        )  # fmt: skip

    def power(
        self, kind: Literal["shapley_shubik", "banzhaf"] = "shapley_shubik", *, approximate: bool = False
    ) -> pd.Series:
        """Return the voting power of each member (machtsindex), adding up to one.

        A member is decisive in a group when the group passes with it and not without. ``shapley_shubik`` is the chance
        to be decisive when members join in random order; ``banzhaf`` the part of all decisive positions.

        Parameters
        ----------
        kind
            ``shapley_shubik`` or ``banzhaf`` (normalised).
        approximate
            Beyond a total weight of 20,000: scale the weights down to that and state the error in
            ``attrs["error"]``: the most by which the answer moves at two coarser scales, an estimate and no bound.
            Never for fewer, where the sweep is exact; nor where a common divisor brings the weights under it.

        Returns
        -------
        pandas.Series
            By code; ``attrs`` hold ``kind, quota, error, illustrative``.

        Raises
        ------
        InputError
            A total weight above 20,000 without ``approximate=True``.
        UnknownNameError
            Another kind.

        References
        ----------
        Shapley, L. and Shubik, M. (1954). A method for evaluating the distribution of power in a committee system.
        American Political Science Review 48, 787-792. Banzhaf, J. (1965). Weighted voting doesn't work. Rutgers Law
        Review 19, 317-343.
        """
        if not is_one_of(kind, KINDS):
            raise UnknownNameError("kind of voting power", kind, KINDS)
        shares = power(self.weights, self.threshold, kind, approximate=approximate)
        return amend(shares, illustrative=self.illustrative)

    def swing(self) -> pd.DataFrame:
        """Return who could change the outcome alone by voting otherwise: ``vote, weight`` by code.

        Only members who voted for or against; a member swings when the proposal is carried with its vote one way and
        not with it the other way.

        Raises
        ------
        InputError
            No votes, or a vote between other options than for and against.
        """
        tally = self.tally()
        exceeded = tally.exceeds_majority
        assert self.votes is not None  # noqa: S101 (tally asks for votes)
        rows = []
        for code, vote in self.votes.items():
            if vote in (FOR, AGAINST):
                sign = -1 if vote == FOR else 1
                other = tally.weight.get(FOR, 0) + sign * self.weights[code]
                if self.threshold.is_met(other, tally.cast) != exceeded:
                    rows.append((code, vote, self.weights[code]))
        frame = pd.DataFrame(rows, columns=["code", "vote", "weight"]).set_index("code")
        return describe(frame, illustrative=self.illustrative, notes=list(self.notes))


def _checked_weights(weights: pd.Series | Mapping[str, int], faults: Faults) -> dict[str, int]:
    result: dict[str, int] = {}
    if not hasattr(weights, "items"):
        faults.add("weights", type(weights).__name__, "whole votes by code: a Series or a mapping")
        return result
    for name, weight in weights.items():
        code = str(name)
        if code in result:
            faults.add(f"weights {code}", "there twice", "each member once")
        stated = plain(weight)
        if isinstance(stated, int) and not isinstance(stated, bool) and stated > MOST:
            result[code] = stated  # whole votes are exact, however many
            continue
        votes = read_whole(stated, f"weights {code}", faults, least=0, most=int(MOST), allowed="whole votes, 0 or more")
        result[code] = 1 if votes is None else votes
    if not any(result.values()):
        faults.add("weights", "no votes at all", "at least one member with a vote")
    return dict(sorted(result.items()))


def _checked_votes(votes: pd.Series | Mapping[str, str], weights: Mapping[str, int], faults: Faults) -> dict[str, str]:
    result: dict[str, str] = {}
    strangers: list[str] = []
    if not hasattr(votes, "items"):
        faults.add("votes", type(votes).__name__, "votes by code: a Series or a mapping")
        return result
    for code, vote in votes.items():
        if str(code) not in weights:
            strangers.append(str(code))
        elif str(code) in result:
            faults.add(f"votes {code}", "there twice", "each member once")
        elif not isinstance(vote, str) or not vote.strip():
            faults.add(f"votes {code}", repr(vote), "for, against, abstain, or the name of an option")
        else:
            result[str(code)] = _WORDS.get(vote.strip().casefold(), vote.strip())
    if strangers:
        faults.add("votes", f"of {len(strangers)} without a weight: {listed(strangers)}", "members with a weight")
    return dict(sorted(result.items()))
