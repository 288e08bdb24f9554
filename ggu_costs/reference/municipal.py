"""Figures by municipality: a year's table, inhabitants on a counting date, regions and positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults, OutsidePeriodError, UnknownNameError, is_one_of, nearest
from ggu_costs.frames import describe
from ggu_costs.reference.carrying import Carrying
from ggu_costs.reference.facts import CARIBBEAN
from ggu_costs.reference.maps import as_date, whole_year

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import DateLike


_ALWAYS = ("name", "province", "inhabitants", "size_class")


class Municipal(Carrying):
    """Figures of a year, inhabitants on a counting date, regions."""

    def years_with(self, column: str) -> tuple[int, ...]:
        """Return the years in which a column has figures."""
        return tuple(year for year in self.known_years() if column in self.columns_of(year))

    def _columns(self) -> dict[str, dict[str, str]]:
        return {name: column for name, column in self.columns().items() if name != "code"}

    def _check_names(self, columns: Sequence[str]) -> None:
        described = self._columns()
        unknown = [name for name in columns if name not in described]
        if unknown:
            other = {
                part: name for name, column in described.items() for part in column["dutch"].rstrip(")").split(" (")
            }
            other |= {column["cbs"]: name for name, column in described.items() if "cbs" in column}
            meant = {name: other.get(nearest(name, other)) or nearest(name, described) for name in map(str, unknown)}
            hints = [f"{name!r}: did you mean {close!r}?" for name, close in meant.items() if close]
            raise UnknownNameError("column", unknown[0], described, remedy=" ".join(hints))

    def _check_years(self, columns: Sequence[str], year: int) -> None:
        lacking = [name for name in columns if year not in self.years_with(name)]
        if lacking:
            known = "; ".join(f"{name}: {', '.join(map(str, self.years_with(name)))}" for name in lacking)
            remedy = f"There are figures for {known}. Others come in a pack: ggu-costs reference import FILE DIR."
            raise OutsidePeriodError(
                f"no figures on 1 January {year} for {', '.join(lacking)}",
                key=", ".join(lacking), asked=str(year), known=known, remedy=remedy,
            )  # fmt: skip

    def municipalities(self, year: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the municipalities (gemeenten) of 1 January of a year, with their figures.

        Parameters
        ----------
        year
            A year of the tables; another names those there are.
        columns
            Columns wanted beside ``name, province, inhabitants, size_class``, which always come first. By default all
            that have figures in that year.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``code``, in order; a copy of your own. ``inhabitants`` is int64. ``attrs`` holds ``date``, and
            by column ``units``, ``kinds`` (total, rate, class, label) and ``sources``, and ``note`` (the Caribbean
            public bodies are not included); ``statuses`` of columns that are not definitive.

        Raises
        ------
        OutsidePeriodError
            A year outside the tables, or a named column without figures in that year: names the years there are.
        UnknownNameError
            A column that does not exist.

        Notes
        -----
        Names are as CBS wrote them that year; join on code. ``water_area_km2`` of 2021 is empty (NaN) for three
        municipalities.

        Examples
        --------
        >>> from ggu_costs.reference import municipalities
        >>> table = municipalities(2020)
        >>> len(table), int(table["inhabitants"].sum()), table.loc["GM0363", "name"]
        (355, 17407585, 'Amsterdam')
        >>> municipalities(2020, columns=["households"])
        Traceback (most recent call last):
            ...
        ggu_costs.errors.OutsidePeriodError: no figures on 1 January 2020 for households
        There are figures for households: 2024. Others come in a pack: ggu-costs reference import FILE DIR.
        """
        year, years = whole_year(year), self.known_years()
        if year not in years:
            raise OutsidePeriodError(
                f"no municipalities of {year}: the tables hold {years[0]}-{years[-1]} ({self.where})",
                key="year", asked=str(year), known=f"{years[0]}-{years[-1]}",
                remedy=self.or_pack(f"Choose a year from {years[0]} to {years[-1]}.", year),
            )  # fmt: skip
        if columns is None:
            columns = list(self.columns_of(year))
        elif isinstance(columns, str):
            columns = [columns]
        wanted = list(dict.fromkeys([*_ALWAYS, *(name for name in columns if name != "code")]))
        self._check_names(wanted)
        self._check_years(wanted, year)
        result = self.year_table(year)[wanted].copy()
        described = self._columns()
        statuses = {name: self.status_of(year, name)[0] for name in wanted}
        unsure = {name: status for name, status in statuses.items() if status != "definitive"}
        return describe(
            result,
            date=f"{year}-01-01",
            units={name: described[name]["unit"] for name in wanted},
            kinds={name: described[name]["kind"] for name in wanted},
            sources={name: self.source_text(year, name) for name in wanted},
            note=CARIBBEAN,
            **({"statuses": unsure} if unsure else {}),
        )

    def figures(
        self, columns: Sequence[str], *, counting_date: DateLike, map_date: DateLike | None = None
    ) -> pd.DataFrame:
        """Return totals counted on one date, on the municipal map of the same or a later date.

        Parameters
        ----------
        columns
            Names of columns that are totals, such as ``inhabitants`` or ``dwellings``.
        counting_date
            The day of the count (peildatum): 1 January of a year with figures.
        map_date
            The day of the municipal map; by default the counting date.

        Returns
        -------
        pandas.DataFrame
            float64, indexed by the codes of `map_date`, one column for each name; int64 where whole numbers were not
            carried. ``attrs``: ``counting_date, map_date``, ``carried`` (codes that ended between them, with their
            receivers), ``sources`` and ``note``.

        Raises
        ------
        OutsidePeriodError
            A counting date that is no 1 January of the tables, a column without figures then, or a map that is not
            known.
        UnknownNameError
            A column that does not exist.
        InputError
            A column that is not a total, or lacks figures for some municipalities (names them); `map_date` before
            `counting_date`.

        Examples
        --------
        >>> from ggu_costs.reference import figures
        >>> table = figures(["inhabitants"], counting_date="2022-01-01", map_date="2022-04-01")
        >>> len(table), table.attrs["carried"]
        (344, {'GM0457': 'GM0363'})
        """
        counted = self._counting_day(counting_date)
        day = counted if map_date is None else self.map_day(map_date, what="map date")
        if isinstance(columns, str):
            columns = [columns]
        self._check_names(columns)
        self._check_years(columns, counted.year)
        moved = self.carried_codes(counted, day)
        table = self.municipalities(counted.year, columns=columns)
        faults = Faults()
        for name in columns:
            kind = table.attrs["kinds"][name]
            if kind != "total":
                faults.add(f"column {name}", f"a {kind}", "a total, such as inhabitants or dwellings")
            else:
                for code in table.index[table[name].isna()]:
                    faults.add(f"column {name} {code}", f"no figure for {table.loc[code, 'name']} on {counted}")
        faults.check("these figures cannot be used as totals", remedy="Choose a column that is complete and adds up.")
        result = table[list(columns)]
        if len(moved):
            import pandas as pd

            result = pd.DataFrame(
                {name: self.carry_between(table[name], from_date=counted, to_date=day) for name in columns}
            )
        carried: dict[str, str] = {}
        for old, new in zip(moved["old_code"], moved["new_code"], strict=True):
            carried[old] = f"{carried[old]}, {new}" if old in carried else new
        return describe(
            result, counting_date=str(counted), map_date=str(day), carried=carried, note=CARIBBEAN,
            sources={name: table.attrs["sources"][name] for name in columns},
        )  # fmt: skip

    def _counting_day(self, value: DateLike) -> date:
        day = as_date(value, what="counting date")
        years = self.known_years()
        if day.year not in years or (day.month, day.day) != (1, 1):
            known = f"1 January of {years[0]} to {years[-1]}"
            raise OutsidePeriodError(
                f"counting date {day}: figures are known on {known} only ({self.where})",
                key="counting date", asked=str(day), known=known,
                remedy=self.or_pack("Choose one of those days.", day.year),
            )  # fmt: skip
        return day

    def inhabitants_on(self, counting_date: DateLike, map_date: DateLike | None = None) -> pd.Series:
        """Return the inhabitants (inwoners) counted on one date, on the municipal map of the same or a later date.

        Parameters
        ----------
        counting_date
            The day of the count (peildatum): 1 January of a year of the tables (see :func:`municipalities`).
        map_date
            The day of the municipal map; by default the counting date.

        Returns
        -------
        pandas.Series
            ``inhabitants`` by code of `map_date`; float64, int64 where nothing was carried. ``attrs`` as
            :func:`figures`.

        Raises
        ------
        OutsidePeriodError
            Another counting date (names those known), or a map that is not known.
        InputError
            Not a date, or `map_date` before `counting_date`.

        Examples
        --------
        >>> from ggu_costs.reference import inhabitants_on
        >>> int(inhabitants_on("2020-01-01")["GM0363"])
        872757
        """
        table = self.figures(["inhabitants"], counting_date=counting_date, map_date=map_date)
        return describe(table["inhabitants"], **{str(name): fact for name, fact in table.attrs.items()})

    def band(self, counting_date: DateLike, column: str = "inhabitants") -> pd.DataFrame:
        """Return the band of a forecast: low, middle and high of each municipality.

        Parameters
        ----------
        counting_date
            1 January of a year with a forecast.
        column
            Of what.

        Returns
        -------
        pandas.DataFrame
            ``low, middle, high`` by code, on the map of that day. ``attrs``: ``coverage`` (what part of the outcomes
            the publication says lies within; seldom 0.9, so that it is no P5 to P95), ``by`` (whose forecast it is),
            ``national`` (low and high of the nation where they are published, which are no sums of municipalities).

        Raises
        ------
        OutsidePeriodError
            A day without figures, or without a band.
        """
        day = self._counting_day(counting_date)
        band = self.band_of(day.year, column)
        if band is None:
            known = [str(year) for year in self.known_years() if self.band_of(year, column)]
            raise OutsidePeriodError(
                f"{column} of {day} have no band ({self.where})", key=column, asked=str(day), known=", ".join(known),
                remedy="State band in the manifest of a pack, with its coverage.",
            )  # fmt: skip
        table = self.year_table(day.year)[[band.low, column, band.high]]
        frame = table.set_axis(["low", "middle", "high"], axis=1)
        national = {"low": band.national_low, "high": band.national_high}
        return describe(frame, coverage=band.coverage, by=self.status_of(day.year, column)[1], national=national)

    def regions(self, region_type: str, reference_year: int) -> pd.Series:
        """Return the region of each municipality, in the classification of one year.

        Parameters
        ----------
        region_type
            ``safety_region`` (veiligheidsregio), ``ggd_region``, ``labour_market_region`` (arbeidsmarktregio) or
            ``corop``.
        reference_year
            Year of the classification. Nothing is carried to another year.

        Returns
        -------
        pandas.Series
            Name of the region by code of the municipalities of that year.

        Raises
        ------
        UnknownNameError
            Another type of region.
        OutsidePeriodError
            A year without that classification: names the years known.

        Examples
        --------
        >>> from ggu_costs.reference import regions
        >>> regions("corop", 2026)["GM0363"]
        'Groot-Amsterdam'
        """
        table = self.frame("region_map")
        kinds = tuple(sorted(set(table["region_type"])))
        if not is_one_of(region_type, kinds):
            raise UnknownNameError("region type", region_type, kinds)
        rows = table[table["region_type"] == region_type]
        years = sorted({int(year) for year in rows["reference_year"]})
        if reference_year not in years:
            known = ", ".join(map(str, years))
            raise OutsidePeriodError(
                f"no {region_type} of {reference_year} (ggu_costs/reference/data/region_map.csv)",
                key=region_type, asked=str(reference_year), known=known, remedy=f"Years known: {known}.",
            )  # fmt: skip
        series = rows[rows["reference_year"] == reference_year].set_index("code")["region"].rename(region_type).copy()
        return describe(series, reference_year=int(reference_year), note=CARIBBEAN)

    def positions(self) -> pd.DataFrame:
        """Return where each municipality since the last reorganisation lies, for drawing a tile map.

        Returns
        -------
        pandas.DataFrame
            ``longitude, latitude`` in degrees (WGS84, two decimals), indexed by code: the centre of gravity of the
            area.

        Examples
        --------
        >>> from ggu_costs.reference import positions
        >>> positions().loc["GM0363"].tolist()
        [4.91, 52.36]
        """
        return self.frame("positions").set_index("code").copy()

    def outlines(self) -> dict[str, str]:
        """Return the outline of each municipality of the boundaries that are shipped, by code, as SVG path data."""
        table = self.frame("outlines")
        return dict(zip(map(str, table["code"]), map(str, table["path"]), strict=True))
