"""A third language is one file: what every exit says of every kind of model is in it, but for names and quotations.

On a page what is quoted from a model file is marked as Dutch, unless it stands in a sentence of ours.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cases import EVERY_MODEL
from pandas.api.types import is_numeric_dtype
from pseudo import Page, bare, bracketed, pseudo, template
from typer.testing import CliRunner

from ggu_costs import catalogue, cli, municipalities
from ggu_costs.cli.runs import _redrawn
from ggu_costs.display.report import Report
from ggu_costs.fund import assembly_of
from ggu_costs.report.dossier import assembly_dossier, comparison_dossier, dossier, files_of
from ggu_costs.report.join import joined

__all__ = ["pseudo"]

NAMES = ("name", "title", "label", "publisher", "by", "id", "url", "supplier", "purpose")
"""Keys of a model file that hold names."""
UNITS = {"EUR", "mm", "GM", "CBS", "CC", "BY", "own"}  # and the code name "own draws"
OF_FILES = {"result", "html", "xlsx", "csv", "json", "nl", "qq", "out", "provenance", "costs", "ggu"}
SETTINGS = {
    "$schema", "config", "mark", "field", "type", "usermeta", "scale", "sort", "transform", "params", "condition",
    "width", "labelExpr", "orient", "legend", "autosize", "align", "baseline",
}  # fmt: skip
"""Keys of a chart under which nothing is said."""
CHEAP = (
    ["ballots/steps-example"], ["fees/vng-contributie/2024"], ["funds/ggu/2020"], ["procurement/gt-mobiel-1"],
    ["programmes/omgevingswet/2021"], ["programmes/vroegsignalering"], ["funds/ggu/2019", "funds/ggu/2020"],
)  # fmt: skip
ALL = tuple([name] for name in catalogue.model_files())


def texts_in(part: Any) -> Iterator[str]:
    """Keys and texts of a model file."""
    if isinstance(part, dict):
        for key, inside in part.items():
            yield key
            yield from texts_in(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from texts_in(inside)
    elif isinstance(part, str):
        yield part


def names_in(part: Any) -> Iterator[str]:
    """Names in a model file: of tables, what is called so, and every word in the tables of a circulaire."""
    if isinstance(part, dict):
        table = part.get("text", "")
        yield from table.split("\t") if "\t" in table else ()
        for key, inside in part.items():
            if key in NAMES or not isinstance(inside, str):
                yield key
            yield from [inside] if key in NAMES and isinstance(inside, str) else names_in(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from names_in(inside)


@cache
def places() -> frozenset[str]:
    """Words of the names of municipalities, provinces and regions."""
    frames = [municipalities(year) for year in (2018, 2020, 2022, 2024, 2025)]
    columns = (frame[name] for frame in frames for name in frame.columns if not is_numeric_dtype(frame[name]))
    return frozenset(bare(" ".join(str(text) for column in columns for text in column)))


def opened(name: str) -> Any:
    model = catalogue.open_model(name)
    return _redrawn(model, 64, 1) if name.startswith("programmes/") else model


def report_of(names: list[str], municipality: str | None = None) -> Report:
    models = [opened(name) for name in names]
    if len(models) == 1:
        return dossier(models[0], municipality=municipality)
    return comparison_dossier(catalogue.compare_models(*models), models, municipality=municipality)


def cells(book: bytes) -> Iterator[str]:
    """Texts of a workbook; formulas are none."""
    openpyxl = pytest.importorskip("openpyxl")
    for sheet in openpyxl.load_workbook(io.BytesIO(book), read_only=True):
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield from (cell for cell in row if isinstance(cell, str) and not cell.startswith("="))


def unsaid(texts: Iterable[str], known: set[str], quoted: list[str] = []) -> dict[str, str]:  # noqa: B006 (read only)
    """Words outside brackets that are nothing that may stand there, each with where it stands."""
    found: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        if re.search(r"[0-9a-f]{40}", text):
            continue
        rest = re.sub(r"⟦[^⟧\s]*⟧?|\{\w+\}", " ", text)  # and what a script fills in
        if "⟦" in text:  # a sentence of ours may quote
            for part in quoted:
                rest = rest.replace(part, " ")
        found |= {word: text.strip()[:200] for word in bare(rest) if not {word, word.lower()} & known}
    return found


def leaks(report: Report, names: list[str], lang: str) -> dict[str, dict[str, str]]:
    """What page, workbook and CSV say outside brackets."""
    files = files_of(report, lang=lang)
    models = [catalogue.read_model(name).tables for name in dict.fromkeys([*names, *report.files])]  # of a bundle too
    codes = bare(" ".join(texts_in(json.loads(files["provenance.json"]))))  # what it says in words is in brackets
    called = bare(" ".join(names_in(models)))
    quoted = sorted({text for text in texts_in(models) if " " in text}, key=len, reverse=True)
    known = {*places(), *UNITS, *called, *(word for word in codes if word.islower())}
    whole = known | bare(" ".join(texts_in(models)))
    tables = [line for name, text in files.items() if name.endswith(f".{lang}.csv") for line in rows(text)]
    page = Page(files["result.html"].decode())
    data = json.loads(page.data)
    drawn = [text for part in (data["words"], data["charts"], data["steps"]) for text in spoken(part)]
    return {
        "csv": unsaid(tables, whole), "workbook": unsaid(cells(files["result.xlsx"]), whole),
        "page": unsaid([*page.texts, *drawn], known, quoted),
    }  # fmt: skip


def spoken(part: Any, name: str = "") -> Iterator[str]:
    """What a script says of its data: every text but settings, colours and names of fields."""
    if isinstance(part, dict):
        for key, inside in part.items():
            yield from () if key in SETTINGS else spoken(inside, key)
    elif isinstance(part, list):
        for inside in part:
            yield from spoken(inside, name)
    elif isinstance(part, str) and not part.startswith(("#", "datum.")):
        yield part


def rows(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").splitlines()


def none(found: dict[str, dict[str, str]]) -> bool:
    told = [f"{where}: {word}: {text}" for where, words in found.items() for word, text in sorted(words.items())]
    assert not told, "\n".join(told)
    return True


def test_words_and_templates_are_put_in_brackets() -> None:
    assert bracketed("2 gemeenten, per inwoner") == "2 ⟦gemeenten⟧, ⟦per⟧ ⟦inwoner⟧"
    assert template("{n} {n:plural deel|delen} in {x:join  en }{y:euro 2}") == (
        "{n:}" + " {n:plural ⟦deel⟧|⟦delen⟧} ⟦in⟧ {x:join  ⟦en⟧ }{y:euro 2}"
    ).replace("{n:}", "{n}")
    assert bare("⟦per⟧ inwoner 3") == {"inwoner"}
    assert Page('<p title="a b">x <i lang="nl">y</i> z<br>v</p>').texts == ["a b", "x ", " z", "v"]


@pytest.mark.parametrize("names", CHEAP, ids=" ".join)
def test_page_workbook_and_csv(pseudo: str, names: list[str]) -> None:
    assert none(leaks(report_of(names), names, pseudo))


@pytest.mark.parametrize(
    "names",
    [["funds/ggu/2020"], ["procurement/example-ibd"], ["programmes/vroegsignalering"], list(CHEAP[-1])],
    ids=" ".join,
)
def test_the_note_of_a_municipality(pseudo: str, names: list[str]) -> None:
    assert none(leaks(report_of(names, "GM0345"), names, pseudo))


@pytest.mark.parametrize("municipality", [None, "GM0345"])
def test_the_table_of_an_assembly(pseudo: str, municipality: str | None) -> None:
    names = ["fees/vng-contributie/2023", "fees/vng-contributie/2024", "funds/example-portfolio"]
    this, fee, fund = (catalogue.open_model(name) for name in names)
    table = assembly_of([fund, fee], [this], year=2024)
    report = assembly_dossier(table, [this, fee, fund], municipality=municipality)
    assert none(leaks(report, names, pseudo))


def test_a_joined_dossier(pseudo: str) -> None:
    names = ["funds/ggu/2020", "fees/vng-contributie/2024"]
    parts = {report.title: report for report in (report_of([name]) for name in names)}
    whole = joined("Dossier", parts, lang=pseudo)
    found = leaks(whole, names, pseudo)
    assert none({where: {w: t for w, t in words.items() if w != "Dossier"} for where, words in found.items()})


@pytest.mark.parametrize("names", CHEAP, ids=" ".join)
def test_the_terminal(pseudo: str, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["compare" if len(names) > 1 else "run", *names, "--out", "out", "--lang", pseudo]
    words += ["--draws", "64"] if names[0].startswith("programmes/") else []
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == 0, result.output
    tables = [catalogue.read_model(name).tables for name in names]
    known = {*places(), *UNITS, *OF_FILES, *bare(" ".join(texts_in(tables)))}
    assert none({"terminal": unsaid(result.stdout.splitlines(), known)})


def test_list_and_show_in_the_terminal(pseudo: str) -> None:
    for words in (["list"], ["show", "funds/ggu/2020"], ["show", "programmes/vroegsignalering"]):
        result = CliRunner().invoke(cli.app, [*words, "--lang", pseudo])
        assert result.exit_code == 0
        models = catalogue.model_files() if words == ["list"] else words[1:]
        tables = [catalogue.read_model(name).tables for name in models]
        lines = [re.sub(r"^  \S+( +\S+)?", "", line) for line in result.stdout.splitlines()]  # code names of the file
        assert none({words[0]: unsaid(lines, {*UNITS, *OF_FILES, *bare(" ".join(texts_in(tables)))})})


@pytest.mark.parametrize(
    "names",
    [
        ["procurement/example-once-for-all", "procurement/example-once-for-all"],
        ["programmes/omgevingswet/2021", "programmes/omgevingswet/2025"],
        ["fees/vng-contributie/2023", "fees/vng-contributie/2024"],
    ],
    ids=" ".join,
)
def test_comparisons(pseudo: str, names: list[str]) -> None:
    assert none(leaks(report_of(names), names, pseudo))


@pytest.mark.skipif(not EVERY_MODEL, reason="takes long: .ci/nightly runs it")
@pytest.mark.parametrize("names", ALL, ids=" ".join)
def test_every_shipped_model(pseudo: str, names: list[str]) -> None:
    assert none(leaks(report_of(names), names, pseudo))
