"""Files as CBS, RvIG and users have them, read for a pack: figures by code, mergers, provinces and classes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ggu_costs.errors import Faults, InputError, UnknownNameError, listed
from ggu_costs.figures import finite, shown
from ggu_costs.reading import MOST_BYTES, is_folder, read_file
from ggu_costs.reference._numbers import read_numbers
from ggu_costs.reference._rows import Rows, rows_in_bytes, rows_of
from ggu_costs.reference.cbs import read_cbs
from ggu_costs.reference.cbs_dataset import read_cbs_dataset
from ggu_costs.reference.packs import Status

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.reference.grouping import Grouped

Form = Literal["cbs_dataset", "cbs", "facts", "classes", "table33", "table"]
"""What a file is: a download of CBS in its newer form, one of its older forms, facts as JSON, the list of classes, RvIG
table 33, or a table of the user's own."""

_TABLE33 = ("92.10 Gemeentecode", "92.11 Omschrijving", "92.12 Nieuwe code", "99.98 Datum ingang", "99.99 Datum einde")
_CLASSES = ("Gemeenten", "Provincie", "Gemeentegrootte", "Stedelijkheid", "Inwonertal")
_SIZES = ("minderdan5000", "5000tot10000", "10000tot20000", "20000tot50000", "50000tot100000", "100000tot150000",
          "150000tot250000", "250000")  # fmt: skip
_URBANITY = ("zeersterkstedelijk", "sterkstedelijk", "matigstedelijk", "weinigstedelijk", "nietstedelijk")


@dataclass(frozen=True)
class Imported:
    """What a file holds.

    Attributes
    ----------
    form
        What it is.
    figures
        Columns by code; empty for a table of mergers.
    mergers
        Day, old code, old name and new code of each municipality that ended; the new name where the file has it.
    status
        As the file says of its figures; empty where it does not.
    source
        What the file is, for the manifest.
    notes
        What was read otherwise than it stands, and what was left out.
    period
        Year of the figures of a table of CBS; None where the file does not say.
    """

    form: Form
    figures: pd.DataFrame
    mergers: tuple[tuple[date, str, str, str, str], ...] = ()
    status: Status | Literal[""] = ""
    source: str = ""
    notes: tuple[str, ...] = field(default=())
    period: int | None = None

    def only(self, columns: list[str]) -> Imported:
        """Keep these columns."""
        for name in columns:
            if name not in self.figures.columns:
                raise UnknownNameError("column of the file", name, map(str, self.figures.columns))
        return replace(self, figures=self.figures[columns])

    def renamed(self, names: dict[str, str]) -> Imported:
        """Call columns otherwise."""
        return replace(self, figures=self.figures.rename(columns=names))


def read_import(
    path: str | Path, reference: Grouped, *, day: date, period: int | None = None, column: str | None = None,
    crosswalk: str | Path | None = None,
) -> Imported:  # fmt: skip
    """Read a file of any of the forms.

    Parameters
    ----------
    path
        The file, or the folder of a download of CBS.
    reference
        Whose municipalities it is about.
    day
        The day of the municipal map: names are looked up on it.
    period
        Of a table with several years, the year whose figures are taken; by default that of the day.
    column
        Column or measure wanted, where the file has several.
    crosswalk
        For a file with names: a table of two columns, names as another file writes them.

    Raises
    ------
    InputError
        A file of no known form, or one that is cut or damaged: all faults, with what to do.
    MissingInputError
        No such file.
    """
    import pandas as pd

    path, taken = Path(path), day.year if period is None else period
    if is_folder(path) or path.suffix.lower() == ".zip":
        return _dataset(path, column, taken)
    data = read_file(path, most=MOST_BYTES)
    if path.suffix.lower() == ".json" or data.lstrip()[:1] in (b"{", b"["):
        return _facts(path, data, reference)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _table33(rows_in_bytes(str(path), data, encoding="utf-16"))
    rows = rows_of(path)
    header = set(rows.header)
    if header >= set(_TABLE33[:3]):
        return _table33(rows)
    if header >= set(_CLASSES[:1]) and header & set(_CLASSES[1:]):
        return _classes(rows, reference, day, crosswalk)
    if {"Measure", "Value"} <= header:
        return _dataset(path, column, taken)
    if {"ID", "Perioden"} & header:
        of = taken if "Perioden" in header else None
        series = read_cbs(path, column=column, year=of)
        frame, title = series.to_frame(str(series.name)), ", ".join(["CBS", path.name, *[str(of)] * (of is not None)])
        return Imported("cbs", frame, source=title, notes=_missing(series), period=of)
    figures: Any = reference.read_table(path, value=column)
    frame = figures.to_frame() if isinstance(figures, pd.Series) else figures
    return Imported("table", frame, source=path.name)


