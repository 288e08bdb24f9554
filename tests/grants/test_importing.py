from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import ggu_costs as ggu
from ggu_costs.grants import read_circular

SEPTEMBER = "grants/gemeentefonds/septembercirculaire-2024/2025"
SOURCE = {"title": "Bijlagen bij de meicirculaire 2026", "publisher": "BZK"}


def dutch(number: Decimal, *, dots: bool = False) -> str:
    text = f"{number:,f}" if dots else f"{number:f}"
    return text.replace(",", ";").replace(".", ",").replace(";", ".")


def saved(folder: Path, *, codes: bool = True, second_codes: bool = False) -> dict[str, Path]:
    """The tables of a shipped circulaire, in the form in which they are saved from a workbook."""
    grant = ggu.open_grant(SEPTEMBER)
    tables, names = grant.tables, grant.amounts().names
    header = ["Codering maatstaf", "Naam maatstaf", *tables.clusters, "Totaal"]
    weights = [header] + [
        [
            code,
            name,
            *(dutch(c[code], dots=True) for c in tables.clusters.values()),
            dutch(tables.weights[code], dots=True),
        ]
        for code, name in tables.names.items()
    ]
    weights.append(["", "jeugd", *["0,00"] * len(tables.clusters), "1,00"])
    fixed = ["vast nieuw" if code == "vast" else code for code in tables.volumes]
    volumes = [["CBS", "Naam", "Prov", *fixed]]
    others = [["CBS", "Naam", "Prov", *(["CBS"] if second_codes else []), *(f" {name} " for name in tables.others)]]
    for place, code in enumerate(tables.codes):
        number = str(int(code[2:]))
        volumes.append([number, names[code], "1", *(dutch(column[code]) for column in tables.volumes.values())])
        money = [
            dutch(column[code], dots=place % 2 == 0) if column[code] else " - " for column in tables.others.values()
        ]
        others.append([number, names[code], "1", *([number] if second_codes else []), *money])
    if not codes:
        others = [row[1:] for row in others]
    paths = {}
    for name, rows in (("weights", weights), ("volumes", volumes), ("others", others)):
        paths[name] = folder / f"{name}.csv"
        paths[name].write_bytes("\r\n".join("\t".join(row) for row in rows).encode() + b"\r\n")
    return paths


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
