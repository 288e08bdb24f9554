"""The command line: what it prints and writes, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from model_files import FUND, changed
from typer.testing import CliRunner, Result

from ggu_costs import cli
from ggu_costs.cli import models

RUNNER = CliRunner()


def ggu(*words: object) -> Result:
    """Run a command; what the library does not raise on purpose comes through."""
    result = RUNNER.invoke(cli.app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def fails(code: int, *words: object) -> str:
    result = ggu(*words)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stderr


def succeeds(*words: object) -> str:
    result = ggu(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "funds/proef").mkdir(parents=True)
    (folder / "funds/proef/2024.toml").write_text(FUND)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def in_process(*words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ggu_costs", *(os.fsencode(str(word)) for word in words)]
    return subprocess.run(command, capture_output=True, check=False, env=os.environ | environment)


# list, show


def test_list_names_every_model_with_its_kind() -> None:
    lines = succeeds("list").splitlines()
    line = next(line for line in lines if line.startswith("funds/ggu/2020 "))
    assert line.split() == ["funds/ggu/2020", "fund", "gecontroleerd", "2026-11-21", "Fonds", "GGU", "2020"]
    assert any(line.endswith("(FICTIEF VOORBEELD)") for line in lines if "funds/example-portfolio" in line)


def test_list_puts_own_models_first_and_tells_which_are_faulty(own: Path) -> None:
    (own / "kapot.toml").write_text("kapot")
    result = ggu("list", "--models", own)
    assert result.exit_code == 1
    assert "funds/proef/2024" in result.stdout
    assert "funds/ggu/2020" in result.stdout
    assert "kapot.toml: not valid TOML" in result.stderr


def test_show_prints_values_with_unit_status_and_source() -> None:
    text = succeeds("show", "funds/ggu/2020")
    lines = {line.split()[0]: line for line in text.splitlines() if line.startswith("  ")}
    assert "€ 52.300.000,00" in lines["fund.total"]
    assert (
        "[gepubliceerd; Drie euro per inwoner voor gemeenschappelijke VNG-dienstverlening; lopende prijzen; inclus"
        in (lines["fund.total"])
    )
    assert "[vastgesteld; Fonds Gezamenlijke Gemeentelijke Uitvoering; naar rato" in lines["fund.key.parts.inhabitants"]
    assert "1 januari 2020" in lines["fund.map_date"]
    assert "21%" in lines["fund.vat.rate"]
    assert "door ggu_costs" in lines["fund.vat.rate"]
    assert "niet uitgesplitst" in lines["activities.dso.budget"]
    assert "optioneel, voor btw en netto" in lines["taxed_share:"]
    assert "https://vng.nl/node/77726" in lines["vng-77726:"]
    assert "Een persbericht over 2020" in text


def test_show_of_other_kinds_of_values(own: Path) -> None:
    fee = succeeds("show", "fees/vng-contributie/2023")
    assert "€ 1,81 per inwoner" in fee
    assert "fee.brackets[1].from_inhabitants  5.000\n" in fee
    assert "3,4%" in fee
    assert "PM" in fee
    assert "Invoer" not in fee
    assert "FICTIEF VOORBEELD" in succeeds("show", "funds/example-portfolio")
    path = own / "prijspeil.toml"
    path.write_text(changed(('place = "bladzijde 2"', 'price_level_ = ""')).replace('price_level_ = ""\n', ""))
    path.write_text(path.read_text().replace('price_level = "current"', 'price_level = "2023"', 1))
    text = succeeds("show", path)
    assert "prijspeil 2023" in text
    assert "Opmerkingen" not in text


def test_show_of_a_faulty_file(own: Path) -> None:
    path = own / "fout.toml"
    path.write_text(changed(("0.21", "21")))
    assert "fund.vat.rate: 21 as a share" in fails(1, "show", path)


# check


def test_check_of_everything_shipped() -> None:
    assert succeeds("check").splitlines()[-1].endswith(" bestanden, 0 met fouten")


def test_check_prints_every_fault_of_every_file(own: Path) -> None:
    many = "".join(f"colour_{number} = 1\n" for number in range(20))
    (own / "a.toml").write_text(changed(("schema = 1\n", "schema = 1\n" + many)))
    (own / "b.toml").write_text(changed(("0.21", "21")))
    result = ggu("check", own, own / "funds/proef/2024.toml", "funds/ggu/2020")
    assert result.exit_code == 1
    assert result.stderr.count("unknown key 'colour_") == 20
    assert "b.toml: this model file cannot be used" in result.stderr
    assert result.stdout == "5 bestanden, 2 met fouten\n"


def test_check_of_files_that_are_not_there(own: Path) -> None:
    error = fails(1, "check", own / "weg.toml", "funds/weg")
    assert "weg.toml: No such file" in error
    assert "onbekend model 'funds/weg'" in error
    empty = own / "leeg"
    empty.mkdir()
    assert "no model files in this folder" in fails(1, "check", empty)


def test_check_finds_a_base_in_the_folder_itself(own: Path) -> None:
    (own / "voorstel.toml").write_text('id = "voorstel"\nbase = "funds/proef/2024"\n')
    assert succeeds("check", own) == "2 bestanden, 0 met fouten\n"
    assert succeeds("check", own / "funds/proef/2024.toml") == "1 bestand, 0 met fouten\n"


def test_check_refuses_a_day_that_is_still_to_come(own: Path) -> None:
    path = own / "funds/proef/2024.toml"
    path.write_text(changed(("2024-05-01", "2999-01-02")))
    error = fails(1, "check", own)
    assert "funds/proef/2024: checked_on is 2999-01-02, after today" in error
    assert "Give the day on which the values were last checked." in error


def test_check_lists_what_was_checked_long_ago(own: Path) -> None:
    today = date.today()
    recent = own / "nieuw.toml"
    recent.write_text(changed(("2024-05-01", today.isoformat()), ("funds/proef/2024", "nieuw")))
    result = succeeds("check", own, "--older-than", "12m")
    assert result.splitlines() == [
        "funds/proef/2024: gecontroleerd op 2024-05-01, nazien", "2 bestanden, 0 met fouten, 1 na te zien",
    ]  # fmt: skip
    assert "0 na te zien" in succeeds("check", own, "--older-than", "99y")
    for wrong in ("12", "m", "12d", "-1m", "9999m"):
        assert "Give a number of months or years, such as 12m or 1y" in fails(1, "check", f"--older-than={wrong}")


@pytest.mark.parametrize(
    ("today", "text", "limit"),
    [
        (date(2026, 11, 21), "12m", date(2025, 11, 21)),
        (date(2026, 11, 21), "1y", date(2025, 11, 21)),
        (date(2026, 1, 31), "2m", date(2025, 11, 30)),
        (date(2024, 2, 29), "1y", date(2023, 2, 28)),
        (date(2026, 12, 5), "0m", date(2026, 12, 5)),
    ],
)
def test_months_ago(today: date, text: str, limit: date, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(date):
        @classmethod
        def today(cls) -> date:
            return today

    monkeypatch.setattr(models, "date", Clock)
    assert models._months_ago(text) == limit


# new


def test_next_year_from_this_year(tmp_path: Path) -> None:
    """The file to fill in; check says what; then run asks for the total, and gives the bill on the new dates."""
    folder = tmp_path / "models"
    text = succeeds("new", "funds/ggu/2021", "--from", "funds/ggu/2020", "--folder", folder)
    path = folder / "funds/ggu/2021.toml"
    changed, _, rest = text.partition(f"{path.as_posix()} geschreven; vul in:\n")
    assert changed.splitlines() == [
        "Veranderd:", "  id: funds/ggu/2020 wordt funds/ggu/2021", "  title: Fonds GGU 2020 wordt Fonds GGU 2021",
        "  years: [2020] wordt [2021]", "  fund.map_date: 1 januari 2020 wordt 1 januari 2021",
        "  fund.counting_date: 1 januari 2020 wordt 1 januari 2021",
    ]  # fmt: skip
    assert rest.startswith("  sources.besluit-2021: titel")
    assert "sources.besluit-2021" in text
    assert "inputs.total" in text
    assert f"ggu-costs run funds/ggu/2021 --models {folder.as_posix()} --out MAP" in text
    assert "sources.besluit-2021.title: still to fill in" in fails(1, "check", path)
    out = tmp_path / "out"
    fails(1, "run", "funds/ggu/2021", "--models", folder, "--out", out)
    path.write_text(path.read_text().replace("VUL IN: het besluit", "Besluit"))
    assert succeeds("check", path) == "1 bestand, 0 met fouten\n"
    error = fails(4, "run", "funds/ggu/2021", "--models", folder, "--out", out)
    assert "total: niet gegeven; nodig voor de uitkomst: fund.total (EUR); toegestaan: één getal, in €" in error
    assert "--data total=..." in error
    assert not out.exists()
    succeeds("run", "funds/ggu/2021", "--models", folder, "--out", out, "--data", "total=53000000")
    bill = pd.read_csv(out / "contributions.csv", index_col="code")
    assert len(bill) == 352  # the municipalities of 1 January 2021
    assert round(bill["contribution"].sum(), 2) == 53_000_000
    assert json.loads((out / "provenance.json").read_text())["map_dates"] == ["2021-01-01"]


def test_new_leaves_a_file_that_is_there_alone(own: Path) -> None:
    before = (own / "funds/proef/2024.toml").read_bytes()
    arguments = ("new", "funds/proef/2024", "--from", "funds/ggu/2020", "--folder", own)
    assert "funds/proef/2024.toml exists already\nChoose another id" in fails(1, *arguments)
    assert (own / "funds/proef/2024.toml").read_bytes() == before


def test_new_from_a_file_that_does_not_load(own: Path, tmp_path: Path) -> None:
    path = own / "fout.toml"
    path.write_text(changed(("0.21", "21")))
    folder = tmp_path / "new"
    assert "fund.vat.rate: 21 as a share" in fails(1, "new", "x", "--from", path, "--folder", folder)
    assert "is not a model id" in fails(1, "new", "../x", "--from", "funds/ggu/2020", "--folder", folder)
    assert "onbekend model" in fails(1, "new", "x", "--from", "weg", "--folder", folder)
    assert not folder.exists()


def test_new_into_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")
    error = fails(3, "new", "x", "--from", "funds/ggu/2020", "--folder", tmp_path / "bestand")
    assert "is not a folder" in error


# run


def test_run_writes_tables_workbook_and_provenance(out: Path) -> None:
    text = succeeds("run", "funds/ggu/2020", "--out", out / "deep")
    assert {path.name for path in (out / "deep").iterdir()} >= {
        "contributions.csv", "contributions.nl.csv", "by_province.csv", "values.csv", "provenance.json", "result.xlsx",
    }  # fmt: skip
    bill = pd.read_csv(out / "deep/contributions.csv", index_col="code")
    assert len(bill) == 355
    assert sum(round(100 * amount) for amount in bill["contribution"]) == 5_230_000_000
    assert bill.loc[["GM0363", "GM0345", "GM0088"], "contribution"].tolist() == [2_622_143.80, 199_774.06, 2_845.20]
    dutch = (out / "deep/contributions.nl.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert dutch[0].startswith('"code";"gemeente";"inwoners";"bijdrage (€)";"per inwoner (€)"')
    assert any(line.startswith('"GM0345";"Veenendaal";66493;199774,06;') for line in dutch)
    assert "Fonds GGU 2020\n" in text
    assert "totaal       € 52.300.000,00" in text
    assert "per inwoner  € 3,004437\n" in text
    assert "Exclusief de openbare lichamen" in text
    provenance = json.loads((out / "deep/provenance.json").read_text())
    assert provenance["model"] == "funds/ggu/2020"
    assert "contributions.csv" in provenance["tables"]


@pytest.mark.parametrize("model", ["funds/ggu/2018", "funds/example-portfolio", "fees/vng-contributie/2024"])
def test_run_works_unaided_and_the_same_inputs_give_the_same_bytes(model: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    succeeds("run", model, "--out", first)
    succeeds("run", model, "--out", second)
    names = {path.name for path in first.iterdir()}
    assert names == {path.name for path in second.iterdir()}
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_a_made_up_example_says_so_on_every_output(own: Path, out: Path) -> None:
    path = own / "voorbeeld.toml"
    path.write_text(changed(('status = "estimated", by = "de proef" }', 'status = "illustrative", by = "de proef" }')))
    assert "FICTIEF VOORBEELD" in succeeds("run", path, "--out", out).splitlines()
    for path in out.glob("*.csv"):
        assert "FICTIEF VOORBEELD" in path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert "FICTIEF VOORBEELD" in json.loads((out / "provenance.json").read_text())["notes"]


def test_run_of_one_municipality_is_its_page_of_figures(out: Path) -> None:
    text = succeeds("run", "funds/ggu/2020", "--out", out, "--municipality", "GM0345")
    assert text.startswith("Veenendaal (GM0345): Fonds GGU 2020\n")
    assert "bijdrage              € 199.774,06" in text
    assert "Plaats naar inwoners  57e van 355" in text
    assert "66.493 van 17.407.585" in text
    assert {"steps.csv", "similar_size.csv"} <= {path.name for path in out.iterdir()}
    assert json.loads((out / "provenance.json").read_text())["municipality"] == "GM0345"


def test_run_of_a_municipality_that_is_not_there(out: Path) -> None:
    error = fails(1, "run", "funds/ggu/2020", "--out", out, "--municipality", "GM9999")
    assert "unknown municipality in this bill 'GM9999'" in error
    assert not out.exists()


def test_run_in_english(out: Path) -> None:
    text = succeeds("run", "funds/ggu/2020", "--out", out, "--lang", "en")
    assert "total           €52,300,000.00" in text
    assert "files in" in text.splitlines()[-2]
    assert (
        (out / "contributions.en.csv").read_text(encoding="utf-8-sig").startswith('"code";"municipality";"inhabitants"')
    )
    assert not (out / "contributions.nl.csv").exists()
    other = out / "other"
    assert "unknown language 'fr'; there are: nl, en" in fails(
        1, "run", "funds/ggu/2020", "--out", other, "--lang", "fr"
    )
    assert not other.exists()


def test_run_of_a_file_by_its_path(own: Path, out: Path) -> None:
    succeeds("run", own / "funds/proef/2024.toml", "--out", out)
    bill = pd.read_csv(out / "contributions.csv")
    assert round(bill["contribution"].sum(), 2) == 1_000_000
    assert len(bill) == 342
    assert "No such file" in fails(1, "run", own / "weg.toml", "--out", out)


def test_run_with_models_from_the_environment(own: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GGU_COSTS_MODELS", str(own))
    succeeds("run", "funds/proef/2024", "--out", out)
    assert json.loads((out / "provenance.json").read_text())["model"] == "funds/proef/2024"


def test_inputs_by_number_and_by_file(out: Path, tmp_path: Path) -> None:
    codes = pd.read_csv(Path(__file__).parents[1] / "ggu_costs/reference/data/municipalities_2020.csv")["code"]
    shares = tmp_path / "shares.csv"
    shares.write_text("code,share\n" + "".join(f"{code},0.5\n" for code in codes))
    succeeds(
        "run", "funds/ggu/2020", "--out", out, "--data", "taxed_share=1.0", "--data", f"recoverable_share={shares}"
    )
    bill = pd.read_csv(out / "contributions.csv", index_col="code")
    assert bill.loc["GM0345", "vat"] == pytest.approx(199_774.06 * 21 / 121, abs=0.005)
    assert bill.loc["GM0345", "recoverable_vat"] == pytest.approx(bill.loc["GM0345", "vat"] / 2, abs=0.01)
    provenance = json.loads((out / "provenance.json").read_text())
    assert provenance["inputs"].keys() == {"taxed_share", "recoverable_share"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["total"], "'total'; allowed: NAME=FILE or NAME=number"),
        (["=5"], "'=5'; allowed: NAME=FILE"),
        (["taxed_share="], "'taxed_share='; allowed: NAME=FILE"),
        (["taxed_share=0,5"], "'0,5' is no file; allowed: a CSV or Excel file, or a number such as 53000000.50"),
        (["taxed_share=weg.csv"], "'weg.csv' is no file"),
        (["taxed_share=1", "taxed_share=0"], "'taxed_share' twice; allowed: each input once"),
        (["taxed_share=95"], "taxed_share: 95 above 1"),
        (["taxed_share=nan"], "taxed_share: NaN; allowed: a finite number"),
        (["taxd_share=1"], "Did you mean 'taxed_share'?"),
    ],
)
def test_inputs_that_cannot_be_used(given: list[str], words: str, out: Path) -> None:
    arguments = [word for item in given for word in ("--data", item)]
    assert words in fails(1, "run", "funds/ggu/2020", "--out", out, *arguments)
    assert not out.exists()


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Known before anything is read: the model does not even exist."""
    (tmp_path / "bestand").write_text("")
    for command in (("run", "weg"), ("compare", "weg", "weg")):
        assert "is not a folder" in fails(3, *command, "--out", tmp_path / "bestand/out")


