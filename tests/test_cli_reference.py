"""``ggu-costs reference`` and ``--reference``: from an empty folder to a run on a year to come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from own_packs import NATION, NEXT, merger_pack, people_of_last, write_pack
from typer.testing import CliRunner
from years import FIRST, LAST

import ggu_costs as ggu
from ggu_costs.cli import app
from ggu_costs.reference import Reference
from ggu_costs.report.dossier import dossier

FILES = Path(__file__).parent / "reference/files"


def line(*words: object, code: int = 0, env: dict[str, str] | None = None) -> str:
    done = CliRunner().invoke(app, list(map(str, words)), env=env)
    assert done.exit_code == code, done.output
    return done.output


def test_list_and_show() -> None:
    told = line("reference", "list")
    assert f"{FIRST}  380 gemeenten  17.181.084 inwoners  definitief" in told
    assert "2026  342 gemeenten  18.130.208 inwoners  voorlopig" in told
    told = line("reference", "show", 2026, "--lang", "en")
    assert "together 18,130,208" in told
    assert "dwellings: not of this year, but of 2022, 2024" in told
    assert "no municipalities of 1999" in line("reference", "show", 1999, code=1)


def test_a_pack_that_is_named_is_listed(tmp_path: Path) -> None:
    pack = merger_pack(tmp_path / "p")
    for told in (
        line("reference", "list", "--reference", pack),
        line("reference", "list", env={"GGU_COSTS_REFERENCE": str(pack)}),
        line("reference", "list", "--reference", pack, env={"GGU_COSTS_REFERENCE": str(pack)}),
    ):
        people = f"{NATION:,}".replace(",", ".")
        assert f"{NEXT}  341 gemeenten  {people} inwoners  prognose (test)" in told
        assert f"GM0345 Veenendaal naar GM9001 Valleistad op 1 januari {NEXT}" in told
        assert "proef: Proef (test), in" in told


def test_a_new_pack_is_filled_in_checked_and_used(tmp_path: Path) -> None:
    pack = tmp_path / "jaar"
    told = line("reference", "new", pack, "--year", NEXT, "--from", LAST)
    assert f"manifest.toml, municipalities_{NEXT}.csv geschreven in" in told
    told = line("reference", "check", pack, code=1)
    assert "sources.cijfers.title: still to fill in" in told
    assert "fouten, 0 na te zien." in told
    assert "there is a pack already" in line("reference", "new", pack, "--year", NEXT, "--from", LAST, code=1)
    other = tmp_path / "groei"
    args = ("reference", "new", other, "--year", NEXT, "--from", LAST, "--national", 18_210_000)
    assert "a forecast without whose it is" in line(*args, code=1)
    line(*args, "--by", "analist")
    assert "0 fouten, 0 na te zien." in line("reference", "check", other)
    models = tmp_path / "models"
    told = line("new", f"funds/ggu/{NEXT + 1}", "--from", "funds/ggu/2020", "--folder", models, "--reference", other)
    assert told.count(f" --reference {other.as_posix()}") == 2  # of what to do next
    file = models / f"funds/ggu/{NEXT + 1}.toml"
    text = file.read_text(encoding="utf-8")
    assert f"value = {NEXT}-01-01" in text
    file.write_text(text.replace("VUL IN: het", "Het"), encoding="utf-8")
    told = line("check", file, "--reference", other)
    assert "1 bestand, 0 met fouten" in told
    assert f"1 januari {NEXT}" in line("show", file, "--reference", other)
    assert f"1 januari {NEXT}" in line("show", file, env={"GGU_COSTS_REFERENCE": str(other)})
    out = tmp_path / "out"
    told = line(
        "run",
        f"funds/ggu/{NEXT + 1}",
        "--models",
        models,
        "--out",
        out,
        "--data",
        "total=60000000",
        "--reference",
        other,
    )
    assert f"Inwoners op 1 januari {NEXT}: prognose (analist)." in told
    listing = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert f"groei/municipalities_{NEXT}" in listing["reference"]
    line("verify", out, "--models", models, "--reference", other)
    assert f"groei/municipalities_{NEXT}" in line("verify", out, "--models", models)  # not known without it
    assert "is known from" in line("check", file, code=1) or "allowed" in line("check", file, code=1)


def test_import_facts_and_an_own_indicator(tmp_path: Path) -> None:
    pack = tmp_path / "eigen"
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({code: {"population": count} for code, count in people_of_last().items()}))
    line("reference", "import", facts, pack, "--year", NEXT, "--by", "test", "--status", "provisional")
    assert "0 fouten" in line("reference", "check", pack)
    own = tmp_path / "teams.csv"
    rows = "\n".join(f"{code};{1 + place % 3}" for place, code in enumerate(people_of_last()))
    own.write_text(f"code;teams\n{rows}\n", encoding="utf-8")
    told = line("reference", "import", own, pack, "--year", NEXT, code=1)
    assert "--kind, --unit and --dutch" in told
    line("reference", "import", own, pack, "--year", NEXT, "--kind", "total", "--unit", "teams", "--dutch", "wijkteams")
    assert "0 fouten" in line("reference", "check", pack)
    told = line("reference", "show", NEXT, "--reference", pack)
    assert "wijkteams" in told
    assert "voorlopig" in told


def test_the_period_of_a_table_of_cbs_is_the_year_asked_or_the_one_named(tmp_path: Path) -> None:
    pack, file = tmp_path / "perioden", tmp_path / "cbs.csv"
    line("reference", "new", pack, "--year", NEXT, "--from", LAST, "--national", 18_210_000, "--by", "analist")
    rows = [
        f"{place};{code};{year}JJ00;{year}" for place, code in enumerate(people_of_last()) for year in (LAST - 1, LAST)
    ]
    file.write_text("\n".join(["ID;RegioS;Perioden;Clienten_1", *rows]) + "\n", encoding="utf-8")
    args = ("reference", "import", file, pack, "--year", NEXT, "--name", "clients", "--kind", "total",
            "--unit", "clients", "--dutch", "cliënten", "--status", "forecast")  # fmt: skip
    assert f"no figures of municipalities for {NEXT}" in line(*args, code=1)
    line(*args, "--period", LAST - 1)
    reference = Reference.open(pack)
    table = reference.municipalities(NEXT, ["clients"])
    assert set(table["clients"]) == {LAST - 1}
    # whose they are and of which year is said, not that of the forecast that they stand beside
    assert reference.period_of(NEXT, "clients") == str(LAST - 1)
    assert reference.status_of(NEXT, "clients") == ("forecast", "CBS")
    assert reference.status_of(NEXT, "inhabitants") == ("forecast", "analist")
    assert (reference.period_of(NEXT, "inhabitants"), reference.period_of(LAST, "inhabitants")) == ("", "")
    fund = ggu.open_fund("funds/ggu/2020", reference=reference).with_changes(
        total=1_000_000, counting_date=f"{NEXT}-01-01", map_date=f"{NEXT}-01-01", key={"clients": 1}
    )
    assert f"Cliënten: cijfers van {LAST - 1}, gebruikt voor 1 januari {NEXT}." in fund.contributions().notes
    (source,) = [one for one in dossier(fund).sources if one["title"] == f"cbs.csv, {LAST - 1}"]
    assert (source["publisher"], source["figures"]) == ("CBS", f"cliënten (prognose) van {LAST - 1}")
    assert "by" not in source


def test_import_a_forecast_with_its_band(tmp_path: Path) -> None:
    rows = [f"{code};{count};{count - 1};{count + 2}" for code, count in people_of_last().items()]
    file = tmp_path / "prognose.csv"
    file.write_text("\n".join(["code;midden;onder;boven", *rows]) + "\n", encoding="utf-8")
    words = ["reference", "import", file, tmp_path / "p", "--year", NEXT, "--column", "midden", "--name", "inhabitants"]
    words += ["--status", "forecast", "--by", "CBS en PBL"]
    assert "a band whole, with its coverage" in line(*words, "--low", "onder", code=1)
    band = ["--low", "onder", "--high", "boven", "--coverage", 0.67, "--national", "18000000:18300000"]
    line(*words, *band)
    assert "0 fouten" in line("reference", "check", tmp_path / "p")
    assert "prognose (CBS en PBL)" in line("reference", "list", "--reference", tmp_path / "p")


def test_import_the_mergers_of_rvig(tmp_path: Path) -> None:
    text = (FILES / "06_rvig_tabel33/Tabel33_excerpt.csv").read_text(encoding="utf-8")
    file = tmp_path / "tabel33.csv"
    file.write_text(text, encoding="utf-16")
    args = ("reference", "import", file, tmp_path / "p", "--year", NEXT)
    assert "niets wat de tabellen nog niet hebben" in line(*args)
    file.write_text(text + f'"0355","Zeist","0345","","{NEXT}0101"\n', encoding="utf-16")
    assert "mergers.csv geschreven" in line(*args)
    assert f"{NEXT}-01-01,GM0355,Zeist,GM0345" in (tmp_path / "p/mergers.csv").read_text(encoding="utf-8")
    people = people_of_last()
    people["GM0345"] += people.pop("GM0355")
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({code: {"population": count} for code, count in people.items()}))
    line("reference", "import", facts, tmp_path / "p", "--year", NEXT, "--status", "provisional")
    assert "0 fouten" in line("reference", "check", tmp_path / "p")


def test_a_pack_with_faults_stops_every_command(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "p", entry={"status": "sure"})
    told = line("run", "funds/ggu/2020", "--out", tmp_path / "out", "--reference", pack, code=1)
    assert "status: 'sure'; allowed" in told
    assert not (tmp_path / "out").exists()
    assert "no such folder" in line("reference", "list", "--reference", tmp_path / "weg", code=1)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_doubts_are_told_and_are_no_faults(tmp_path: Path, lang: str) -> None:
    people = people_of_last()
    people["GM0355"] *= 2
    told = line("reference", "check", write_pack(tmp_path / "p", people), "--lang", lang)
    assert {"nl": "Na te zien: tables", "en": "To look at again: tables"}[lang] in told


def test_a_run_that_rested_on_a_pack_is_verified_with_it_or_says_that_it_was_not_given(tmp_path: Path) -> None:
    pack, out = write_pack(tmp_path / "p"), tmp_path / "out"
    model = tmp_path / "models/funds/proef.toml"
    model.parent.mkdir(parents=True)
    base = Path(__file__).parents[1] / "models/funds/ggu/2020.toml"
    text = base.read_text(encoding="utf-8").replace('id = "funds/ggu/2020"', 'id = "funds/proef"')
    model.write_text(text.replace("value = 2020-01-01", f"value = {NEXT}-01-01"), encoding="utf-8")
    line("run", "funds/proef", "--models", tmp_path / "models", "--out", out, "--reference", pack)
    table = f"proef/municipalities_{NEXT}"
    told = line("verify", out, "--models", tmp_path / "models")
    assert f"referentietabel {table} is niet meegegeven (--reference MAP), dus niet vergeleken" in told
    assert "veranderd" not in told
    told = line("verify", out, "--models", tmp_path / "models", "--lang", "en")
    assert f"reference table {table} was not given (--reference DIR)" in told
    told = line("verify", out, "--models", tmp_path / "models", "--reference", pack)
    assert table not in told
    (pack / f"municipalities_{NEXT}.csv").write_bytes((pack / f"municipalities_{NEXT}.csv").read_bytes() + b"\n")
    told = line("verify", out, "--models", tmp_path / "models", "--reference", pack)
    assert f"sinds deze run veranderd: {table}" in told


def test_faults_alike_are_told_once_with_their_count(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "p", dict.fromkeys(people_of_last(), ""))
    told = line("reference", "check", pack, code=1)
    assert "no inhabitants, 342 times (GM0014, GM0034, GM0037 and 339 more); allowed: a figure for every" in told
    assert "1 fout, 0 na te zien." in told
    few = write_pack(tmp_path / "few", people_of_last() | {"GM0014": "", "GM0034": ""})
    told = line("reference", "check", few, code=1)
    assert told.count("no inhabitants;") == 2
    twice = write_pack(tmp_path / "twice", {code: 2 * count for code, count in people_of_last().items()})
    told = line("reference", "check", twice)
    assert "342 times (GM0014, inhabitants, GM0034, inhabitants" in told
    assert "0 fouten, 1 na te zien." in told


def test_an_import_keeps_the_comments_of_a_manifest(tmp_path: Path) -> None:
    pack, own = write_pack(tmp_path / "p"), tmp_path / "teams.csv"
    manifest = pack / "manifest.toml"
    text = "# whose pack this is\n" + manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("status =", "# as told on 3 November\nstatus =") + "# the end\n", encoding="utf-8")
    own.write_text("code;teams\n" + "\n".join(f"{code};2" for code in people_of_last()) + "\n", encoding="utf-8")
    args = ("--year", NEXT, "--kind", "total", "--unit", "teams", "--dutch", "wijkteams")
    line("reference", "import", own, pack, *args)
    text = manifest.read_text(encoding="utf-8")
    assert text.startswith("# whose pack this is\n")
    assert text.count("# as told on 3 November\n") == 1
    assert text.count("# the end\n") == 1
    assert "0 fouten" in line("reference", "check", pack)


CLASSES = FILES / "05_gemeenteklassen/2025_first30.csv"
CROSSWALK = FILES / "05_gemeenteklassen/gemeentenamen_iv3_vs_gf.csv"


def test_figures_that_differ_from_those_there_are_ask_a_reason(tmp_path: Path) -> None:
    """Amsterdam 935,793 in a list of CBS in circulation, 934,526 in the table; neither states the day it is of."""
    pack = tmp_path / "p"
    told = line("reference", "import", CLASSES, pack, "--year", 2025, code=1)
    assert "inhabitants of 2025: CBS gemeenteklassen, 2025_first30.csv (the file states no status and no day)" in told
    assert (
        "differs for 29 of 30 municipalities from the table of CBS (definitive): GM0363 935793 instead of 934526"
        in told
    )
    assert '--override "WHY"' in told
    assert not pack.exists()
    line("reference", "import", CLASSES, pack, "--year", 2025, "--column", "urbanity_class")
    assert Reference.open(pack).inhabitants_on("2025-01-01")["GM0363"] == 934_526
    line("reference", "import", CLASSES, pack, "--year", 2025, "--override", "lijst van CBS, gevraagd")
    assert "0 fouten" in line("reference", "check", pack)
    opened = Reference.open(pack)
    assert opened.inhabitants_on("2025-01-01")["GM0363"] == 935_793
    assert opened.overrides_of(2025, ["inhabitants"]) == ["lijst van CBS, gevraagd"]


def test_a_crosswalk_of_names_as_the_file_has_them(tmp_path: Path) -> None:
    names = tmp_path / "klassen.csv"
    text = CLASSES.read_text(encoding="utf-8").replace("\nAsten\t", "\nGemeente A.\t")
    names.write_text(text, encoding="utf-8")
    args = ("reference", "import", names, tmp_path / "p", "--year", 2025, "--column", "urbanity_class")
    assert "'Gemeente A.' is not the name of one municipality" in line(*args, code=1)
    assert "Gemeente A." in line(*args, "--crosswalk", CROSSWALK, code=1)
    own = tmp_path / "namen.csv"
    own.write_text(CROSSWALK.read_text(encoding="utf-8") + "Asten\tGemeente A.\n", encoding="utf-8")
    line(*args, "--crosswalk", own)
    assert Reference.open(tmp_path / "p").municipalities(2025)["urbanity_class"]["GM0743"] == 3
    own.write_text("a\tb\tc\n1\t2\t3\n", encoding="utf-8")
    assert "3 columns" in line(*args, "--crosswalk", own, code=1)


def test_what_a_line_says_of_packs_notes_and_years_to_come(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "p")
    told = line("check", pack, code=1)
    assert "a pack of reference tables, not a folder of models" in told
    assert f"ggu-costs reference check {pack} checks it." in told
    helped = line("check", "--help")
    assert "Model files, folders of them, or ids" in " ".join(helped.split())
    assert "ggu-costs reference check DIR" in helped
    assert "years (with own indicators and forecasts), mergers, groups" in " ".join(
        line("reference", "check", "--help").split()
    )
    told = line("run", "funds/ggu/2020", "--out", tmp_path / "note", "--municipality", "GM0345")
    assert f"Notitie voor deze gemeente: {(tmp_path / 'note/result.html').as_posix()}" in told
    told = line("reference", "show", NEXT + 1, code=1)
    assert f"ggu-costs reference new DIR --year {NEXT + 1} --from {LAST}, and then --reference DIR." in told
    assert "reference new" not in line("reference", "show", 1999, code=1)
    assert "not a decision that returns every year" in line(
        "new", f"programmes/woo/{NEXT}", "--from", "programmes/woo", "--folder", tmp_path / "models", code=1
    )


def test_a_sum_of_decimals_has_the_digits_of_its_figures() -> None:
    assert "samen 33.647,23 " in line("reference", "show", 2024)
