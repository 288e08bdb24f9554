from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from circulars import SEPTEMBER, saved

import ggu_costs as ggu
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
