"""Whatever a user names ends in one error: files that are none, figures without end, more faults than anyone reads."""

from __future__ import annotations

import os
import re
import socket
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from model_files import FUND, tables
from typer.testing import CliRunner

import ggu_costs as ggu
from ggu_costs.catalogue import find_model, load_all, load_model, read_model
from ggu_costs.cli import app
from ggu_costs.errors import LONGEST_MESSAGE, MOST_FAULTS, GguCostsError, InputError, ModelFileError, UnknownNameError
from ggu_costs.reading import as_written_here, may_be_thousands, read_decimal, read_file, why_not
from ggu_costs.reference import _workbooks, check_codes
from ggu_costs.report.bycode import read_groups
from ggu_costs.report.shapes import read_shapes

READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "model": (".toml", load_model),
    "table": (".csv", ggu.read_table),
    "workbook": (".xlsx", ggu.read_table),
    "cbs": (".csv", ggu.read_cbs),
    "labels": (".csv", ggu.read_labels),
    "groups": (".csv", read_groups),
    "boundaries": (".json", read_shapes),
    "input": (".csv", lambda path: ggu.open_model("funds/ggu/2020", {"recoverable_share": path})),
}


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


SPECIAL = {"folder": Path.mkdir, "pipe": pipe, "socket": listening, "device": lambda path: path.symlink_to("/dev/zero")}


@pytest.mark.skipif(os.name != "posix", reason="pipes, sockets and devices of this kind")
@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_regular_file_is_refused_at_once(kind: str, reader: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    suffix, read = READERS[reader]
    path = tmp_path / f"given{suffix}"
    SPECIAL[kind](path)
    with pytest.raises(InputError, match=f"a {kind}, not a file"):
        read(path)


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_pipe_in_a_folder_of_models_is_a_fault_of_that_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    (tmp_path / "b.toml").mkdir()
    (tmp_path / "c.toml").write_text(FUND.replace("funds/proef/2024", "c"))
    definitions, faulty = load_all(tmp_path)
    assert "c" in definitions
    assert [Path(error.path).name for error in faulty] == ["a.toml", "b.toml"]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\x00" * 50,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x80\x81",
        b"[" * 100_000,
        b"{",
        b"9" * 5_000,
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
        b"code;x\nGM0363;" + b"9" * 200_000,
        b"a" + b".a" * 50_000 + b" = 1",
    ],
)
def test_any_content_ends_in_one_short_error(reader: str, content: bytes, tmp_path: Path) -> None:
    suffix, read = READERS[reader]
    path = tmp_path / f"given{suffix}"
    path.write_bytes(content)
    with pytest.raises(GguCostsError) as caught:
        read(path)
    assert len(str(caught.value)) < 4_000


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["none", "x" * 300, "a\0b", "\ud800"])
def test_a_file_that_is_not_there_or_cannot_be_named(reader: str, name: str, tmp_path: Path) -> None:
    suffix, read = READERS[reader]
    with pytest.raises(GguCostsError):
        read(tmp_path / f"{name}{suffix}")


@pytest.mark.parametrize("name", ["x" * 300, "p" * 5_000, "a\0b"])
@pytest.mark.parametrize(
    "command",
    [
        *("run {} --out o", "check {}", "show {}", "list --models {}", "verify {}", "run funds/ggu/2020 --out {}"),
        *(f"run funds/ggu/2020 --out o --{option}{{}}" for option in ("groups ", "boundaries ", "data taxed_share=")),
        *("new {} --from funds/ggu/2020", "new a/b --from funds/ggu/2020 --folder {}"),
    ],
)
def test_a_name_that_nothing_can_have_is_refused_by_every_command(
    command: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [word.format(name) for word in command.split()])
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code in (1, 2, 3, 4)
    assert 0 < len(done.stderr) < 5_000
    assert not list(tmp_path.rglob("*.*"))


