from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from circulars import SEPTEMBER, saved
from typer.testing import CliRunner

import ggu_costs as ggu
from ggu_costs.cli import app
from ggu_costs.grants import read_circular

SOURCE = {"title": "Bijlagen bij de meicirculaire 2026", "publisher": "BZK"}


def read(paths: dict[str, Path], **more: Any) -> str:
    facts = {"model_id": "grants/own/2025", "circular": "meicirculaire 2025", "year": 2025, "factor": "1.457"}
    return read_circular(**paths, **facts, source=SOURCE, checked_on=date(2026, 11, 30), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [{}, {"codes": False}, {"second_codes": True}])
def test_tables_as_they_are_saved_give_the_same_amounts(tmp_path: Path, form: dict[str, bool]) -> None:
    text = read(saved(tmp_path, **form))
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    own, shipped = ggu.open_grant(tmp_path / "own.toml").amounts(), ggu.open_grant(SEPTEMBER).amounts()
    assert own.columns == shipped.columns
    assert own.lacking == shipped.lacking
    assert len(tomllib.loads(text)["volumes"]["sha256"]) == 64


def test_a_workbook_gives_the_same_amounts(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    paths = saved(tmp_path)
    for name, path in paths.items():
        book = openpyxl.Workbook()
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            book.active.append([int(cell) if cell.isdigit() else cell for cell in cells])
        paths[name] = path.with_suffix(".xlsx")
        book.save(paths[name])
    assert ggu.open_grant(tomllib.loads(read(paths), parse_float=Decimal)).amounts().columns == (
        ggu.open_grant(SEPTEMBER).amounts().columns
    )


def test_tables_of_several_years_are_allowed_with_a_mark_on_every_output(tmp_path: Path) -> None:
    text = read(saved(tmp_path), table_years={"volumes": 2024})
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    own = ggu.open_grant(tmp_path / "own.toml")
    assert own.amounts().columns == ggu.open_grant(SEPTEMBER).amounts().columns
    assert own.definition.map_date.first.value == date(2024, 1, 1)
    note = "de bedragen per eenheid zijn van 2025, de volumes van 2024 en de overige uitkeringen van 2025"
    assert note in own.amounts().to_frame().attrs["notes"][0]
    assert note in own.report().answer.outside[0]
    assert "amounts per unit are of 2025, the volumes of 2024" in own.report(lang="en").answer.outside[0]
    assert own.statuses == ("mixed_years",)
    assert note in ggu.open_grant(SEPTEMBER).on_map("2025-01-01").compare(own).notes[0]
    key = own.key()
    assert key.marks == ("mixed_years",)
    dutch = "TABELLEN VAN VERSCHILLENDE JAREN"
    for lang, mark, more in (("nl", dutch, []), ("en", "TABLES OF DIFFERENT YEARS", ["--municipality", "GM0345"])):
        out = tmp_path / lang
        ran = CliRunner().invoke(app, ["run", str(tmp_path / "own.toml"), "--out", str(out), "--lang", lang, *more])
        assert ran.exit_code == 0, ran.output
        page = next(out.glob("*.html")).read_text(encoding="utf-8")
        assert mark in page
        for table in (path for path in out.glob("*.csv") if not path.name.startswith("values")):
            head = table.read_text(encoding="utf-8-sig").splitlines()[0]
            assert (mark if f".{lang}." in table.name else dutch) in head, table.name
        book = openpyxl.load_workbook(next(out.glob("*.xlsx")), read_only=True)
        cells = {str(cell) for sheet in book for row in sheet.iter_rows(max_row=12, values_only=True) for cell in row}
        assert any(mark in cell for cell in cells)


def test_years_of_tables_that_are_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(ggu.InputError) as error:
        read(saved(tmp_path), table_years={"volume": 2024, "weights": "2024"})
    assert {fault.where for fault in error.value.faults} == {"table_years.volume", "table_years.weights"}


def test_a_maatstaf_that_nobody_knows_is_said(tmp_path: Path) -> None:
    paths = saved(tmp_path)
    for name in ("weights", "volumes"):
        text = paths[name].read_text(encoding="utf-8")
        paths[name].write_text(text.replace("kernen500", "kernen900"), encoding="utf-8")
    own = ggu.open_grant(tomllib.loads(read(paths), parse_float=Decimal))
    assert "of deze maatstaven bij een herindeling optellen" in own.definition.notes[0]
    assert "grote woonkernen" in own.definition.notes[0]


def test_what_excel_saves_is_read(tmp_path: Path) -> None:
    paths, made = saved(tmp_path), read(saved(tmp_path))
    text = paths["weights"].read_text(encoding="utf-8")
    for name, content in {
        "semicolons.csv": text.replace("\t", ";").encode("utf-8-sig"), "unicode.txt": text.encode("utf-16"),
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        other = tomllib.loads(read(paths | {"weights": tmp_path / name}))
        assert other["weights"]["text"] == tomllib.loads(made)["weights"]["text"]
    (tmp_path / "ansi.txt").write_bytes(text.encode("cp1252", errors="replace"))
    with pytest.raises(ggu.InputError, match="In Excel: save the sheet"):
        read(paths | {"weights": tmp_path / "ansi.txt"})


def test_tables_in_another_order_and_of_other_municipalities_are_told_in_few_words(tmp_path: Path) -> None:
    paths = saved(tmp_path, codes=False)
    with pytest.raises(ggu.InputError) as error:
        read({**paths, "weights": paths["volumes"], "volumes": paths["weights"]})
    assert [fault.where for fault in error.value.faults] == ["weights, header", "volumes, header"]
    assert "in this order" in error.value.faults[0].remedy
    lines = paths["volumes"].read_text(encoding="utf-8").splitlines()
    paths["volumes"].write_text("\n".join(lines[:100]), encoding="utf-8")
    with pytest.raises(ggu.InputError, match="names that the volumes do not have") as error:
        read(paths)
    assert len(error.value.faults) == 1


def test_every_fault_of_the_tables_is_named(tmp_path: Path) -> None:
    paths = saved(tmp_path)
    volumes = paths["volumes"].read_text(encoding="utf-8")
    paths["volumes"].write_text(volumes.replace("\n14\t", "\nGroningen\t", 1) + "1\tte kort\n", encoding="utf-8")
    others = paths["others"].read_text(encoding="utf-8")
    paths["others"].write_text(others.replace(" - ", "1.00", 1), encoding="utf-8")
    with pytest.raises(ggu.InputError) as error:
        read(paths)
    where = [fault.where.split(",")[0] for fault in error.value.faults]
    assert where.count("volumes") == 2
    assert where.count("others") == 1


def test_a_figure_cut_by_a_narrow_column_is_said(tmp_path: Path) -> None:
    paths = saved(tmp_path)
    lines = paths["volumes"].read_text(encoding="utf-8").splitlines()
    cells = lines[1].split("\t")
    cells[lines[0].split("\t").index("WOZwe80")] = "2,04289E+11"
    lines[1] = "\t".join(cells)
    paths["volumes"].write_text("\n".join(lines), encoding="utf-8")
    own = ggu.open_grant(tomllib.loads(read(paths), parse_float=Decimal))
    assert "2,04289E+11" in own.definition.notes[0]
    assert own.tables.volumes["WOZwe80"][f"GM{int(cells[0]):04d}"] == 204_289_000_000
