"""Tables and maps of users: CSV, workbooks, downloads of CBS and boundaries, damaged and written in other ways."""

from __future__ import annotations

import io
import json
import math
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .counts import LONGEST_MESSAGE, Case, Counts, WrongSumError, try_all
from .damage import damaged

NAME = "tables"

_CODES = ("GM0363", "GM0599", "GM0518", "GM0344", "GM0014", "GM1987")
_CELLS: tuple[Any, ...] = (
    "", " ", "x", "0", "-1", "1e999", "1e-400", "9" * 5_000, "1.000", "1,5", "1.234,5", "12%", "1 000", "nan", "inf",
    "=1+1", "#REF!", "#DIV/0!", "€ 5", "2024-01-01", '"', "'", ";", "\t", "\x00", "\x1b[2J", "\u202e", "\ud800",
    "GM0363", "GM9999", "363", "Amsterdam", "XX:a", "Totaal", "a" * 200_000, "١٢", "1_000", "0x10", "True", "NULL",
    ".", "-99997",
)  # fmt: skip
_SWAPS = (
    (b'r="A', b'r="XFD'), (b'r="B2"', b'r="B1048576"'), (b"<v>", b"<v>9e99"), (b' t="n"', b' t="s"'),
    (b't="s"', b't="b"'), (b"<v>", b"<f>1+1</f><v>"), (b"<row ", b'<row hidden="1" '),
    (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
)  # fmt: skip
_TYPED: tuple[Any, ...] = (*_CELLS, None, 0, -5, 1e308, 10**30, True, float("nan"), 2024, 0.1)


def fuzz(count: int, seed: int) -> Counts:
    """Try `count` tables; one in ten is another way to write a good one, which has to be read with its sum."""
    return try_all(NAME, attempt, mutants(count, seed))


def mutants(count: int, seed: int) -> Iterator[Case]:
    """The same tables for the same seed."""
    kinds: tuple[Callable[[random.Random], Case], ...] = (_csv, _csv, _cbs, _workbook, _map)
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 (mutants, no secrets)
        if chance.random() < 0.1:
            yield _good(chance)
            continue
        case = chance.choice(kinds)(chance)
        if chance.random() < 0.25:
            case = Case(damaged(case.content, chance), case.suffix)
        yield case


def _good(chance: random.Random) -> Case:
    """A table of two columns whose figures add up to 600, written in one of many ways."""
    figures = [100.25, 200.5, 150.0, 149.25]
    rows = list(zip(_CODES, figures, strict=False))
    chance.shuffle(rows)
    if chance.random() < 0.3:
        return Case(
            _book([["code", chance.choice((2024, "volume", "x y"))], *map(list, rows)], chance), ".xlsx", valid=True
        )
    delimiter, decimal = chance.choice(((";", ","), (";", "."), (",", "."), ("\t", ","), ("\t", ".")))
    quote = chance.choice(("", "", '"'))
    blank = chance.choice(("", "", " "))
    head = [f"{quote}code{quote}", f"{quote}{chance.choice(('volume', 'Kosten', '2024', 'é'))}{quote}"]
    lines = [delimiter.join(head)]
    for code, figure in rows:
        text = f"{figure:.{chance.choice((2, 2, 4))}f}".replace(".", decimal)
        lines.append(delimiter.join((f"{quote}{code}{quote}", f"{quote}{blank}{text}{blank}{quote}")))
    end = chance.choice(("\n", "\r\n"))
    text = end.join(lines) + chance.choice(("", end, end * 3, f"{end}{delimiter}{end}"))
    if chance.random() < 0.2:
        text = f"sep={delimiter}{end}{text}"
    return Case(chance.choice((b"", b"\xef\xbb\xbf")) + text.encode(), ".csv", valid=True)


def _rows(chance: random.Random, cells: tuple[Any, ...]) -> list[list[Any]]:
    """A small table in which a few cells are not what they should be."""

    def mostly(*good: Any) -> Any:
        return chance.choice(good) if chance.random() < 0.93 else chance.choice(cells)

    width = chance.choice((2, 2, 2, 3, 6))
    names = [*chance.sample(("volume", "2024", "naam", "groep", "x", "y"), width - 1)]
    rows: list[list[Any]] = [[mostly("code"), *(mostly(name) for name in names)]]
    codes = list(_CODES) * chance.choice((1, 1, 1, 3))
    for code in codes[: chance.choice((0, 1, 4, 6, 18))]:
        row = [mostly(code), *(mostly("12,5", "7", "1234,75", 3, 2.5) for _ in names)]
        rows.append(row + [chance.choice(cells)] * (chance.random() < 0.02))
    return rows


def _csv(chance: random.Random) -> Case:
    delimiter = chance.choice((";", ";", "\t", ","))
    lines = [delimiter.join(str(cell) for cell in row) for row in _rows(chance, _CELLS)]
    text = chance.choice(("", "", "", "sep=;\n", "titel\n")) + "\n".join(lines)
    encoding = chance.choice((*["utf-8"] * 16, "cp1252", "utf-16", "utf-16-le", "utf-32"))
    return Case(text.encode(encoding, "replace"), ".csv")


def _cbs(chance: random.Random) -> Case:
    """A download of CBS: typed or not, with titles, long, or the workbook by district saved as CSV."""
    forms: tuple[tuple[str, ...], ...] = (
        ("ID", "RegioS", "Perioden", "Inwonertal_54"), ("RegioS", "Perioden", "TotaleBevolking_1", "Mannen_2"),
        ("Codering_3", "Inwonertal_8"), ("Measure", "RegioS", "Perioden", "Value"),
        ("regio", "Perioden", "Bevolking_1"),
        ("gwb_code_10", "gwb_code_8", "regio", "gm_naam", "recs", "gwb_code", "a_inw", "a_man"),
        ("gwb_code_10", "gwb_code_8", "regio", "gm_naam", "recs", "gwb_code", "a_woning"),
    )  # fmt: skip
    columns = list(chance.choice(forms))
    if chance.random() < 0.3:
        del columns[chance.randrange(len(columns))]
    lines = [";".join(f'"{name}"' for name in columns)]
    rare = chance.choice((0.0, 0.0, 0.1))
    for code in (*_CODES, "NL01  ", "PV27", "WK036300", "BU0363AA01"):
        digits = code[2:].lstrip("0")
        cells: dict[str, Any] = {
            "RegioS": code, "gwb_code": code, "Codering_3": code, "gwb_code_10": code, "gwb_code_8": digits,
            "Perioden": chance.choice(("2024JJ00", "2023JJ00")) if rare else "2024JJ00", "recs": "Gemeente",
            "regio": "Amsterdam", "gm_naam": "Amsterdam", "ID": "1", "Measure": "M000100",
        }  # fmt: skip
        figure = "  921402" if chance.random() > rare else chance.choice((".", "-99997", "12.5", "-5", *_CELLS))
        lines.append(";".join(str(cells.get(name, figure)) for name in columns))
    return Case("\r\n".join(lines).encode("utf-8", "replace"), ".cbs.csv")


def _workbook(chance: random.Random) -> Case:
    content = _book(_rows(chance, _TYPED), chance)
    if chance.random() < 0.4:  # damage inside the archive, which a flip of bytes outside does not reach
        content = _inside(content, chance)
    return Case(content, ".xlsx")


def _book(rows: list[list[Any]], chance: random.Random) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook()
    for _ in range(chance.choice((0, 0, 0, 2))):
        book.create_sheet()
    page = book.worksheets[0]
    for row in rows:
        page.append([
            ILLEGAL_CHARACTERS_RE.sub("", cell).encode("utf-8", "ignore").decode()[:30_000] if isinstance(cell, str)
            else None if isinstance(cell, float) and math.isnan(cell)
            else cell
            for cell in row
        ])  # fmt: skip
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _inside(content: bytes, chance: random.Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = chance.choice((chance.choice(names), "xl/worksheets/sheet1.xml", "xl/workbook.xml"))
        for name in names:
            part = old.read(name)
            if name == chosen:
                match chance.randrange(4):
                    case 0:
                        continue
                    case 1:
                        part = damaged(part, chance)
                    case 2:
                        part = part.replace(*chance.choice(_SWAPS))
                    case _:
                        part = part.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
            new.writestr(name, part)
    return file.getvalue()


def _map(chance: random.Random) -> Case:
    hostile: tuple[Any, ...] = (None, "x", math.nan, math.inf, 1e308, -1, 10**400, True, [], {}, [[]], 0)

    def place() -> Any:
        return chance.choice((round(chance.uniform(3, 7), 3), round(chance.uniform(50, 54), 3), chance.choice(hostile)))

    def ring() -> Any:
        pairs = [
            [round(4 + chance.random(), 3), round(52 + chance.random(), 3)]
            for _ in range(chance.choice((0, 2, *[4] * 8, 9)))
        ]
        if pairs and chance.random() < 0.1:
            pairs[0] = chance.choice((place(), [place()], [place(), place(), place()]))
        return pairs

    def shape(held: str) -> Any:
        kind = chance.choice((*["Polygon"] * 9, *["MultiPolygon"] * 4, "Point", None, 5))
        rings: Any = [ring()] if held == "coordinates" else [[chance.choice((0, 0, ~0, ~0, 1, 1, 1, 99, "x"))]]
        return {
            "type": kind,
            held: [rings] if kind == "MultiPolygon" else chance.choice((*[rings] * 9, chance.choice(hostile))),
        }

    def labels() -> Any:
        code = chance.choice((*_CODES, *_CODES, chance.choice(hostile)))
        good: tuple[Any, ...] = ({"statcode": code}, {"code": code})
        return chance.choice((*good * 5, {"naam": "x"}, chance.choice(hostile)))

    count = range(chance.choice((0, 1, 3)))
    content: Any
    if chance.random() < 0.6:
        items = [{"type": "Feature", "properties": labels(), "geometry": shape("coordinates")} for _ in count]
        content = {
            "type": "FeatureCollection",
            "features": chance.choice((*[items] * 9, chance.choice(hostile))),
        }
    else:
        items = [shape("arcs") | {"properties": labels()} for _ in count]
        content = {"type": "Topology", "arcs": chance.choice((*[[ring(), ring()]] * 9, chance.choice(hostile))),
                   "objects": {"gemeenten": {"type": "GeometryCollection", "geometries": items}}}  # fmt: skip
        if chance.random() < 0.5:
            content["transform"] = {"scale": [place(), place()], "translate": [place(), place()]}
    text = json.dumps(content)
    if chance.random() < 0.1:
        text = chance.choice(("[" * 100_000, '{"type": ' * 5_000, "", "null", "9" * 5_000, text[: len(text) // 2]))
    return Case(text.encode(), ".json")


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="ggu-fuzz-"))


def warm() -> None:
    """Load what reading takes."""
    attempt(_good(random.Random(0)))  # noqa: S311


def attempt(case: Case) -> None:
    """Read one file as every reader that takes its kind; what is read has to be finite, and a good one has its sum."""
    import ggu_costs as ggu
    from ggu_costs.errors import GguCostsError
    from ggu_costs.report.bycode import read_groups
    from ggu_costs.report.shapes import read_shapes

    path = _folder() / f"given{case.suffix}"
    path.write_bytes(case.content)
    readers: list[Callable[[Any], Any]] = [read_shapes] if case.suffix == ".json" else [ggu.read_table]
    if case.suffix != ".json" and not case.valid:
        readers += [ggu.read_cbs, read_groups, ggu.read_labels, _as_input]
    refused: GguCostsError | None = None
    for read in readers:
        try:
            _check(read(path), case, figures=read in (ggu.read_table, ggu.read_cbs))
        except GguCostsError as error:
            refused = error
            if len(str(error)) > LONGEST_MESSAGE:
                raise
    if refused:
        raise refused


def _as_input(path: Path) -> None:
    import ggu_costs as ggu

    ggu.open_model("funds/ggu/2020", {"recoverable_share": path})


def _check(result: Any, case: Case, *, figures: bool) -> None:
    if case.suffix == ".json" and ("nan" in str(result.paths) or "inf" in str(result.paths)):
        raise WrongSumError("a map with points that are nowhere")
    if figures:
        total = float(result.to_numpy().sum())
        if not math.isfinite(total) or not all(map(math.isfinite, result.to_numpy().ravel())):
            raise WrongSumError(f"figures that are not finite: {total}")
        if case.valid and total != 600.0:
            raise WrongSumError(f"{total} instead of 600")