def test_nothing_is_half_written_when_writing_fails(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    succeeds("run", "funds/ggu/2019", "--out", out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(self: Path, target: Path) -> Path:
        if target.name == "provenance.json":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    rename = Path.replace
    monkeypatch.setattr(Path, "replace", full)
    error = fails(3, "run", "funds/ggu/2020", "--out", out)
    assert "No space left on device; nothing was changed" in error or "put back" in error
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_tables_of_an_earlier_run_do_not_stay_beside_the_new_ones(out: Path) -> None:
    succeeds("run", "ballots/one-each", "--out", out)
    (out / "weights-van-mij.csv").write_text("mijn")
    text = succeeds("run", "funds/ggu/2019", "--out", out)
    assert "Weggehaald, van een eerdere run in deze map: weights.csv, weights.nl.csv" in text
    told = json.loads((out / "provenance.json").read_text())["tables"]
    assert {path.name for path in out.glob("*.csv")} == {*told, "weights-van-mij.csv"}


def test_without_xlsxwriter_the_rest_is_written(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ggu_costs.report.dossier.find_spec", lambda name: None)
    result = ggu("run", "funds/ggu/2020", "--out", out)
    assert result.exit_code == 0
    assert "pip install 'ggu-costs[excel]'" in result.stderr
    assert not (out / "result.xlsx").exists()
    assert (out / "contributions.csv").exists()


# compare


def test_compare_puts_models_side_by_side(out: Path) -> None:
    text = succeeds("compare", "funds/ggu/2018", "funds/ggu/2019", "funds/ggu/2020", "--out", out)
    assert text.startswith("Vergelijking: Fonds GGU 2018")
    frame = pd.read_csv(out / "comparison.csv", index_col="code")
    assert (len(frame), round(frame["difference_b"].sum(), 2), round(frame["difference_c"].sum(), 2)) == (355, 0, 0)
    assert {path.name for path in out.glob("values_*.csv")} == {
        f"values_{letter}{style}.csv" for letter in "abc" for style in ("", ".nl")
    }


def test_compare_gives_each_model_the_inputs_it_asks_for(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    succeeds("new", "funds/ggu/2021", "--from", "funds/ggu/2020", "--folder", folder)
    path = folder / "funds/ggu/2021.toml"
    path.write_text(path.read_text().replace("VUL IN: ", ""))
    two = ("compare", "funds/ggu/2020", "funds/ggu/2021", "--models", folder, "--out", out)
    assert "total: niet gegeven" in fails(4, *two)
    assert "unknown input of these models 'totaal'" in fails(1, *two, "--data", "totaal=1")
    succeeds(*two, "--data", "total=53000000")
    frame = pd.read_csv(out / "comparison.csv")
    assert round(frame["other_total_b"].sum(), 2) == 700_000


def test_compare_of_years_and_of_models_that_do_not_compare(out: Path) -> None:
    portfolio = ("funds/example-portfolio", "funds/example-portfolio")
    assert "Say which year: 2021" in fails(1, "compare", *portfolio, "--out", out)
    succeeds("compare", *portfolio, "--year", 2023, "--out", out)
    assert "different kinds: fund, fee" in fails(
        1, "compare", "funds/ggu/2020", "fees/vng-contributie/2023", "--out", out
    )
    assert "1 model(s) to compare" in fails(1, "compare", "funds/ggu/2020", "--out", out)


# verify, and runs that are cut off


def test_verify_tells_a_whole_folder_from_another_in_both_languages(out: Path) -> None:
    succeeds("run", "funds/ggu/2020", "--out", out)
    assert succeeds("verify", out).startswith(f"Heel: {out.as_posix()} is van één run")
    assert succeeds("verify", out, "--lang", "en").startswith(f"Whole: {out.as_posix()} is of one run")
    (out / "values.csv").write_bytes(b"")
    (out / "andere.csv").write_bytes(b"")
    for lang, changed_word, foreign in (("nl", "veranderd", "niet van deze run"), ("en", "changed", "not of this run")):
        result = ggu("verify", out, "--lang", lang)
        assert result.exit_code == 1
        assert f"  {changed_word}: values.csv\n  {foreign}: andere.csv\n" in result.stdout
    assert "cannot be read as a folder of outputs" in fails(1, "verify", out / "none")
    assert "unknown language" in fails(1, "verify", out, "--lang", "fr")


def test_a_file_name_from_elsewhere_is_shown_as_text(out: Path) -> None:
    succeeds("run", "funds/ggu/2020", "--out", out)
    (out / "a\x1b[31m.csv").write_bytes(b"")
    assert "\x1b" not in ggu("verify", out).stdout


def test_the_listing_of_a_run_tells_of_groups_and_boundaries(own: Path, out: Path) -> None:
    groups = own / "groepen.csv"
    groups.write_text("code;group\nGM0363;A\nGM0599;A\n")
    succeeds("run", "funds/ggu/2020", "--out", out, "--groups", groups)
    told = json.loads((out / "provenance.json").read_bytes())
    assert len(told["groups"]) == 64
    assert "boundaries" not in told
    succeeds("verify", out)


INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background ignores it
from ggu_costs.cli import main
main()
"""


@pytest.mark.compiled
@pytest.mark.skipif(sys.platform == "win32", reason="a signal of other systems")
def test_an_interrupted_run_writes_nothing_and_exits_with_130(out: Path) -> None:
    succeeds("run", "funds/ggu/2020", "--out", out)
    before = (out / "provenance.json").read_bytes()
    words = ("run", "programmes/omgevingswet/2021", "--draws", "400000000", "--out", str(out))
    command = [sys.executable, "-c", INTERRUPTIBLE, *words]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stderr
    seen = b""
    while b"%|" not in seen:  # the bar: draws are being made
        seen += os.read(running.stderr.fileno(), 1000)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told.decode().splitlines()[-1].endswith("Onderbroken: er is niets geschreven, en wat er stond is er nog.")
    assert "Traceback" not in told.decode()
    assert (out / "provenance.json").read_bytes() == before
    succeeds("verify", out)


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "words", [("run", "funds/ggu/2020"), ("compare", "funds/ggu/2019", "funds/ggu/2020")], ids=["run", "compare"]
)
def test_an_interrupt_while_files_are_made_leaves_what_was_there(
    out: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    succeeds("run", "funds/ggu/2018", "--out", out)
    for place in ("ggu_costs.report.dossier.files_of", "ggu_costs.report.files._Work._publish"):
        with monkeypatch.context() as patched:
            patched.setattr(place, interrupt)
            said = fails(130, *words, "--out", out, "--lang", "en")
        assert said == "Interrupted: nothing was written, and what was there still is.\n"
        assert "Fonds GGU 2018" in succeeds("verify", out)


def test_an_interrupt_of_another_command_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ggu_costs.catalogue.load_all", interrupt)
    assert fails(130, "list") == "Onderbroken.\n"


# schema, warmup, help


def test_schema_prints_json(own: Path) -> None:
    assert json.loads(succeeds("schema", "fund"))["title"] == "FundDefinition"
    assert "unknown kind of model 'fnd'; there are: fund" in fails(1, "schema", "fnd")


def test_warmup_calls_every_room_and_says_that_once_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr("ggu_costs.warmup.ROOMS", {name: lambda name=name: called.append(name) for name in ("a", "b")})
    monkeypatch.setattr("ggu_costs._jit._lost", [])
    first, *rooms, last = succeeds("warmup").splitlines()
    assert [line.split(":")[0].strip() for line in rooms] == called == ["a", "b"]
    assert (first, last) == ("Rekenkernen worden vertaald.", "Bewaard; dit hoeft maar een keer.")


def test_warmup_that_keeps_nothing_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ggu_costs.warmup.ROOMS", {})
    monkeypatch.setattr("ggu_costs._jit._lost", ["No space left on device"])
    said = fails(3, "warmup")
    assert said.startswith("Niet bewaard (No space left on device): elke opdracht vertaalt ze opnieuw.")
    assert "NUMBA_CACHE_DIR" in said


def test_without_a_command_the_help_is_shown() -> None:
    text = ggu().output
    for command in ("list", "show", "check", "new", "run", "compare", "verify", "warmup", "schema"):
        assert f"  {command} " in text


def test_a_missing_argument_is_exit_code_2() -> None:
    assert "--out" in fails(2, "run", "funds/ggu/2020")


# as a user starts it


def test_as_a_process_dutch_names_print_on_any_terminal(tmp_path: Path) -> None:
    out = tmp_path / "uit"
    done = in_process("run", "funds/ggu/2020", "--out", out, "--municipality", "GM1900", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith("Súdwest-Fryslân (GM1900)")


def test_as_a_process_errors_are_text_and_never_a_traceback(tmp_path: Path) -> None:
    done = in_process("run", tmp_path / "niet-\udcff.toml", "--out", tmp_path / "uit", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"No such file" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_entry_point(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a stream cannot be set to UTF-8, as in some notebooks."""

    class Plain:
        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None: ...

    plain = Plain()
    monkeypatch.setattr(sys, "argv", ["ggu-costs", "schema", "fee"])
    monkeypatch.setattr(sys, "stdout", plain)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 0
    assert json.loads(plain.text)["title"] == "FeeDefinition"


# notes, draws


def test_compare_for_one_municipality_is_a_note(out: Path) -> None:
    words = ("compare", "funds/ggu/2019", "funds/ggu/2020", "--out", out, "--municipality", "GM0345")
    text = succeeds(*words)
    assert re.search(r"verschil B met A, meer \(\+\) / minder \(-\) +\+ € 1\.285,90\n", text)
    assert "€ 1.285,90 meer dan de € 198.488,16 met Fonds GGU 2019 (A)" in "\n".join(text.splitlines()[:12])
    assert "Waarom B anders is dan A" in text
    assert {"sides.csv", "difference.csv", "change_b.csv", "similar_size.csv"} <= {path.name for path in out.iterdir()}


def test_a_note_on_the_screen_has_the_latest_year(out: Path) -> None:
    text = succeeds("run", "funds/example-portfolio", "--out", out, "--municipality", "GM0345")
    assert "bijdrage 2025: van bron naar bedrag" in text
    assert "bijdrage 2024: van bron naar bedrag" not in text
    assert (out / "steps_2024.csv").exists()


def test_draws_and_seed_of_a_programme(out: Path) -> None:
    succeeds("run", "programmes/gdi-doorbelasting", "--draws", 64, "--seed", 7, "--out", out)
    told = json.loads((out / "provenance.json").read_text())
    assert (told["draws"], told["seed"]) == (64, 7)
    assert "a fund has no draws or seed" in fails(1, "run", "funds/ggu/2020", "--draws", 64, "--out", out)


def test_the_budget_of_a_run(out):
    run = ("run", "programmes/vroegsignalering", "--draws", 64, "--out", out)
    told = succeeds(*run, "--municipality", "GM0363", "--budget-year", 2023, "--task-field", "6.3", "--lang", "en")
    rows = {cells[0]: cells[1:] for line in told.splitlines() if (cells := re.split(" {2,}", line.strip()))}
    assert rows["costs or income"] == ["task field", "2022", "2023", "2024"]
    task_field, *amounts = rows["costs, structural"]
    assert task_field == "6.3"
    assert all(re.fullmatch(r"€[12],\d{3},000 A", amount) for amount in amounts)
    assert rows["estimated result"] == ["PM", "PM", "PM"]
    assert "Caution: the price level is unknown" in told
    frame = pd.read_csv(out / "budget.csv", dtype={"task_field": str}, index_col="budget_item")
    assert frame.loc["structural_cost", "task_field"] == "6.3"
    assert f"€{round(frame.loc['structural_cost', '2024'] / 1000):,},000 A" == amounts[2]
    assert json.loads((out / "provenance.json").read_text())["budget"] == {"first_year": 2023, "task_field": "6.3"}
    told = fails(1, *run, "--budget-year", 1999, "--task-field", "6" * 99)
    for part in (
        "budget year: 1999; allowed: a year of the model: 2021 to 2024",
        "task field: '666",
        "allowed: the code",
    ):
        assert part in told
    assert "a ballot has no budget" in fails(1, "run", "ballots/one-each", "--out", out, "--task-field", "0.4")


def as_a_process(*words: object, stdout: Any, **more: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from ggu_costs.cli import main; main()", *map(str, words)]
    return subprocess.run(command, stdout=stdout, check=False, **more)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [("list",), ("schema", "fund"), ("show", "programmes/woo")])
def test_where_nothing_can_be_said_the_exit_code_tells(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = as_a_process(*words, stdout=full, stderr=subprocess.PIPE)
        assert ended.returncode == 3
        assert ended.stderr.startswith(b"cannot write what is to be said: No space left")
        if words == ("list",):  # not where the error cannot be said either
            assert as_a_process(*words, stdout=full, stderr=full).returncode == 3


@pytest.mark.skipif(os.name != "posix", reason="closes a descriptor as a shell does")
def test_a_run_with_errors_closed_is_made(out: Path) -> None:
    command = f"exec 2>&-; exec '{sys.executable}' -c 'from ggu_costs.cli import main; main()' run programmes/woo"
    ended = subprocess.run(
        ["sh", "-c", f"{command} --draws 64 --out '{out}'"], stdout=subprocess.PIPE, check=False
    )  # fmt: skip
    assert ended.returncode == 0
    assert (out / "provenance.json").exists()


def test_boundaries_are_looked_at_first_and_where_there_is_no_map_too(out: Path, tmp_path: Path) -> None:
    assert "/nope" in fails(1, "run", "programmes/woo", "--out", out, "--boundaries", "/nope")
    wrong = tmp_path / "a.json"
    wrong.write_text("{}")
    assert "GeoJSON" in fails(1, "run", "programmes/woo", "--out", out, "--boundaries", wrong)
    assert not out.exists()
