"""Hostile text in every field of a model, read back from every output: the fuzzer, and a small share of its cases."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from cases import PROFILE
from fuzz import text as fuzzer
from fuzz.counts import Case

import ggu_costs
from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.html import table
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.report.files import write_run
from ggu_costs.report.tables import csv_bytes

PACKAGE = Path(ggu_costs.__file__).parent
TRIED = fuzzer.bases() if PROFILE == "nightly" else fuzzer.bases()[:3]
HOSTILE = "\x1b]8;;https://x\x07\u202e\r\u2028\x9b\ud800<b>$x$"


def case(name: str, **more: object) -> Case:
    return Case(json.dumps({"base": name, **more}).encode(), ".json", "payload" not in more)


def test_every_kind_of_model_is_tried_with_three_dozen_texts() -> None:
    assert {str(fuzzer.read_model(name).tables["kind"]) for name in fuzzer.bases()} == set(fuzzer.KINDS)
    assert len(fuzzer.PAYLOADS) >= 36
    assert all(fuzzer.base(name).texts and fuzzer.base(name).absent for name in TRIED)
    assert ("sources", "title") in {(place[0], name) for name in TRIED for place, name in places(name)}


def places(name: str) -> Iterator[tuple[tuple[object, ...], str]]:
    """Where the fields of a model stand: those that it leaves out, and its texts."""
    model = fuzzer.base(name)
    yield from ((place, name) for place, name in model.absent if place)
    for place, part in fuzzer._dicts(model.tables):
        texts = ((key, text) for key, text in part.items() if isinstance(text, str))
        yield from ((place, key) for key, text in texts if text in model.texts and place)


@pytest.mark.parametrize("name", TRIED)
def test_hostile_text_stays_text_and_shows_in_every_output(name: str) -> None:
    fuzzer.attempt(case(name, seed=1))


@pytest.mark.parametrize("payload", fuzzer.REFUSED)
def test_text_that_no_file_may_hold_reaches_no_output_raw(payload: str) -> None:
    fuzzer.attempt(case(fuzzer.bases()[0], payload=payload))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b'"a","b"\n"c","ok;=1+1"\n'), ("t.nl.csv", b'"a";"b"\n"c";"x,@SUM(1)"\n'),
        ("t.csv", b'"a"\n"=1+1"\n'),
        ("t.csv", b'"a","b"\n"c"\n'), ("t.csv", '"a"\n"\u202e"\n'.encode()), ("r.html", b"<p onclick='x'>"),
        ("r.html", b"<a href='javascript:x'>"), ("t.csv", b'"a"\n"x\x1b"\n'), ("t.csv", b'"a"\n"\xc2\xa0=1"\n'),
    ],
)  # fmt: skip
def test_the_reader_of_outputs_finds_what_it_should(name: str, content: bytes) -> None:
    with pytest.raises(AssertionError):
        fuzzer.seen_in(name, content)


def test_the_reader_of_the_screen_and_of_elements_finds_what_it_should() -> None:
    for text in ("\x1b[31m", "a\rb", "\u202e", "\u200f", "\x9b"):
        with pytest.raises(AssertionError):
            fuzzer.check_screen(text, set())
    with pytest.raises(AssertionError, match="lacks"):
        fuzzer.check_screen("q1z", {"q1z", "q2z"})
    page = {"result.html": b"<p>q1z</p><img>"}
    with pytest.raises(AssertionError, match="img"):
        fuzzer.check(page, {"page": {"p"}}, {"result.html": {"q1z"}})
    with pytest.raises(AssertionError, match="missing"):
        fuzzer.check(page, {"page": {"p", "img"}}, {"result.html": {"q1z", "q2z"}})


def test_only_one_function_writes_on_the_terminal() -> None:
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}: {ast.unparse(node)}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        in {"print", "echo", "secho", "style"}
        and ast.unparse(node.func) not in {"book.style", "self.book.style", "page.book.style"}
    ]
    assert [line.partition(":")[0] for line in found] == ["cli/messages.py"], found


def test_results_made_in_python_print_and_show_themselves_as_text() -> None:
    name = f"Jan{HOSTILE}"
    steps = Explanation(name, (Step(name, name, name),), (name,))
    game = ggu_costs.CostGame.from_table([0, 1, 1, 2], players=[name, "b"])
    solution = ggu_costs.shapley(game)
    check = ggu_costs.core_check(game, {name: 1.5, "b": 0.5})
    for text in (str(steps), repr(game), repr(solution), solution.explain(name), str(check)):
        fuzzer.check_screen(text, set())
    frame = pd.DataFrame({"note": [name]}, index=pd.Index([name], name="code"))
    for html in (steps._repr_html_(), solution._repr_html_(), table(frame, title=name, notes=[name])):
        html.encode()
        assert "<b>$" not in html
        assert not fuzzer.hidden(html, "\n\r\u2028")


@pytest.mark.parametrize("kind", ["bars", "points", "stack"])
def test_a_drawn_chart_takes_any_text_as_it_is(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from xml.etree import ElementTree

    from ggu_costs.display.chart import Chart
    from ggu_costs.display.drawn.draw import draw

    names = [f"$\\frac{{1}}{{0}}$ {HOSTILE}", "$x^2 _a</text><script>"]
    frame = pd.DataFrame(
        {"difference": [1.5, 2.5], "inhabitants": [1000.0, 2000.0]}, index=pd.Index(names, name="name")
    )
    x = "inhabitants" if kind == "points" else "name"
    figure = draw(Chart(title=names[0], frame=frame, kind=kind, x=x, y=("difference",)), source=names[1])  # type: ignore[arg-type]
    for format_ in ("svg", "png"):
        figure.savefig(tmp_path / f"chart.{format_}")
    ElementTree.parse(tmp_path / "chart.svg")  # noqa: S314 (our own)
    assert "window" not in (tmp_path / "chart.svg").read_text(encoding="utf-8")


def test_the_office_reads_a_workbook_full_of_hostile_text(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("left out: the workbook read by an office suite (lacks LibreOffice)")
    model = fuzzer.base("programmes/woo")
    files, _ = fuzzer.run(model.filled(fuzzer.payloads_of({"seed": 2}, model.count)))
    shown = fuzzer.seen_in("result.xlsx", files["result.xlsx"])
    (tmp_path / "result.xlsx").write_bytes(files["result.xlsx"])
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "ods", "--outdir", tmp_path, tmp_path / "result.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with zipfile.ZipFile(tmp_path / "result.ods") as book:
        content = book.read("content.xml").decode()
    assert shown - set(fuzzer._SEEN.findall(content)) == set()
    formulas = {part.split('"')[0] for part in content.split('table:formula="')[1:]}
    assert not [formula for formula in formulas if fuzzer._SEEN.search(formula) or "HYPERLINK" in formula]


@pytest.mark.parametrize(
    "name", ["../evil", "a/b", "a\\b", "CON", "nul.txt", "Lpt1.csv", "a\x1bb", "a\u202eb", ".", " ", "a:b", "\ud800"],
    ids=ascii,
)  # fmt: skip
def test_a_table_of_any_name_writes_no_file_elsewhere(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"fee": [1.5]}, index=pd.Index(["GM0363"], name="code"))
    files = {"tabel.csv": b"", f"{name}.csv" if name != "." else ".": csv_bytes(Table(name, "T", frame))}
    with pytest.raises(InputError, match="is no file name") as caught:
        write_run(tmp_path / "out", {**files, "provenance.json": b"{}"})
    fuzzer.check_screen(str(caught.value), set())
    assert list(tmp_path.rglob("*.csv")) == []
