"""A download of CBS in its newer form: observations with the codes of measures, regions and periods beside them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults, InputError, MissingInputError, OutsidePeriodError, UnknownNameError, listed
from ggu_costs.frames import describe
from ggu_costs.reading import MOST_BYTES, is_folder, read_file
from ggu_costs.reference._numbers import is_missing, read_numbers
from ggu_costs.reference._rows import Rows, rows_in_bytes
from ggu_costs.reference.packs import Status

if TYPE_CHECKING:
    import pandas as pd

_ASKED = ("Id", "Measure", "Value")
_BESIDE = ("Id", "Measure", "Value", "StringValue", "ValueAttribute")
_PERIODS = "Perioden"
_REGION = re.compile(r"RegioS|.*Regio.*")
_THOUSANDS = re.compile(r"x\s*(1[\s.\u00a0]*(?:000[\s.\u00a0]*)+)", re.ASCII | re.IGNORECASE)
_STATUSES: dict[str, Status] = {
    "definitief": "definitive",
    "voorlopig": "provisional",
    "nadervoorlopig": "provisional",
    "nader voorlopig": "provisional",
}


@dataclass(frozen=True)
class Measure:
    """What is measured: its title and unit, and by what a value is multiplied ("x 1 000")."""

    title: str
    unit: str
    factor: int


@dataclass(frozen=True)
class CbsDataset:
    """Observations of CBS.

    Attributes
    ----------
    source
        Folder or file.
    dimensions
        Names of the dimensions, in the order of the table, periods included.
    values
        By measure and the code of each dimension, the figure as it is published.
    measures, titles, provinces, statuses
        What the code files say: of measures, of any code, of municipalities, of periods. Empty where a file is lacking.
    """

    source: str
    dimensions: tuple[str, ...]
    values: Mapping[tuple[str, ...], float]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    provinces: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)

    @property
    def region(self) -> str:
        """Name of the dimension of regions; empty where the table has none."""
        return next((name for name in self.dimensions if _REGION.fullmatch(name)), "")

    def value(self, measure: str, **codes: str) -> float:
        """Return one figure, with the thousands of its unit.

        Raises
        ------
        UnknownNameError
            A measure, dimension or code that is not there.
        """
        for name in codes:
            if name not in self.dimensions:
                raise UnknownNameError(f"dimension of {self.source}", name, self.dimensions)
        key = (measure, *(codes.get(name, "") for name in self.dimensions))
        if key not in self.values:
            raise UnknownNameError(
                f"observation in {self.source}", " ".join(key), (" ".join(one) for one in self.values)
            )
        known = self.measures.get(measure)
        return float(Decimal(repr(self.values[key])) * (known.factor if known else 1))

    def by_code(self, measure: str | None = None, period: str | int | None = None) -> pd.Series:
        """Return the figures of municipalities of one measure and period, by code.

        Raises
        ------
        InputError
            A table without regions; several measures, periods or other codes to choose from.
        UnknownNameError, OutsidePeriodError
            A measure or a period that is not there.
        """
        import pandas as pd

        if not self.region:
            raise InputError(
                f"{self.source}: no dimension of regions, but {listed(self.dimensions)}",
                remedy="Download a table with gemeenten, or put its own Observations.csv beside the other files.",
            )
        region = self.dimensions.index(self.region)
        kept = {key: value for key, value in self.values.items() if re.fullmatch(r"GM\d{4}", key[1 + region])}
        measure = _one(measure, sorted({key[0] for key in kept}), f"measure of {self.source}", "column='...'")
        kept = {key: value for key, value in kept.items() if key[0] == measure}
        if _PERIODS in self.dimensions:
            place = 1 + self.dimensions.index(_PERIODS)
            known = sorted({key[place] for key in kept})
            chosen = [name for name in known if period is None or str(period) in (name, name[:4])]
            if not chosen:
                raise OutsidePeriodError(
                    f"{self.source}: no figures of municipalities for {period}", key=_PERIODS, asked=str(period),
                    known=", ".join(known), remedy=f"Periods in the table: {listed(known)}.",
                )  # fmt: skip
            period = _one(None, chosen, f"period of {self.source}", "year=...")
            kept = {key: value for key, value in kept.items() if key[place] == period}
        faults, found = Faults(), dict[str, float]()
        factor = self.measures[measure].factor if measure in self.measures else 1
        for key, value in kept.items():
            if key[1 + region] in found:
                faults.add(key[1 + region], "several observations", "one", "Keep one code of every other dimension.")
            found[key[1 + region]] = float(Decimal(repr(value)) * factor)
        faults.check(f"{self.source}: more than one figure for a municipality", remedy="Choose what you want of it.")
        series = pd.Series(found, dtype="float64").rename_axis("code").rename(measure).sort_index()
        known_measure = self.measures.get(measure)
        return describe(
            series, source=self.source, column=measure, period=str(period or ""),
            title=known_measure.title if known_measure else "", unit=known_measure.unit if known_measure else "",
            status=self.statuses.get(str(period), "definitive" if self.statuses == {} else "provisional"),
        )  # fmt: skip


def _one(asked: str | None, known: list[str], what: str, option: str) -> str:
    if asked is not None:
        if asked not in known:
            raise UnknownNameError(what, asked, known)
        return asked
    if len(known) != 1:
        raise InputError(f"{len(known)} to choose from, {what}: {listed(known)}", remedy=f"Say which: {option}.")
    return known[0]


def read_cbs_dataset(path: str | Path) -> CbsDataset:
    """Read a download of datasets.cbs.nl: a folder, a zip file, or its Observations file alone.

    Raises
    ------
    InputError
        No observations, a column that is lacking, figures that are none; all faults of a file at once.
    MissingInputError
        A file that is not there.
    """
    contents = _contents(Path(path))
    name = next((name for name in sorted(contents) if PurePosixPath(name).name.startswith("Observations")), "")
    if not name:
        raise InputError(f"{path}: no Observations.csv, but {listed(sorted(contents)) or 'nothing'}",
                         remedy="Download the CSV of the table again, and unpack it whole.")  # fmt: skip
    rows = rows_in_bytes(name, contents[name])
    if "ID" in rows.header and "Measure" not in rows.header:
        return _wide(str(path), rows)
    lacking = [column for column in _ASKED if column not in rows.header]
    if lacking:
        raise InputError(f"{name}: no column {listed(lacking)}; columns: {listed(rows.header)}",
                         remedy="This is no Observations.csv of CBS, or it is cut; download it again.")  # fmt: skip
    dimensions = tuple(column for column in rows.header if column not in _BESIDE)
    titles: dict[str, str] = {}
    provinces: dict[str, str] = {}
    statuses: dict[str, Status] = {}
    for other in sorted(contents):
        kind = re.match(r"(\w+?)Codes", PurePosixPath(other).name)
        if kind and kind[1] != "Measure":
            _read_codes(rows_in_bytes(other, contents[other]), titles, provinces, statuses)
    measures = next((_measures(rows_in_bytes(n, contents[n])) for n in contents if n.endswith("MeasureCodes.csv")), {})
    codes = list(zip(*(rows.column(name) for name in ("Measure", *dimensions)), strict=True))
    values = _values(rows, codes, "Value", decimal=",")
    return CbsDataset(str(path), dimensions, values, measures, titles, provinces, statuses)


def _wide(source: str, rows: Rows) -> CbsDataset:
    """Read the older bulk file of StatLine: one column a measure, numbered, with a decimal point."""
    measures = [name for name in rows.header if re.search(r"_\d+$", name)]
    dimensions = tuple(name for name in rows.header if name != "ID" and name not in measures)
    if not measures:
        raise InputError(f"{rows.source}: no numbered column with figures; columns: {listed(rows.header)}",
                         remedy="This is no UntypedDataSet of CBS, or it is cut; download it again.")  # fmt: skip
    codes = list(zip(*(rows.column(name) for name in dimensions), strict=True))
    values: dict[tuple[str, ...], float] = {}
    for measure in measures:
        values |= _values(rows, [(measure, *code) for code in codes], measure, decimal=".")
    return CbsDataset(source, dimensions, values)


def _contents(path: Path) -> dict[str, bytes]:
    if is_folder(path):
        return {file.name: read_file(file, most=MOST_BYTES) for file in sorted(path.iterdir()) if file.suffix == ".csv"}
    if not path.exists():
        raise MissingInputError(f"{path}: no such file or folder", names=[str(path)], remedy="Check the path.")
    data = read_file(path, most=MOST_BYTES)
    if path.suffix.lower() != ".zip":
        return {path.name if path.name.startswith("Observations") else f"Observations of {path.name}": data}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise InputError(f"{path}: unpacks to more than {MOST_BYTES:,} bytes", remedy="Unpack what you need.")
            return {part.filename: parts.read(part) for part in parts.infolist() if part.filename.endswith(".csv")}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(f"{path}: not a zip file that can be read ({error})", remedy="Download it again.") from error


def _values(
    rows: Rows, keys: Sequence[tuple[object, ...]], column: str, *, decimal: str
) -> dict[tuple[str, ...], float]:
    """Return the figures of a column by what they are of; an empty one, or a point, is no figure."""
    faults = Faults()
    cells = rows.cells(column)
    there = [cell for cell in cells if not is_missing(cell[1]) and cell[1] != "."]
    numbers, _ = read_numbers({column: there}, decimal=decimal, thousands=None, faults=faults)
    filled = iter(numbers.get(column, []))
    found: dict[tuple[str, ...], float] = {}
    for stated, (where, cell) in zip(keys, cells, strict=True):
        key = tuple(map(str, stated))
        if is_missing(cell) or cell == ".":
            continue
        if key in found:
            faults.add(where, f"{' '.join(key)} again", "each observation once")
        found[key] = next(filled)
    faults.check(f"{rows.source}: these observations cannot be used", remedy="Correct the lines, or download it again.")
    return found


def _measures(rows: Rows) -> dict[str, Measure]:
    found = {}
    for name, title, unit in zip(*(rows.column(column) for column in ("Identifier", "Title", "Unit")), strict=True):
        times = _THOUSANDS.search(str(unit))
        factor = int(re.sub(r"\D", "", times[1])) if times else 1
        found[str(name)] = Measure(str(title), str(unit), factor)
    return found


def _read_codes(rows: Rows, titles: dict[str, str], provinces: dict[str, str], statuses: dict[str, Status]) -> None:
    if not {"Identifier", "Title"} <= set(rows.header):
        raise InputError(f"{rows.source}: no columns Identifier and Title", remedy="Download the table again.")
    for code, title in zip(rows.column("Identifier"), rows.column("Title"), strict=True):
        titles[str(code)] = str(title)
    if "DimensionGroupId" in rows.header:
        for code, group in zip(rows.column("Identifier"), rows.column("DimensionGroupId"), strict=True):
            if str(group).startswith("GMPV"):
                provinces[str(code)] = str(group)[2:]
    if "Status" in rows.header:
        for code, status in zip(rows.column("Identifier"), rows.column("Status"), strict=True):
            statuses[str(code)] = _STATUSES.get(str(status).strip().lower(), "provisional")
