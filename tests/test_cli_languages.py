"""Every command speaks the language that it is asked for, in its errors about models, usage and inputs too."""

from pathlib import Path

import pytest
from test_cli import fails, ggu, succeeds

from ggu_costs._version import __version__

COMMANDS = ("list", "show", "check", "new", "run", "compare", "assembly", "verify", "warmup", "schema")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_language_and_refuses_one_that_there_is_not(command: str, tmp_path) -> None:
    assert "--lang" in succeeds(command, "--help")
    words = {
        "show": ["x"], "new": ["x", "--from", "y"], "run": ["x", "--out", tmp_path / "out"],
        "compare": ["x", "y", "--out", tmp_path / "out"], "assembly": ["x", "--out", tmp_path / "out"],
        "verify": [tmp_path], "schema": ["fund"],
    }.get(command, [])  # fmt: skip
    error = fails(1, command, *words, "--lang", "EN")
    assert error == "unknown language 'EN'; there are: nl, en\nChoose one of these.\n"
    assert not (tmp_path / "out").exists()


def test_list_show_and_check_in_english(tmp_path) -> None:
    assert "fund         checked 2026-11-21  Fonds GGU 2020" in succeeds("list", "--lang", "en")
    shown = succeeds("show", "funds/ggu/2020", "--lang", "en")
    assert shown.startswith("funds/ggu/2020: Fonds GGU 2020 (kind fund, checked 2026-11-21)\n")
    for words in (
        "€52,300,000.00",
        "current prices; including VAT]",
        "\nValues\n",
        "not broken down",
        "1 January 2020",
    ):
        assert words in shown
    assert "(share; optional, for btw en netto)" in shown  # quoted from the file
    assert succeeds("check", "funds/ggu/2020", "--lang", "en") == "1 file, 0 with faults\n"
    reviewed = succeeds("check", "funds/ggu/2020", "--lang", "en", "--older-than", "0m")
    assert reviewed.endswith("1 file, 0 with faults, 1 to be reviewed\n") or reviewed.endswith("0 to be reviewed\n")


def test_a_model_that_is_not_there_in_both_languages() -> None:
    dutch, english = fails(1, "show", "funds/ggu/2021"), fails(1, "show", "funds/ggu/2021", "--lang", "en")
    assert dutch.startswith("onbekend model 'funds/ggu/2021'; er zijn: ballots/one-each, ")
    assert dutch.endswith("Bedoelde u 'funds/ggu/2020'?\nEen eigen model vindt de opdracht met --models MAP.\n")
    assert english.startswith("unknown model 'funds/ggu/2021'; there are: ballots/one-each, ")
    assert english.endswith("Did you mean 'funds/ggu/2020'?\nYour own models are found with --models FOLDER.\n")
    assert fails(1, "show", "x", "--lang", "en").endswith(
        "Choose a model from: ggu-costs list\nYour own models are found with --models FOLDER.\n"
    )


@pytest.mark.parametrize(
    ("words", "dutch", "english"),
    [
        (["run", "x"], "Er ontbreekt: '--out'.", "Missing: '--out'."),
        (["run", "x", "--out", "y", "--draws", "q"], "Bij '--draws' hoort een geheel getal.",
         "'--draws' takes a whole number."),
        (["run", "x", "--uot", "y"], "Onbekende optie: --uot. Bedoelde u '--out'?",
         "Unknown option: --uot. Did you mean '--out'?"),
        (["run", "x", "-q"], "Onbekende optie: -q.", "Unknown option: -q."),
        (["rn", "x"], "Onbekende opdracht: 'rn'. Bedoelde u 'run'?", "Unknown command: 'rn'. Did you mean 'run'?"),
        (["list", "a", "b"], "Te veel argumenten: a b.", "Too many arguments: a b."),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read(words: list[str], dutch: str, english: str) -> None:
    *_, usage, helped, told = fails(2, *words).splitlines()
    assert (usage.split(":")[0], helped.split(":")[0], told.strip()) == ("Gebruik", "Hulp", dutch)
    *_, usage, helped, told = fails(2, *words, "--lang=en").splitlines()
    assert (usage.split(":")[0], helped.split(":")[0], told.strip()) == ("Usage", "Help", english)


def test_an_option_without_its_value() -> None:
    assert fails(2, "run", "x", "--out").endswith("Bij --out hoort een waarde.\n")


@pytest.mark.parametrize("words", [["run", "x", "--out", ""], ["run", "x", "--out="], ["verify", " "]])
def test_a_word_that_is_empty_is_no_folder(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = "Bij --out hoort een waarde." if words[0] == "run" else "is een variabele van een script niet gevuld?"
    assert fails(2, *words).strip().endswith(told)
    assert not list(tmp_path.iterdir())


def test_a_new_file_in_english_and_the_input_that_it_lacks(tmp_path) -> None:
    folder, out = tmp_path / "models", tmp_path / "out"
    told = succeeds("new", "funds/ggu/2021", "--from", "funds/ggu/2020", "--folder", folder, "--lang", "en")
    path = folder / "funds/ggu/2021.toml"
    lines = told.splitlines()
    assert lines[:2] == ["Changed:", "  id: funds/ggu/2020 becomes funds/ggu/2021"]
    at = lines.index(f"{path.as_posix()} written; fill in:")
    assert lines[at : at + 2] == [
        f"{path.as_posix()} written; fill in:",
        "  sources.decision-2021: title and address of the decision on 2021",
    ]
    text = path.read_text()
    assert 'title = "FILL IN: the decision on 2021"' in text
    assert 'needed_for = "the result"' in text
    assert "VUL IN" not in text
    assert "sources.decision-2021.title: still to fill in" in fails(1, "check", path)
    path.write_text(text.replace("FILL IN: the", "The"))
    assert succeeds("check", path, "--lang", "en") == "1 file, 0 with faults\n"
    words = ("run", "funds/ggu/2021", "--models", folder, "--out", out, "--lang", "en")
    assert fails(4, *words) == (
        "funds/ggu/2021: 1 input is missing\n"
        "  - total: not given; needed for the result: fund.total (EUR); allowed: one number, in €\n"
        "Give a number or a file with --data total=...\n"
    )
    assert succeeds(*words, "--quiet", "--data", "total=53000000") == ""
    assert (out / "contributions.en.csv").exists()


def test_warmup_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ggu_costs.warmup.ROOMS", {})
    monkeypatch.setattr("ggu_costs._jit._lost", [])
    assert succeeds("warmup", "--lang", "en").splitlines() == ["Compiling the kernels.", "Kept; once is enough."]
    monkeypatch.setattr("ggu_costs._jit._lost", ["full"])
    assert fails(3, "warmup", "--lang", "en").startswith("Not kept (full): every command compiles them again.")


def test_what_was_removed_and_what_cannot_be_made(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    succeeds("run", "ballots/one-each", "--out", tmp_path, "--quiet")
    monkeypatch.setattr("ggu_costs.report.dossier.find_spec", lambda name: None)
    result = ggu("run", "funds/ggu/2020", "--out", tmp_path, "--lang", "en")
    assert "Removed, of an earlier run in this folder: " in result.stdout
    assert result.stderr.startswith("No workbook: install the extra 'excel'")


def test_the_version() -> None:
    assert succeeds("--version") == f"{__version__}\n"