def test_a_file_larger_than_what_can_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(3_000_000)
    with pytest.raises(ModelFileError, match=r"3,000,000 bytes, which is more than 2,000,000"):
        load_model(path)
    assert why_not(path, most=3_000_000) is None
    assert read_file(path, most=3_000_000) == bytes(3_000_000)


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(_workbooks, "_MOST_UNPACKED", 6_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("xl/a.xml", "w", force_zip64=True) as part:
        part.write(bytes(6_100_000))
    with pytest.raises(InputError, match=r"unpacks to 6,100,000 bytes, which is more than 6,000,000"):
        ggu.read_table(path)


FIGURES_WITHOUT_END = (
    "9" * 4_400,
    "0x" + "f" * 4_400,
    "1e10000000000",
    "1e99999999999999999999",
    "1e-99999999",
    "-1e999999",
    "0." + "3" * 900,
)


@pytest.mark.parametrize("figure", FIGURES_WITHOUT_END)
def test_the_size_of_a_figure_is_looked_at_before_digits_are_made(figure: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FUND.replace("1_000_000.00", figure))
    with pytest.raises(ModelFileError, match=r"digits|figure"):
        load_model(path)
    path.write_text(FUND.replace("rate = { value = 0.21", f"rate = {{ value = {figure}"))
    with pytest.raises(ModelFileError, match=r"digits|figure"):
        load_model(path)
    done = CliRunner().invoke(
        app, ["run", "funds/ggu/2020", "--out", str(tmp_path / "o"), "--data", f"taxed_share={figure}"]
    )
    assert done.exit_code == 1
    assert "Write --data NAME=FILE or --data NAME=number." in done.stderr
    if not figure.startswith("0x"):
        assert "more than 400 digits" in done.stderr


@pytest.mark.parametrize("deep", [[[[]]], {"a": 1}])
def test_what_holds_itself_or_is_too_deep_is_no_model(deep: Any) -> None:
    for _ in range(1_000):
        deep = [deep]
    circle: dict[str, Any] = {}
    circle["a"] = circle
    for content in ({"notes": deep}, circle):
        with pytest.raises(ModelFileError, match="within one another"):
            load_model(content)


def test_a_small_mapping_that_unfolds_without_end_is_no_model() -> None:
    doubled: Any = 1
    for _ in range(31):
        doubled = [doubled, doubled]
    with pytest.raises(ModelFileError, match="more than 500,000 parts"):
        load_model({"x": doubled})


@pytest.mark.parametrize("value", ['""', '{ years = { 2024 = "pm" } }', "[[[[[]]]]]", "inf", "nan", "true", '"12,5"'])
def test_what_stands_where_a_figure_should_is_a_fault_of_its_key(value: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FUND.replace("value = 1_000_000.00", f"value = {value}"))
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert any(fault.where.startswith("fund.total") for fault in caught.value.faults)


def test_an_input_without_a_name_and_a_mark_in_a_profile_are_faults() -> None:
    nameless = tables(('input = "taxed_share"', 'input = ""'))
    with pytest.raises(ModelFileError, match=r"fund.vat.taxed_share.input: ''"):
        ggu.open_model(nameless)
    programme = read_model("programmes/example-digital-identity").tables
    line = next(line for line in programme["lines"] if "profile" in line)
    year = next(iter(line["profile"]["years"]))
    line["profile"]["years"][year] = "pm"
    with pytest.raises(ModelFileError, match=f"pm for {year} in the profile; allowed: a share of 0 to 1"):
        ggu.open_model(programme)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("850.000", "Write 850000 for thousands, or 850.0000 for a fraction."),
        ('"850.000"', "Write 850000 for thousands"),
        ('"1.234,50"', "Write 1234.50."),
        ('"1.234.567"', "Write 1234567."),
        ("1.234.567", "Write 1234567."),
        ("1.234,50", "Write 1234.50."),
    ],
)
def test_money_that_may_be_thousands_is_asked_about(written: str, remedy: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FUND.replace("value = 1_000_000.00", f"value = {written}"))
    with pytest.raises(ModelFileError, match=re.escape(remedy)):
        load_model(path)


