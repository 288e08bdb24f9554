"""The command line as programs and shells use it: JSON, exit codes, completion, encodings, and the doctor."""

from __future__ import annotations

import importlib.metadata
import json
import os
from pathlib import Path

import jsonschema
import pytest
from test_cli import RUNNER, fails, ggu, succeeds

from ggu_costs import cli
from ggu_costs.cli import doctor, runs
from ggu_costs.cli.options import ids_like
from ggu_costs.results import read_json, result_schema

# JSON


def test_a_run_as_json_is_one_document_and_nothing_else() -> None:
    result = ggu("run", "funds/ggu/2020", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout, parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(result_schema()).validate(told)
    bill = read_json(result.stdout).to_frame("contributions")
    assert bill.loc["GM0345", "contribution"] == 199774.06
    assert told["answer"]["sentence"].startswith("Alle 355 gemeenten samen betalen in 2020")
    assert {"contributions", "values"} <= {table["name"] for table in told["tables"]}


def test_json_beside_files_and_in_english(tmp_path: Path) -> None:
    words = ("compare", "funds/ggu/2019", "funds/ggu/2020", "--lang", "en", "--json", "--out", tmp_path)
    result = ggu(*words)
    assert read_json(result.stdout).lang == "en"
    assert (tmp_path / "result.html").exists()
    assert result.stderr == ""


def test_json_of_what_members_get_makes_no_notes() -> None:
    told = read_json(succeeds("assembly", "funds/ggu/2020", "--against", "funds/ggu/2019", "--json"))
    assert told.tables[0] == "assembly"


def test_a_fault_leaves_no_json() -> None:
    result = ggu("run", "funds/ggu/1999", "--json")
    assert (result.exit_code, result.stdout) == (1, "")


def test_models_as_json_and_the_schema_of_results() -> None:
    listed = {one["id"]: one for one in json.loads(succeeds("list", "--json"))}
    assert listed["funds/ggu/2020"] == {
        "id": "funds/ggu/2020", "kind": "fund", "checked_on": "2026-11-21", "title": "Fonds GGU 2020",
        "illustrative": False,
    }  # fmt: skip
    assert json.loads(succeeds("schema", "result")) == result_schema()


# what cannot be, each with its exit code


@pytest.mark.parametrize(
    ("words", "dutch", "english"),
    [
        (["run", "x", "--out", "-"], "De uitkomst is een map met bestanden", "A result is a folder of files"),
        (["compare", "x", "y", "--out=-"], "Geef --json voor JSON op de uitvoer", "Give --json for JSON on the output"),
        (["run", "x", "--json=lines"], "Bij '--json' hoort geen waarde.", "'--json' takes no value."),
        (["run", "x", "--jsno"], "Onbekende optie: --jsno. Bedoelde u '--json'?",
         "Unknown option: --jsno. Did you mean '--json'?"),
        (["compare", "x", "y"], "Er ontbreekt: '--out'.", "Missing: '--out'."),
    ],
)  # fmt: skip
def test_a_line_that_asks_what_cannot_be(words: list[str], dutch: str, english: str, tmp_path: Path) -> None:
    assert dutch in fails(2, *words)
    assert english in fails(2, *words, "--lang", "en")


def test_a_missing_input_and_a_missing_file_have_a_code_of_their_own(tmp_path: Path) -> None:
    assert "total: niet gegeven" in fails(4, "run", "funds/ggu/2021", "--models", folder_of(tmp_path), "--json")
    assert "--groups" in fails(2, "run", "x", "--groups")
    assert "none.csv" in fails(4, "run", "funds/ggu/2020", "--json", "--groups", tmp_path / "none.csv")


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    succeeds("new", "funds/ggu/2021", "--from", "funds/ggu/2020", "--folder", folder)
    path = folder / "funds/ggu/2021.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("VUL IN: ", ""), encoding="utf-8")
    return folder


# what happened, over programmes


def test_calibrate_counts_over_programmes_and_says_how_sure_that_is(tmp_path: Path) -> None:
    """Both figures lie within; Wilson's interval of 2 of 2 is 0.342 to 1."""
    first, other = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("line;year;code;amount\ntransitie;2026;GM0345;170000\none_off;;;1300000000\n")
    other.write_text("line;year;amount\nstructural;2024;900000000\n")
    asked = [f"programmes/omgevingswet/2021={first}", f"programmes/inburgering={first}"]
    told = succeeds("calibrate", asked[0])
    assert "Van 2 cijfers vielen er 2 binnen P5 tot P95" in told
    assert "tussen 34,2% en 100,0%" in told
    assert "alle trajecten samen" in told
    found = json.loads(succeeds("calibrate", asked[0], "--json"))["all"]
    assert (found["figures"], found["within"], found["expected"]) == (2, 2, 0.9)
    assert "all programmes together" in succeeds("calibrate", asked[0], "--lang", "en")
    error = fails(1, "calibrate", asked[0], asked[0], "x", f"y={other}")
    assert "twice" in error
    assert "'x'; allowed: PROGRAMME=FILE" in error
    every = fails(1, "calibrate", *asked, f"programmes/woo={other}")
    assert every.count("a year of this estimate") + every.count("a line of this estimate") >= 2, "of each programme"


# encodings and decimal marks


def test_how_files_of_data_are_written(tmp_path: Path) -> None:
    """The same figures in three forms give one bill; what a form is not is told with the option that settles it."""
    volumes = {"GM0363": "1.5", "GM0599": "2.5"}
    plain, older = tmp_path / "plain.csv", tmp_path / "older.csv"
    plain.write_text("code,name,value\n" + "".join(f"{code},é,{figure}\n" for code, figure in volumes.items()))
    dutch = "".join(f"{code};é;{figure.replace('.', ',')}\n" for code, figure in volumes.items())
    older.write_bytes(("code;name;value\n" + dutch).encode("cp1252"))
    from ggu_costs.cli.given import read_inputs
    from ggu_costs.errors import InputError
    from ggu_costs.reference import SHIPPED

    read = read_inputs([f"use={older}"], SHIPPED, "cp1252", ",")["use"]
    assert read.to_dict() == {code: float(figure) for code, figure in volumes.items()}
    assert read_inputs([f"use={plain}", "total=3"], SHIPPED, None, ".")["use"].equals(read)
    with pytest.raises(InputError, match="byte 0xE9 is not utf-8"):
        read_inputs([f"use={older}"], SHIPPED, "utf-8", None)
    with pytest.raises(InputError, match="decimal is 'x'"):
        read_inputs([f"use={plain}"], SHIPPED, None, "x")


def test_an_encoding_without_a_file() -> None:
    error = fails(1, "run", "funds/ggu/2020", "--json", "--encoding", "cp1252")
    assert "--encoding and --decimal say how files of --data are written, and none is given" in error


def test_a_file_in_another_encoding_names_the_option(tmp_path: Path) -> None:
    file = tmp_path / "total.csv"
    file.write_bytes("code;name;value\nGM0363;é;1\n".encode("cp1252"))
    words = ("run", "funds/ggu/2021", "--models", folder_of(tmp_path), "--json", "--data", f"total={file}")
    assert "On the command line: --encoding 'cp1252'." in fails(1, *words)


# the end of a run, progress, completion


def test_the_page_to_open_is_named_last(tmp_path: Path) -> None:
    assert succeeds("run", "ballots/one-each", "--out", tmp_path / "out").splitlines()[-1] == (
        f"Open {(tmp_path / 'out' / 'result.html').as_posix()}"
    )
    assert succeeds("run", "ballots/one-each", "--out", tmp_path / "out", "--quiet") == ""


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs._followed(["GM0363"], "nl", quiet=False).disable
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert not runs._followed(["GM0363"], "nl", quiet=False).disable
    assert runs._followed(["GM0363"], "nl", quiet=True).disable


def test_a_shell_completes_commands_options_and_models() -> None:
    def completed(line: str) -> list[str]:
        asked = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_GGU_COSTS_COMPLETE": "complete_bash"}
        return RUNNER.invoke(cli.app, [], env=asked, prog_name="ggu-costs").stdout.split()

    assert set(completed("ggu-costs r")) == {"run", "reference"}
    assert completed("ggu-costs run funds/ggu/202") == ["funds/ggu/2020"]
    assert "--json" in completed("ggu-costs run funds/ggu/2020 --js")
    asked = {"_GGU_COSTS_COMPLETE": "source_bash"}  # --show-completion looks which shell it is started by
    script = RUNNER.invoke(cli.app, [], env=asked, prog_name="ggu-costs").stdout
    assert "complete -o default -F _ggu_costs_completion ggu-costs" in script


def test_completion_without_the_folder_of_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GGU_COSTS_MODELS", "nowhere")
    assert ids_like("funds/") == []


# doctor


def test_the_doctor_finds_what_is_there() -> None:
    told = succeeds("doctor")
    assert told.splitlines()[-1] == "Alles wat nodig is, is er."
    assert "rekenkernen: " in told
    found = json.loads(succeeds("doctor", "--json"))
    assert found["whole"]
    assert {"numpy", "pandas"} <= {one["name"] for one in found["packages"]}


def test_the_doctor_names_what_lacks_and_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    needs = ["numpy>=99.1", "nowhere>=1.0", 'absent>=2; extra == "html"', 'tools>=3; extra == "test"']
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: needs)
    monkeypatch.setenv("GGU_COSTS_MODELS", "a:b" if os.pathsep == ":" else "a;b")
    closed = tmp_path / "file"
    closed.write_text("")
    monkeypatch.setenv("GGU_COSTS_CACHE", str(closed))
    result = ggu("doctor", "--lang", "en")
    assert result.exit_code == 1
    for line in (
        "is too old (from 99.1): python -m pip install 'numpy>=99.1'",
        "nowhere  missing (from 1.0): python -m pip install 'nowhere>=1.0'",
        "extra html: missing (absent); pip install 'ggu-costs[html]'",
        f"pages: {closed.as_posix()} cannot be written",
        "GGU_COSTS_MODELS: a, b",
        "2 packages are missing or too old.",
    ):
        assert line in result.stdout
    assert "tools" not in result.stdout


def test_the_doctor_of_a_folder_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, "requires", missing)
    assert list(doctor._packages()) == []
