"""Parts of the page: titles, tables that open on demand, what is cut, steps of every municipality, English."""

import json
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from ggu_costs import open_model
from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.report import Chart, Report, Section
from ggu_costs.display.table import Table
from ggu_costs.display.titles import short_titles
from ggu_costs.report.dossier import dossier, files_of
from ggu_costs.report.page import packed, page_bytes
from ggu_costs.report.shown import shown_memoranda, shown_table
from ggu_costs.report.vega import specification

CODES = pd.Index(["GM0363", "GM0345"], name="code")


def table(name: str, title: str, **columns: Any) -> Table:
    return Table(name, title, pd.DataFrame(columns or {"fee": [1.5, 2.0]}, index=CODES), "EUR")


def by_group(name: str, title: str) -> Table:
    frame = pd.DataFrame({"municipalities": [2]}, index=pd.Index(["Utrecht"], name=name.removeprefix("by_")))
    return Table(name, title, frame, role="groups")


def data_of(text: str) -> Any:
    return json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', text)[0])


def test_titles_leave_out_what_the_page_says_and_are_told_apart() -> None:
    tables = [
        table("by_municipality", "Wet: kosten (2021): netto per gemeente"),
        by_group("by_size_class", "Wet: kosten (2021): netto per groep"),
        by_group("by_province", "Wet: kosten (2021): netto per gemeente"),
        by_group("by_safety_region", "Wet: kosten (2021): netto"),
        table("rules", "Wet: kosten (2021): verdeelregels naast elkaar"),
        table("rules_per_inhabitant", "Wet: kosten (2021): verdeelregels naast elkaar"),
        table("fees", "Anders: iets"),
        table("steps", "Wet: kosten (2021)"),
    ]
    titles = short_titles(tables, "Wet: kosten (2021): impactanalyse", main=tables[0], lang="nl")
    assert titles == {
        "by_municipality": "Netto per gemeente",
        "by_size_class": "Netto per gemeentegrootteklasse",
        "by_province": "Netto per provincie",
        "by_safety_region": "Netto, per veiligheidsregio",
        "rules": "Verdeelregels naast elkaar",
        "rules_per_inhabitant": "Verdeelregels, per inwoner",
        "fees": "Anders: iets",
        "steps": "Van bron naar bedrag",
    }
    note = short_titles(tables[:1], "Veenendaal (GM0345): Wet: kosten (2021)", main=None, lang="nl")
    assert note == {"by_municipality": "Netto per gemeente"}


def test_earlier_years_and_lists_in_a_section_open_on_demand() -> None:
    earlier = replace(table("fees_2023", "Contributie 2023"), earlier=True)
    tables = (earlier, table("fees_2024", "Contributie 2024"), table("inside", "Lijst"))
    text = page_bytes(Report("T", tables, sections=(Section(title="Deel", tables=("inside",)),))).decode()
    assert re.findall(r'folded"><summary>(.*?)</summary>', text.partition("<main")[2]) == ["Lijst", "Contributie 2023"]
    assert '<details class="block folded"><summary>Contributie 2024' not in text


def test_a_page_leaves_simulation_errors_and_long_texts_to_the_workbook() -> None:
    shown = shown_table(
        table("rules", "T", mean=[1.0, 2.0], mean_error=[0.1, 0.2], group=["GM0001, " * 50, "kort"]), "nl"
    )
    assert [head.name for head in shown.heads] == ["code", "mean", "group"]
    assert shown.notes == ()  # where they are is said once, with how it was computed
    assert shown.rows[0][1][2].text.endswith("... (voluit in het werkboek)")
    assert len(shown.rows[0][1][2].text) < 130
    assert shown.rows[1][1][2].text == "kort"


def test_numbers_without_a_unit_stand_as_in_the_file_and_empty_columns_say_nothing() -> None:
    frame = pd.DataFrame({"item": ["seed", "rate"], "value": [2021, "PM"], "unit": ["", "EUR"], "basis": ["", ""]})
    shown = shown_table(Table("values", "T", frame), "nl")
    assert [cells[1].text for _, cells in shown.rows] == ["2021", "PM"]
    assert shown.notes == ()


def test_memoranda_are_in_words_and_once() -> None:
    frame = pd.DataFrame({"item": ["fund.total"], "value": ["PM"], "note": ["volgt"]})
    frame.attrs["unknown"] = [0]
    values = Table("values", "T", frame)
    assert shown_memoranda([], [values, values], "nl") == (("fonds: totaal", "PM: volgt"),)


