"""What a model file of kind ``joint-body`` says, checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ggu_costs.errors import Faults, OutsidePeriodError, did_you_mean, listed, repeated
from ggu_costs.fund.key_columns import check_columns
from ggu_costs.joint.terms import (
    UNDER_WGR,
    AssetTerms,
    BodyKey,
    BodyReserve,
    BodyVat,
    EntryTerms,
    FigureTerms,
    GroupTerms,
    LegalForm,
    ParticipantTerms,
    RelatedPartyTerms,
    SettlementTerms,
)
from ggu_costs.modelfile.header import HeaderOfYears
from ggu_costs.modelfile.indices import IndexTerms, check_weights
from ggu_costs.modelfile.leaving import ExitTerms
from ggu_costs.modelfile.terms import check_fractions
from ggu_costs.modelfile.values import Checked, Dated, DateValue, Whole
from ggu_costs.reference import Reference, is_participant


class BodyTerms(Checked):
    """Legal form, dates, VAT and invoices of the body.

    Attributes
    ----------
    map_date, counting_date
        Of the municipal map, and by year of the figures of reference columns.
    invoice_months
        In which months a part of the advance is due.
    decision_date
        When the board decides on the budget of the second year of the file; councils then have their twelve weeks.
    legal_form
        Legal form of the body.
    vat
        VAT in the amounts, and how it comes to participants.
    """

    legal_form: LegalForm
    map_date: DateValue
    counting_date: DateValue
    vat: BodyVat
    invoice_months: tuple[Annotated[Whole, Field(ge=1, le=12)], ...] = (1,)
    decision_date: DateValue | None = None


class JointBodyDefinition(HeaderOfYears):
    """A joint body: participants, cost groups with their keys, reserve, leaving and joining.

    Attributes
    ----------
    body
        Legal form, dates, VAT and invoices.
    participants
        Who takes part, and when.
    figures
        Figures of the participants that keys use.
    keys
        By what costs fall on participants.
    indices
        Indices of wages and prices.
    groups
        Cost groups of the programme budget.
    assets
        What is written off.
    reserve
        The general reserve.
    exit
        What leaving costs.
    entry
        What joining costs.
    settlements
        What years came to.
    related_party
        For the paragraph on related parties.
    """

    kind: Literal["joint-body"]
    body: BodyTerms
    participants: tuple[ParticipantTerms, ...] = Field(min_length=1)
    figures: tuple[FigureTerms, ...] = ()
    keys: tuple[BodyKey, ...] = Field(min_length=1)
    indices: tuple[IndexTerms, ...] = ()
    groups: tuple[GroupTerms, ...] = Field(min_length=1)
    assets: tuple[AssetTerms, ...] = ()
    reserve: BodyReserve | None = None
    exit: ExitTerms | None = None
    entry: EntryTerms | None = None
    settlements: tuple[SettlementTerms, ...] = ()
    related_party: RelatedPartyTerms | None = None

    @property
    def first_day(self) -> date:
        """First day the file knows: that of the year before, whose equity and debt it may state."""
        return date(min(self.years) - 1, 1, 1)

    @property
    def last_day(self) -> date:
        """Last day the file knows."""
        return date(max(self.years), 12, 31)

    @property
    def map_date(self) -> date:
        """Date of the municipal map."""
        day = self.body.map_date.first.value
        assert isinstance(day, date)  # noqa: S101 (checked when the file was read)
        return day

    @property
    def under_wgr(self) -> bool:
        """Whether the deadlines of the Wet gemeenschappelijke regelingen hold for its budget."""
        return self.body.legal_form in UNDER_WGR

    def members(self, year: int) -> tuple[str, ...]:
        """Codes of who takes part in a year, in order."""
        return tuple(sorted(one.code for one in self.participants if one.takes_part(year)))

    def key(self, name: str) -> BodyKey:
        """Return the key of this id."""
        return next(key for key in self.keys if key.id == name)

    def stated(self, dated: Dated | None, year: int) -> tuple[object, str | None]:
        """Amount of a year, and the name of the input that is to bring it; neither where none is stated."""
        try:
            if dated is None:
                return None, None
            value, amount = dated.item(date(year, 1, 1), key="", path=self.id, first=self.first_day, last=self.last_day)
        except OutsidePeriodError:
            return None, None
        return amount, value.input

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show between the parts of the file."""
        super().check(faults, reference)
        for table in ("figures", "keys", "indices", "groups", "assets"):
            for name, count in repeated(part.id for part in getattr(self, table)):
                faults.add(table, f"id {name!r} {count} times", "ids that differ")
        for name, count in repeated(group.name for group in self.groups):
            faults.add("groups", f"name {name!r} {count} times", "names that differ")
        self._check_dates(faults, reference)
        self._check_participants(faults, reference)
        self._check_figures(faults, reference)
        self._check_keys(faults, reference)
        self._check_groups(faults)
        self._check_reserve(faults)
        self._check_moves(faults)
        self._check_settlements(faults)
        self._check_vat(faults)

    def _check_dates(self, faults: Faults, reference: Reference) -> None:
        first, last = reference.map_period()
        mapped = self.body.map_date.first.value
        if len(self.body.map_date.items) > 1 or not isinstance(mapped, date) or not first <= mapped <= last:
            faults.add("body.map_date", str(mapped), f"one date from {first} to {last}, for which the map is known")
            return
        for year in self.years:
            counted, _ = self.stated(self.body.counting_date, year)
            if not isinstance(counted, date):
                faults.add("body.counting_date", f"no date for {year}", "a date for every year of the file")
            elif counted > mapped or not (first <= counted <= last and counted == date(counted.year, 1, 1)):
                allowed = f"1 January of {first.year} to {mapped.year}, on which inhabitants are known"
                faults.add("body.counting_date", f"{counted} for {year}", allowed)

    def _check_participants(self, faults: Faults, reference: Reference) -> None:
        for code, count in repeated(one.code for one in self.participants):
            faults.add("participants", f"{code} {count} times", "each once")
        for one in self.participants:
            where = f"participants.{one.code}"
            if not is_participant(one.code):
                faults.add(where, repr(one.code), "a code such as GM0363, or XX:NAME")
            elif one.code.startswith("GM") == bool(one.name):
                has = "a name of its own" if one.name else "no name"
                faults.add(where, has, "a name for a body; that of a municipality is in the reference tables")
            first, last = one.first_year, one.last_year
            if first is not None and last is not None and last < first:
                faults.add(
                    where, f"leaves after {last}, before it joins in {first}", "a last year not before the first"
                )
            elif not any(one.takes_part(year) for year in self.years):
                found = f"takes part from {first or 'the start'} to {last or 'the end'}"
                faults.add(where, found, f"a year of the file: {self.years[0]} to {self.years[-1]}")
        municipal = [one.code for one in self.participants if one.code.startswith("GM")]
        if isinstance(self.body.map_date.first.value, date):
            unique = list(dict.fromkeys(municipal))
            reference.check_codes(unique, self.map_date, what="participants", complete=False, faults=faults)
        for year in self.years:
            if not self.members(year):
                faults.add("participants", f"nobody takes part in {year}", "at least one participant in every year")

    def _check_figures(self, faults: Faults, reference: Reference) -> None:
        codes = {one.code for one in self.participants}
        for figure in self.figures:
            where = f"figures.{figure.id}"
            if figure.id in ("equal", *reference.columns()):
                faults.add(where, "the name of a reference column", "a name of its own")
            for code in figure.own.keys() - codes:
                faults.add(f"{where}.own", f"{code}, which takes no part", "participants", did_you_mean(code, codes))
            for code, stated in figure.own.items():
                numbers = stated.values() if isinstance(stated, dict) else [stated]
                for number in numbers:
                    if number < 0:
                        faults.add(f"{where}.own.{code}", str(number), "0 or more")
            for year, total in figure.total.items():
                found = sum((self.own_figure(figure, code, year) or Decimal(0) for code in figure.own), Decimal(0))
                if found != total:
                    faults.add(
                        f"{where}.total.{year}", f"{total}, while participants have {found} together", "the same"
                    )

    def own_figure(self, figure: FigureTerms, code: str, year: int) -> Decimal | None:
        """Figure of a participant in one year, as the file states it; None where it states none."""
        stated = figure.own.get(code)
        return stated.get(year) if isinstance(stated, dict) else stated

    def _check_keys(self, faults: Faults, reference: Reference) -> None:
        figures = {figure.id: figure for figure in self.figures}
        used = {group.key for group in self.groups} | ({self.reserve.key} if self.reserve else set())
        for key in self.keys:
            where = f"keys.{key.id}"
            if key.id not in used:
                faults.add(where, "nothing uses this key", "a key that a cost group or the reserve names")
            key.check(faults, where)
            check_columns([n for n in key.columns if n not in figures], faults, reference, where=f"{where}.parts")
            for one in (one.code for one in self.participants if not one.code.startswith("GM")):
                lacking = [name for name in key.columns if name not in figures and name != "equal"]
                if lacking:
                    found = f"{listed(lacking)}, which {one} has not"
                    faults.add(where, found, "[[figures]] with a figure of every participant")
            earlier = key.transition or key.phase_in
            if earlier is not None:
                check_fractions(earlier.from_key, faults, where=f"{where}.from_key")
            if key.transition is not None and min(key.transition.new_part) > self.years[0]:
                found = f"no part of the new key in {self.years[0]}"
                faults.add(f"{where}.transition.new_part", found, "a part from the first year of the file on")
            for figure in (figures[name] for name in key.columns if name in figures):
                self._check_known(figure, key.id, faults)
        for name in figures.keys() - {name for key in self.keys for name in key.columns}:
            faults.add(f"figures.{name}", "no key uses these figures", "figures that a key names")

    def _check_known(self, figure: FigureTerms, key: str, faults: Faults) -> None:
        """Every participant has the figures of every year in which it takes part, and they are not nil for all."""
        for year in self.years if figure.input is None else ():
            years, members = figure.years_for(year), self.members(year)
            pairs = [(code, one) for code in members for one in years if self.own_figure(figure, code, one) is None]
            if pairs:
                lacking = listed(f"{code} in {one}" for code, one in pairs)
                faults.add(f"figures.{figure.id}", f"key {key!r} has no figures of {lacking}",
                           f"a figure of every participant for {year}")  # fmt: skip
            elif members and not any(self.own_figure(figure, code, one) for code in members for one in years):
                faults.add(f"figures.{figure.id}", f"0 for everyone in {year}", "at least one above 0")

    def _check_groups(self, faults: Faults) -> None:
        keys, indices = [key.id for key in self.keys], {index.id: index for index in self.indices}
        lacking: set[tuple[str, int]] = set()
        for group in self.groups:
            where = f"groups.{group.id}"
            if group.key not in keys:
                faults.add(f"{where}.key", f"no key {group.key!r}", listed(keys), did_you_mean(group.key, keys))
            check_weights(group.index, self.indices, where, faults)
            for name in ("amount", "income"):
                lacking |= self._check_path(group, name, faults)
            bridging = self.exit.bridging_years if self.exit else None
            if bridging is not None and group.stays and max(group.stays) > bridging:
                faults.add(f"{where}.stays", f"year {max(group.stays)}", f"at most the {bridging} bridging years")
        for name, year in sorted(lacking):
            faults.add(f"indices.{name}", f"no rate for {year}, which amounts need", "a rate, or amounts of that year")
        for index in indices.keys() - {name for group in self.groups for name in group.index}:
            faults.add(f"indices.{index}", "no cost group uses this index", "an index that a group names")
        for asset in self.assets:
            if asset.group not in [group.id for group in self.groups]:
                faults.add(f"assets.{asset.id}.group", f"no group {asset.group!r}", listed(g.id for g in self.groups))

    def _check_path(self, group: GroupTerms, name: str, faults: Faults) -> set[tuple[str, int]]:
        """An amount is there in the first year, and in each later one it is stated or can be indexed.

        Returns
        -------
        set
            Index and year of the rates that are missing.
        """
        dated, where = getattr(group, name), f"groups.{group.id}.{name}"
        lacking: set[tuple[str, int]] = set()
        known = {(index.id, year) for index in self.indices for year in index.rates}
        if dated is None:
            return lacking
        for value in dated.items:
            for figure in value.figures():
                if isinstance(figure, Decimal) and figure < 0:
                    faults.add(where, str(figure), "0 or more")
        for year in self.years:
            amount, needed = self.stated(dated, year)
            if amount is not None or needed is not None:
                if isinstance(amount, str):
                    faults.add(where, f"{amount} in {year}", "an amount: what a contribution rests on has to be known")
            elif year == self.years[0]:
                faults.add(where, f"no amount in {year}", "an amount in the first year of the file")
            elif not group.index:
                faults.add(where, f"no amount in {year}, and no index", "an amount, or an index for the group")
            else:
                lacking |= {(index.id, year) for index in self.indices if index.id in group.index} - known
        return lacking

    def _check_reserve(self, faults: Faults) -> None:
        if self.reserve is None:
            return
        if self.reserve.key not in [key.id for key in self.keys]:
            faults.add("reserve.key", f"no key {self.reserve.key!r}", listed(key.id for key in self.keys))
        balance, _ = self.stated(self.reserve.opening, self.years[0])
        if not isinstance(balance, Decimal):
            faults.add("reserve.opening", f"no amount in {self.years[0]}", "the reserve at the start of the first year")
            return
        if balance < 0:
            faults.add("reserve.opening", str(balance), "0 or more")
        for year in self.years:
            moves = {}
            for name in ("addition", "withdrawal"):
                amount, needed = self.stated(getattr(self.reserve, name), year)
                moves[name] = amount if isinstance(amount, Decimal) else Decimal(0)
                if isinstance(amount, str) or needed is not None:
                    faults.add(f"reserve.{name}", f"not a number in {year}", "an amount of every year, or none")
                if moves[name] < 0:
                    faults.add(f"reserve.{name}", f"{moves[name]} in {year}", "0 or more")
            balance += moves["addition"] - moves["withdrawal"]
            if balance < 0:
                faults.add("reserve.withdrawal", f"{moves['withdrawal']} in {year}, which leaves {balance}",
                           "what is in the reserve")  # fmt: skip
                return

    def _check_moves(self, faults: Faults) -> None:
        """Who joins within the file pays what the file says, and who leaves too."""
        stays = any(group.stays for group in self.groups)
        if self.exit is not None and self.exit.rule == "real_damage" and not stays:
            faults.add("exit.rule", "real_damage while no cost group says what stays",
                       "groups.ID.stays: the part of the share that stays in each year after leaving")  # fmt: skip
        if self.entry is not None:
            _unknown("entry.added_cost", self.entry.added_cost, [group.id for group in self.groups], faults)
        if self.exit is not None and self.exit.rule == "book_value" and not self.assets:
            faults.add("exit.rule", "book_value without assets", "[[assets]] with their write-off")

    def _check_settlements(self, faults: Faults) -> None:
        groups, figures = {group.id for group in self.groups}, {figure.id for figure in self.figures}
        for year, count in repeated(item.year for item in self.settlements):
            faults.add("settlements", f"{year} {count} times", "each year once")
        for item in self.settlements:
            where = f"settlements.{item.year}"
            if item.year not in self.years:
                faults.add(where, f"year {item.year}", f"a year of the file: {self.years[0]} to {self.years[-1]}")
                continue
            _unknown(f"{where}.amounts", item.amounts, groups, faults)
            _unknown(f"{where}.use", item.use, figures, faults)
            for name, by_code in item.use.items():
                members = set(self.members(item.year))
                for code in sorted(members ^ by_code.keys()):
                    found = f"no figure of {code}" if code in members else f"{code}, which takes no part"
                    faults.add(f"{where}.use.{name}", found, "a figure of every participant of the year")
                for code, number in by_code.items():
                    if number < 0:
                        faults.add(f"{where}.use.{name}.{code}", str(number), "0 or more")
            for name, total in item.totals.items():
                found_total = sum(item.use.get(name, {}).values(), Decimal(0))
                if found_total != total:
                    found = f"{total}, while participants used {found_total} together"
                    faults.add(f"{where}.totals.{name}", found, "the same: a settlement ties to use")

    def _check_vat(self, faults: Faults) -> None:
        allowed = ("excl", "none") if self.body.vat.route != "cost" else ("incl", "none")
        for where, value in self.values():
            if value.unit.startswith("EUR") and value.vat not in allowed:
                why = f"as VAT goes by {self.body.vat.route}"
                faults.add(where, f"vat {value.vat!r}", f"{' or '.join(allowed)}, {why}")


def _unknown(where: str, names: Iterable[str], known: Iterable[str], faults: Faults) -> None:
    for name in names:
        if name not in known:
            faults.add(where, f"no {name!r}", listed(sorted(known)), did_you_mean(name, known))
