"""A circulaire that is not shipped, imported, checked, run and compared on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from circulars import SEPTEMBER, saved
from typer.testing import CliRunner

import ggu_costs as ggu
from ggu_costs import cli

RUNNER = CliRunner()


def command(*words: object) -> Any:
    result = RUNNER.invoke(cli.app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def asked(paths: dict[str, Path], folder: Path, **more: str) -> list[object]:
    words: dict[str, str] = {"circular": "meicirculaire 2025", "year": "2025", "factor": "1,460", "source": "Bijlagen"}
    options = [part for name, value in {**words, **more}.items() for part in (f"--{name}", value)]
    return ["grant", "import", *paths.values(), *options, "--folder", folder]


def test_a_circulaire_is_imported_checked_and_compared(tmp_path: Path) -> None:
    folder, own = tmp_path / "models", "grants/gemeentefonds/meicirculaire-2025/2025"
    made = command(*asked(saved(tmp_path), folder))
    assert made.exit_code == 0, made.output
    amounts = ggu.open_grant(own, models=folder).amounts()
    text = f"{amounts.national()['general_grant']:,.0f}".replace(",", ".")
    assert "342 gemeenten, 49 maatstaven" in made.stdout
    assert text in made.stdout
    assert "suppletie-uitkering" in made.stdout
    assert f"compare {SEPTEMBER} {own} --models {folder.as_posix()}" in made.stdout
    path = folder / f"{own}.toml"
    assert f"checked_on = {date.today()}" in path.read_text(encoding="utf-8")
    assert command("check", path).exit_code == 0
    compared = command("compare", SEPTEMBER, own, "--models", folder, "--out", tmp_path / "out")
    assert compared.exit_code == 0, compared.output
    assert "91,08 mln" in compared.stdout  # 0,003 x 30,360,729,784
    again = command(*asked(saved(tmp_path), folder))
    assert again.exit_code == 1
    assert "exists already" in again.stderr or "bestaat al" in again.stderr


@pytest.mark.parametrize(
    ("more", "found"), [({"factor": "veel"}, "factor"), ({"checked-on": "gisteren"}, "gisteren"), ({"id": "A B"}, "id")]
)
def test_what_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, more: dict[str, str], found: str) -> None:
    result = command(*asked(saved(tmp_path), tmp_path / "models", **more))
    assert result.exit_code == 1
    assert found in result.stderr
    assert not list((tmp_path / "models").rglob("*.toml"))


def test_weights_without_volumes_are_named_both_ways(tmp_path: Path) -> None:
    paths = saved(tmp_path)
    text = paths["volumes"].read_text(encoding="utf-8")
    paths["volumes"].write_text(text.replace("\tjong\t", "\tjongeren\t", 1), encoding="utf-8")
    result = command(*asked(paths, tmp_path / "models"))
    assert result.exit_code == 1
    assert "weights.jong" in result.stderr
    assert "volumes.jongeren" in result.stderr


def test_a_redistribution_of_a_circulaire_is_phased_in(tmp_path: Path) -> None:
    (tmp_path / "slice.toml").write_text(
        """schema = 1
kind = "grant"
id = "grants/top-slice"
title = "Uitname en terug"
base = "grants/gemeentefonds/septembercirculaire-2024/2025"
checked_on = 2026-11-30
[[changes]]
key = "reform"
set = { top_slice = 1e8, tasks = [{ amount = 1e8, by = "maatstaf:inwo" }], status = "estimated", by = "us" }
""",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    asked = ["compare", SEPTEMBER, tmp_path / "slice.toml", "--phase-in", "1.50x3", "--out", out]
    made = command(*asked)
    assert made.exit_code == 0, made.output
    assert "Ingroei van het herverdeeleffect in 3 jaar" in made.stdout
    path = pd.read_csv(out / "phase_in.csv", index_col="code")
    a, b = (ggu.open_grant(one).amounts() for one in (SEPTEMBER, tmp_path / "slice.toml"))
    effects = ggu.redistribution(a, b)
    assert [round(path[f"year_{year}"].sum(), 2) for year in (1, 2, 3)] == [0, 0, 0]
    assert path["redistribution"]["GM0088"] == effects.difference["GM0088"] / 100
    for year in (1, 2, 3):
        cap = 1.50 * year * float(a.inhabitants["GM0088"])
        assert path[f"year_{year}"]["GM0088"] == pytest.approx(
            -min(cap, 6.0647 * float(a.inhabitants["GM0088"])), abs=0.5
        )
    assert command("compare", SEPTEMBER, tmp_path / "slice.toml", "--year", "2025", "--out", out).exit_code != 0


def test_years_of_a_circulaire_on_the_command_line(tmp_path: Path) -> None:
    folder = "grants/gemeentefonds"
    named = [f"{folder}/septembercirculaire-2024/{year}" for year in (2024, 2025)]
    of = ["--municipality", "GM0345"]
    made = command("grant", "years", *named, *of, "--price-rise", "2025=0.025", "--out", tmp_path / "out")
    assert made.exit_code == 0, made.output
    amounts = [ggu.open_grant(name).amounts().columns["grants"]["GM0345"] for name in named]
    assert all(f"{cents // 100:,}".replace(",", ".") in made.stdout for cents in amounts)
    frame = pd.read_csv(tmp_path / "out" / "result.csv", index_col="code")
    assert [round(100 * frame[str(year)]["GM0345"]) for year in (2024, 2025)] == amounts
    assert "Constante prijzen" in made.stdout
    against = [part for year in (2024, 2025) for part in ("--against", f"{folder}/meicirculaire-2024/{year}")]
    change = command("grant", "years", *named, *against, *of, "--lang", "en")
    assert change.exit_code == 0, change.output
    assert "156,479,471.73" in change.stdout
    wrong = command("grant", "years", *named, "--price-rise", "2025:0.025", "--accres", "2026=much")
    assert wrong.exit_code == 1
    assert wrong.stderr.count("YEAR=FIGURE") == 2


def test_last_years_volumes_are_noticed_and_notes_say_whose_they_are(tmp_path: Path) -> None:
    folder, own = tmp_path / "models", "grants/gemeentefonds/meicirculaire-2026/2026"
    told = {"circular": "meicirculaire 2026", "year": "2026"}
    assert command(*asked(saved(tmp_path), folder, **told)).exit_code == 0
    notes = ggu.open_grant(SEPTEMBER).compare(ggu.open_grant(own, models=folder)).notes
    assert any("van 2025 en 2026 precies gelijk" in note and "--volumes-year" in note for note in notes)
    (marked,) = [note for note in notes if "WOZwe80" in note and "2,04289E+11" in note]
    assert marked.startswith("Gemeentefonds 2025, septembercirculaire 2024: Amsterdam, WOZwe80")


@pytest.mark.parametrize(("lang", "said"), [("nl", "met --models MAP"), ("en", "with --models FOLDER")])
def test_an_own_model_without_its_folder_is_told_how_it_is_found(lang: str, said: str) -> None:
    result = command("run", "grants/gemeentefonds/meicirculaire-2026/2026", "--out", "o", "--lang", lang)
    assert result.exit_code == 1
    assert said in result.stderr
