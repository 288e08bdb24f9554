"""A report gets its language in one place: texts, cells, labels, and what is said of columns."""

import pandas as pd
import pytest

from ggu_costs.display.chart import Chart
from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.language import explanation_in, report_in
from ggu_costs.display.report import Report, Section
from ggu_costs.display.table import Table
from ggu_costs.errors import UnknownNameError
from ggu_costs.words.messages import message, word


def report() -> Report:
    mixed = message("titled", of="ict", title=word("equal", of="split_rule"))
    frame = pd.DataFrame(
        {"what": [word("vat"), "Weesp"], mixed: [1.0, 2.0]},
        index=pd.Index([message("no_group"), "noord"], name="group"),
    )
    frame.attrs = {"units": {str(mixed): "EUR"}, "total": [str(mixed)], "pm": [str(mixed)]}
    table = Table(
        "fees", message("fees", title="Contributie", year=2024), frame, notes=[message("caribbean"), "Van ons."]
    )
    title = message("participation_in", year=2024)
    chart = Chart(title=title, frame=frame, kind="bars", x="group", y=(str(mixed),))
    return Report(
        message("by_year_of", title="Fonds"), (table,), summary=((word("total"), message("not_tested"), ""),),
        notes=(message("caribbean"), "Uit het bestand."), charts=(chart,),
        sections=(Section(title=message("article_two"), texts=((message("how_paid"), "Door het Rijk."),)),),
        provenance={"changes": [message("total_is", total=5)], "seed": 1},
    )  # fmt: skip


def test_a_report_is_said_in_a_language_at_the_end() -> None:
    said = report_in(report(), "en")
    table = said.tables[0]
    assert (said.title, table.title) == ("Fonds: by year", "Contributie: membership fee 2024")
    assert said.notes == ("Excluding the public bodies Bonaire, Sint Eustatius and Saba.", "Uit het bestand.")
    assert table.notes == (said.notes[0], "Van ons.")
    assert said.summary == (("total", "Whether joining or leaving is legally possible has not been tested.", ""),)
    assert said.sections[0].texts == (
        ("By which form of funding are the financial consequences met?", "Door het Rijk."),
    )
    assert said.charts[0].title == "participation of 2024"
    assert said.provenance == {"changes": ["total €5.00"], "seed": 1}


def test_columns_and_what_is_said_of_them_keep_together() -> None:
    table = report_in(report(), "en").tables[0]
    assert list(table.frame.columns) == ["what", "ict: equal parts"]
    assert list(table.frame.index) == ["other participants (not a municipality)", "noord"]
    assert table.frame["what"].tolist() == ["VAT", "Weesp"]
    assert tuple(table.total or ()) == ("ict: equal parts",)
    assert table.frame.attrs["units"] == {"ict: equal parts": "EUR"}
    assert [column.name for column in table.columns()] == ["group", "what", "ict: equal parts"]


def test_dutch_is_what_was_there() -> None:
    whole = report()
    assert report_in(whole, "nl") is whole
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        report_in(whole, "fr")


def test_steps_are_said_in_a_language() -> None:
    steps = Explanation(message("titled", of="Weesp", title="x"), (Step(word("vat"), "PM", message("by", who="ons")),))
    assert explanation_in(steps, "en").steps == (Step("VAT", "PM", "by ons"),)