@pytest.mark.parametrize(
    ("model", "titles"),
    [
        ("funds/example-portfolio", ["bijdrage 2025", "bijdrage 2024"]),
        ("fees/vng-contributie/2024", ["Contributie VNG 2024"]),
        ("ballots/one-each", []),
    ],
)
def test_the_steps_of_every_municipality(model: str, titles: list[str]) -> None:
    results = dossier(open_model(model)).explained
    assert [result.explain("GM0345").subject.split(": ")[-1] for result in results] == titles
    assert all(len(list(result.codes)) == 342 for result in results)


def test_every_text_of_the_steps_is_on_the_page_once() -> None:
    steps = (Step("inwoners", "3", "CBS"), Step("inwoners", "4", "CBS"))
    one, other = Explanation("Veenendaal (GM0345): bijdrage", steps, subject="bijdrage"), Explanation("CBS", steps[:1])
    assert packed({"GM0345": [one], "GM0363": [other]}) == {
        "texts": ["bijdrage", "inwoners", "3", "CBS", "4"],
        "of": {"GM0345": [[0, [[1, 2, 3], [1, 4, 3]]]], "GM0363": [[3, [[1, 2, 3]]]]},
    }
    assert packed({}) == {}


def test_the_steps_are_on_the_page_within_its_size() -> None:
    data = files_of(dossier(open_model("funds/ggu/2020")))["result.html"]
    assert len(data) < 4_000_000
    steps = data_of(data.decode())["steps"]
    ((title, lines),) = steps["of"]["GM0345"]
    bill = open_model("funds/ggu/2020").contributions()
    told = [[steps["texts"][place] for place in line] for line in lines]
    assert told == [[step.label, step.value, step.basis] for step in bill.explain("GM0345").steps]
    assert steps["texts"][title] == "Fonds GGU 2020: bijdrage"
    assert len(steps["of"]) == 355


def test_a_half_yearly_report_is_a_part_with_its_deviations_in_words() -> None:
    content = dossier(open_model("funds/example-portfolio"))
    assert [section.title for section in content.sections] == [
        "Halfjaarrapportage 2021-H1", "Halfjaarrapportage 2021-H2", "Halfjaarrapportage 2022-H1",
    ]  # fmt: skip
    first = content.sections[0]
    assert first.texts[0] == (
        "Informatiebeveiliging voor gemeenten", "€ 200.000,00 meer dan begroot: Extra inzet na een incident.",
    )  # fmt: skip
    assert first.texts[2][1] == "€ 100.000,00 minder dan begroot: geen toelichting in het model."
    assert len(first.texts) == 3  # two activities are on budget
    assert first.tables == ("half_year_2021-H1_parts", "half_year_2021-H1")


def test_english_says_what_stays_dutch() -> None:
    files = files_of(dossier(open_model("funds/ggu/2020")), lang="en")
    text = files["result.html"].decode()
    assert "What is quoted from the model file (titles, notes, sources) is in Dutch." in text
    assert '<h1 lang="nl">Fonds GGU 2020</h1>' in text
    assert "<li>Excluding the public bodies Bonaire, Sint Eustatius and Saba.</li>" in text
    assert '<li lang="nl">' in text
    assert "<h3>Contribution per province</h3>" in text or "<h3>Contribution by province</h3>" in text
    dutch = page_bytes(Report("T", (table("fees", "Contributie"),))).decode()
    assert "Dutch" not in dutch
    assert "<h1>T</h1>" in dutch


def test_axes_of_large_small_and_several_figures() -> None:
    def axis(*figures: float, y: tuple[str, ...] = ("fee",), unit: str = "EUR") -> dict[str, Any]:
        frame = pd.DataFrame({"x": ["a", "b"], **{name: list(figures) for name in y}})
        frame.attrs = {"units": dict.fromkeys(y, unit)}
        chart = Chart(title="T", frame=frame, kind="bars", x="x", y=y)
        found: dict[str, Any] = specification(chart)["layer"][0]["encoding"]["x"]
        return found

    large = axis(2e6, 5e6)
    assert large["title"] == "contributie (€ mln)"
    assert large["axis"]["labelExpr"] == "format(datum.value / 1e6, ',~r')"
    assert axis(0.01, -0.02)["axis"]["format"] == ",.3f"
    assert axis(0.5, 2.5)["axis"]["format"] == ",.2f"
    assert axis(1e5, 2e5, y=("alone", "joint"))["title"] == "€"
    assert axis(1, 2, y=("alone", "joint"), unit="count")["title"] == ""
    assert axis(0.1, 0.2, unit="probability")["axis"]["format"] == ".0%"
