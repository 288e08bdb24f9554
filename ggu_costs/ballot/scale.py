"""A scale of votes, opened from a model file: the weight of every municipality on a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import accumulate

import pandas as pd

from ggu_costs.ballot.definition import BallotDefinition, WeightRule
from ggu_costs.ballot.tally import Ballot
from ggu_costs.display.report import Answer, Line, Report, Tile
from ggu_costs.display.table import Table
from ggu_costs.errors import UnknownNameError, is_one_of
from ggu_costs.frames import describe
from ggu_costs.modelfile import OpenedModel
from ggu_costs.modelfile.notes import Use, status_notes
from ggu_costs.reference import as_date
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import message, percent, word


@dataclass(frozen=True)
class Scale(OpenedModel[BallotDefinition]):
    """A rule that gives each municipality its votes (stemverhouding).

    Open it with :func:`ggu_costs.open_model`, for example ``ballots/one-each``.
    """

    @property
    def enacted(self) -> bool:
        """Whether this is the scale in force; only then can anything be called adopted."""
        return self.definition.weights.status == "enacted"

    def weights(self, map_date: DateLike | None = None, counting_date: DateLike | None = None) -> pd.Series:
        """Return the votes of each member on a day.

        Parameters
        ----------
        map_date
            The day of the assembly; by default the one in the file.
        counting_date
            The day on which inhabitants are counted, 1 January of a year with figures; by default that of the file.
            Carried across mergers where the day of the assembly is later.

        Returns
        -------
        pandas.Series
            int64 votes by code, in order of code.

        Raises
        ------
        OutsidePeriodError
            A day without a known municipal map, or without figures.
        InputError
            Not a date, or a counting date after the day of the assembly.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> len(ggu.open_model("ballots/one-each").weights("2022-06-29"))
        344
        """
        day, counted = self._days(map_date, counting_date)
        if self.definition.weights.rule == "one_each":  # nobody is counted
            return pd.Series(
                1, index=pd.Index(self.reference.member_codes(day), name="code"), name="weight", dtype="int64"
            )
        people = self.reference.inhabitants_on(counted, map_date=day)
        return people.map(partial(_votes, rule=self.definition.weights)).astype("int64").rename("weight")

    def ballot(
        self,
        votes: pd.Series | Mapping[str, str] | None = None,
        *,
        majority: float | Fraction | Decimal | None = None,
        at_least: bool = False,
        quota: int | None = None,
        map_date: DateLike | None = None,
        counting_date: DateLike | None = None,
    ) -> Ballot:
        """Return a ballot under this scale; what is counted with a scale that is not enacted says so."""
        warning = message("scale_not_enacted", title=self.title)
        return Ballot(
            self.weights(map_date, counting_date), votes, majority=majority, at_least=at_least, quota=quota,
            illustrative=self.definition.illustrative, notes=() if self.enacted else (warning,),
        )  # fmt: skip

    def _answer(self, votes: pd.Series, names: Mapping[str, str], municipality: str | None) -> Answer:
        """Return how the votes are spread: who has most, and how few have more than half; never an outcome."""
        whole = int(votes.sum())
        outside = () if self.enacted else (message("scale_not_enacted", title=self.title),)
        if municipality is not None:
            own = int(votes[municipality])
            sentence = message(
                "votes_of_one", name=names[municipality], votes=own, whole=whole, share=own / whole,
                larger=int((votes > own).sum()), count=len(votes),
            )  # fmt: skip
            return Answer(sentence=sentence, outside=outside)
        ranked = votes.sort_values(ascending=False, kind="stable")
        largest = [int(vote) for vote in ranked]
        tied = largest.count(largest[0])
        key = "votes_alike" if tied == len(votes) else "votes_spread" if tied == 1 else "votes_tied"
        half = next(n for n, reached in enumerate(accumulate(largest), start=1) if 2 * reached > whole)
        sentence = message(
            key, count=len(votes), votes=whole, name=names[str(ranked.index[0])], share=largest[0] / whole, half=half,
            tied=tied, most=largest[0],
        )  # fmt: skip
        figures = ((message("largest_vote"), largest[0]), (message("ten_largest"), sum(largest[:10])))
        tiles = tuple(
            Tile(name=name, value=percent(part / whole), basis=message("of_all_votes", votes=whole))
            for name, part in figures
        )
        return Answer(sentence=sentence, tiles=() if key == "votes_alike" else tiles, outside=outside)

    def _days(self, map_date: DateLike | None, counting_date: DateLike | None) -> tuple[date, date]:
        stated = {name: getattr(self.definition, name).first.value for name in ("map_date", "counting_date")}
        day = self.reference.map_day(stated["map_date"] if map_date is None else map_date, what="map_date")
        return day, as_date(stated["counting_date"] if counting_date is None else counting_date, what="counting_date")

    def uses(self) -> Iterator[Use]:
        """Return the reference figures and the map that the votes rest on."""
        day, counted = self._days(None, None)
        yield Use(("inhabitants",), counted, day)

    def check(self) -> None:
        """Raise what a run would; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self.report()

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: the votes of each municipality and by size; never an outcome."""
        day, counted = self._days(None, None)
        votes = self.weights()
        if municipality is not None and not is_one_of(municipality, votes.index):
            raise UnknownNameError("municipality with a vote", municipality, list(votes.index))
        names = self.reference.names_of(day)
        frame = pd.DataFrame({
            "name": [names[code] for code in votes.index],
            "inhabitants": self.reference.inhabitants_on(counted, map_date=day),
            "weight": votes,
            "weight_share": votes / votes.sum(),
        }).rename_axis("code")  # fmt: skip
        if municipality is not None:
            frame = frame.loc[[municipality]]
        notes = (
            *self.definition.notes,
            message("members_on", day=day, counted=counted),
            message("share_of_votes_cast"),
            *(note for use in self.uses() for note in status_notes(self.reference, use)),
        )
        describe(
            frame, title=self.title, units={"weight_share": "share"}, total=["inhabitants", "weight"],
            notes=list(notes), illustrative=self.definition.illustrative,
        )  # fmt: skip
        summary: tuple[Line, ...] = (
            (word("municipalities"), len(votes), "count"),
            (word("weight"), int(votes.sum()), "count"),
        )
        provenance = self.provenance(map_date=day, counting_date=counted)
        return Report(
            self.title, (Table("weights", "", frame, map_date=day),), summary, notes, provenance,
            answer=self._answer(votes, names, municipality), municipality=municipality,
            made_up=self.definition.illustrative,
        )  # fmt: skip


def _votes(inhabitants: float, rule: WeightRule) -> int:
    """Votes of one municipality under a rule on inhabitants."""
    exact = Fraction(inhabitants) / rule.per
    down = exact.numerator // exact.denominator
    part = exact - down
    up = part >= Fraction(1, 2) if rule.rounding == "nearest" else rule.rounding == "up" and part > 0
    votes = max(down + up, rule.minimum)
    return votes if rule.maximum is None else min(votes, rule.maximum)