def _missing(series: pd.Series) -> tuple[str, ...]:
    lacking = series.attrs.get("missing", [])
    return (f"no figure for {listed(lacking)}",) if lacking else ()


def _dataset(path: Path, column: str | None, period: int) -> Imported:
    found = read_cbs_dataset(path).by_code(column, period)
    facts = found.attrs
    notes = (f"{facts['title']}, in {facts['unit']}",) if facts["title"] else ()
    name = facts["title"] or str(found.name)
    return Imported("cbs_dataset", found.to_frame(str(found.name)), status=facts["status"],
                    source=f"CBS, {name}, {facts['period']}", notes=notes, period=period)  # fmt: skip


def _facts(path: Path, data: bytes, reference: Grouped) -> Imported:
    """Read a JSON object of code to facts: ``population``, ``provinceCode`` and ``provinceName``."""
    import pandas as pd

    remedy = "Is the file whole? Download it again."
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON in UTF-8 ({error})", remedy=remedy) from error
    if not isinstance(content, dict) or not content:
        raise InputError(f"{path}: no object of codes with their facts", remedy=remedy)
    faults, rows = Faults(), {}
    for code, facts in content.items():
        if not re.fullmatch(r"GM\d{4}", code) or not reference.ever_existed(code):
            faults.add(f"{path.name} {code}", "no municipality", "a code such as GM0363")
        people = finite(facts.get("population")) if isinstance(facts, dict) else None
        if not isinstance(people, int) or people < 0:
            found = shown(facts.get("population")) if isinstance(facts, dict) else f"a {type(facts).__name__}"
            faults.add(f"{path.name} {code}", f"population {found}", "a whole number of persons")
        elif isinstance(facts, dict):
            rows[code] = (people, str(facts.get("provinceCode", "")), str(facts.get("provinceName", "")))
    faults.check(f"{path}: these facts cannot be used", remedy=remedy)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["inhabitants", "province_code", "province"])
    frame = frame.rename_axis("code").sort_index()
    kept = [name for name in frame if name == "inhabitants" or (frame[name] != "").all()]
    return Imported("facts", frame[kept], source=path.name)