@pytest.mark.parametrize("written", ["850.00", "850.0000", "850000.000", "0.850e6", "850000", "850.5", "1850.000"])
def test_money_that_can_be_read_in_one_way_is_taken(written: str, tmp_path: Path) -> None:
    text = find_model("funds/ggu/2020").read_text("utf-8")
    path = tmp_path / "a.toml"
    path.write_text(re.sub(r"(?m)^(\[fund.total\]\nvalue = ).*$", rf"\g<1>{written}", text), "utf-8")
    assert ggu.open_model(path).contributions().total == float(written)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
@cases(50)
def test_a_figure_written_in_dutch_is_written_back_with_a_point(number: Decimal) -> None:
    dutch = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert as_written_here(dutch) == f"Write {number:.2f}."
    assert not may_be_thousands(dutch)
    assert read_decimal(f"{number}") == number


def test_faults_are_collected_to_a_limit_and_counted_beyond_it() -> None:
    labels = [f"wrong {number}" for number in range(20_000)]
    for refuse in (
        lambda: check_codes(labels, "2024-01-01", what="key"),
        lambda: ggu.read_table(pd.DataFrame({"code": labels, "x": 1})),
        lambda: ggu.allocate(100, pd.Series(np.ones(len(labels)), index=labels)),
        lambda: ggu.groups({"a": labels}, ["GM0363"], "2024-01-01"),
    ):
        with pytest.raises(InputError) as caught:
            refuse()
        assert len(caught.value.faults) == MOST_FAULTS
        assert caught.value.count >= len(labels)
        assert re.search(r"and [\d]+ more \(see .faults\)", str(caught.value))


def test_a_file_of_unknown_keys_is_told_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("".join(f"key{number} = 1\n" for number in range(3_000)) + FUND)
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert 100 < len(caught.value.faults) <= MOST_FAULTS
    assert caught.value.faults[-1].remedy == "Correct these first."


@given(st.lists(st.text(max_size=3_000), min_size=4, max_size=40), st.text(max_size=9_000))
@cases(30)
def test_no_message_is_longer_than_anyone_reads(texts: list[str], name: str) -> None:
    faults = [ggu.errors.Fault(text, name, text, text) for text in texts]
    for error in (
        InputError(name, faults=faults, remedy=name),
        UnknownNameError("name", name, texts),
        ModelFileError(name, path=name, faults=faults * 50),
    ):
        assert len(str(error)) <= LONGEST_MESSAGE + 100
        assert len(error.text()) <= LONGEST_MESSAGE + 100


def test_the_command_line_shows_as_many_faults_as_fit() -> None:
    error = InputError(
        "wrong", faults=[ggu.errors.Fault(f"line {number}", "empty") for number in range(30)], remedy="Fill."
    )
    assert len(error.text().splitlines()) == 32
    assert "and 18 more" in str(error)


def square(**properties: Any) -> dict[str, Any]:
    ring = [[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]
    return {"properties": {"statcode": "GM0363"}, "geometry": {"type": "Polygon", "coordinates": [ring]} | properties}


@pytest.mark.parametrize(
    ("coordinates", "words"),
    [
        ([], "GM0363: has no outline"),
        ([[]], "has no outline"),
        ([[[4, 52]]], "has no outline"),
        ([[[float("nan"), 52], [5, 52], [5, 53]]], "a point that is nowhere"),
        ([[[1e300, 52], [5, 52], [5, 53]]], "a point that is nowhere"),
        ([[["4", 52], [5, 52], [5, 53]]], "cannot be read"),
        ([[[10**400, 52], [5, 52], [5, 53]]], "cannot be read"),
        ([[[True, 52], [5, 52], [5, 53]]], "cannot be read"),
        ([[[4, 52], [4, 53], [4, 54]]], "without a surface"),
        (5, "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_shapes_that_cannot_be_drawn_are_refused(coordinates: Any, words: str) -> None:
    feature = square(coordinates=coordinates)
    with pytest.raises(InputError, match=words):
        read_shapes({"type": "FeatureCollection", "features": [feature]})