def _table33(rows: Rows) -> Imported:
    """Read RvIG table 33: codes of municipalities, and the code that each went into on the day it ended."""
    import pandas as pd

    lacking = [name for name in _TABLE33 if name not in rows.header]
    if lacking:
        raise InputError(f"{rows.source}: no column {listed(lacking)}",
                         remedy="This is not RvIG table 33 whole; download it again.")  # fmt: skip
    faults, ended = Faults(), list[tuple[date, str, str, str, str]]()
    columns = [list(map(_text, rows.column(name))) for name in _TABLE33]
    names = dict(zip(columns[0], columns[1], strict=True))
    for (line, _), old, name, new, _begun, end in zip(rows.rows, *columns, strict=True):
        where = rows.place(line)
        if not re.fullmatch(r"\d{4}", old):
            faults.add(where, f"code {old!r}", "four digits, such as 0363", "Keep the zeros in front: import as text.")
        day = _compact(end)
        if end and day is None:
            faults.add(where, f"Datum einde {end!r}", "year, month and day, such as 20230101")
        if new and not re.fullmatch(r"\d{4}", new):
            faults.add(where, f"Nieuwe code {new!r}", "four digits, or nothing")
        if new and day is not None:
            ended.append((day, f"GM{old}", name, f"GM{new}", names.get(new, "")))
    faults.check(f"{rows.source}: this table 33 cannot be used", remedy="Correct the lines, or download it again.")
    note = "table 33 names one successor; of a municipality that was split, add the others and the shares"
    return Imported("table33", pd.DataFrame(index=pd.Index([], name="code")), tuple(sorted(ended)),
                    source=f"RvIG landelijke tabel 33, {Path(rows.source).name}", notes=(note,))  # fmt: skip


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _compact(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if re.fullmatch(r"\d{8}", text) else None
    except ValueError:
        return None


def _classes(rows: Rows, reference: Grouped, day: date, crosswalk: str | Path | None) -> Imported:
    """Read the list of classes (gemeenteklassen), which has names only: each must be of one municipality of the day."""
    import pandas as pd

    faults, other = Faults(), _crosswalk(crosswalk)
    exact = {name: code for code, name in reference.names_of(day).items()}
    names = list(map(_text, rows.column("Gemeenten")))
    codes = []
    for (line, _), name in zip(rows.rows, names, strict=True):
        written = (name, other.get(name, name))
        code = next((exact[one] for one in written if one in exact), "") or next(
            filter(None, (reference.code_of_name(one, day) for one in written)), ""
        )
        codes.append(code)
        if not code:
            found = f"{name!r} is not the name of one municipality of {day}"
            remedy = "Give a crosswalk of names, or put the code in a column of its own."
            faults.add(f"{rows.place(line)}, Gemeenten", found, "a name as CBS writes it", remedy)
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        faults.add(f"{rows.source} {code}", f"{codes.count(code)} rows", "every municipality once")
    cells: dict[str, list[Any]] = {}
    for column, ours, labels in (
        ("Gemeentegrootte", "size_class", _SIZES),
        ("Stedelijkheid", "urbanity_class", _URBANITY),
    ):
        if column in rows.header:
            cells[ours] = [_class(where, _text(cell), labels, faults) for where, cell in rows.cells(column)]
    if "Provincie" in rows.header:
        cells["province"] = list(map(_text, rows.column("Provincie")))
    if "Inwonertal" in rows.header:
        read, _ = read_numbers({"inhabitants": rows.cells("Inwonertal")}, decimal=None, thousands=None, faults=faults)
        cells["inhabitants"] = read.get("inhabitants", [])
    faults.check(f"{rows.source}: these classes cannot be used", remedy="Correct the lines, or download it again.")
    frame = pd.DataFrame(cells, index=pd.Index(codes, name="code")).sort_index()
    return Imported("classes", frame, source=f"CBS gemeenteklassen, {Path(rows.source).name}",
                    notes=("codes looked up by name",))  # fmt: skip


def _class(where: str, label: str, labels: tuple[str, ...], faults: Faults) -> int:
    plain = re.sub(r"\W|inwoners|ofmeer", "", label.lower())
    if plain in labels:
        return 1 + labels.index(plain)
    faults.add(where, repr(label), "a class as CBS writes it, such as 20.000 tot 50.000 inwoners")
    return 0


def _crosswalk(path: str | Path | None) -> dict[str, str]:
    if path is None:
        return {}
    rows = rows_of(path)
    if len(rows.header) != 2:
        raise InputError(f"{path}: {len(rows.header)} columns", remedy="Give a table of two columns of names.")
    first, second = (list(map(_text, rows.column(name))) for name in rows.header)
    return dict(zip(first, second, strict=True)) | dict(zip(second, first, strict=True))
