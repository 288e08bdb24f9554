"""The base of all results: frozen, with a title, notes, provenance and units; and the steps to one amount."""

from dataclasses import FrozenInstanceError, dataclass

import pandas as pd
import pytest

from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.results.base import Explanation, Result, Step


@dataclass(frozen=True, kw_only=True)
class Amounts(Result):
    """The smallest result there is."""

    cents: dict

    def to_frame(self):
        frame = pd.DataFrame({"fee": [cents / 100 for cents in self.cents.values()]},
                             index=pd.Index(list(self.cents), name="code"))  # fmt: skip
        return self._framed(frame, {"fee": "EUR", "net": "EUR"}, pm=("net",), total=("fee", "net"))


EXPLANATION = Explanation(
    "Veenendaal <b>", (Step("inwoners", "66.493", "CBS"), Step("bijdrage & meer", "€ 199.774,06")), ("Exclusief PM.",)
)


def test_a_frame_carries_what_a_writer_of_tables_must_know():
    result = Amounts(title="Contributie", notes=("Exclusief PM.",), illustrative=True, cents={"GM0363": 150})
    assert result.to_frame().attrs == {
        "title": "Contributie", "units": {"fee": "EUR"}, "pm": [], "total": ["fee"], "notes": ["Exclusief PM."],
        "illustrative": True,
    }  # fmt: skip


def test_a_result_is_frozen_and_shows_itself_in_a_notebook():
    result = Amounts(title="Contributie <2024>", notes=("Exclusief PM.",), illustrative=True, cents={"GM0363": 150})
    with pytest.raises(FrozenInstanceError):
        result.title = "anders"
    html = result._repr_html_()
    for words in ("Contributie &lt;2024&gt;", "FICTIEF VOORBEELD", "€ 1,50", "Exclusief PM.", "totaal"):
        assert words in html
    assert dict(result.provenance) == {}
    with pytest.raises(TypeError, match="abstract"):
        Result(title="niets")


def test_an_explanation_as_text_table_and_html():
    assert str(EXPLANATION).splitlines() == [
        "Veenendaal <b>",
        "  inwoners         66.493   [CBS]",
        "  bijdrage & meer  € 199.774,06",
        "  Exclusief PM.",
    ]
    assert repr(EXPLANATION) == str(EXPLANATION)
    assert EXPLANATION.to_frame().to_dict("list") == {
        "step": ["inwoners", "bijdrage & meer"], "value": ["66.493", "€ 199.774,06"], "basis": ["CBS", ""],
    }  # fmt: skip
    html = EXPLANATION._repr_html_()
    assert "Veenendaal &lt;b&gt;" in html
    assert "bijdrage &amp; meer" in html
    assert "<p>Exclusief PM.</p>" in html
    assert "<b>" not in html
    assert str(Explanation("niets", ())) == "niets"


def test_a_report_is_plain_parts():
    fees = Table("fees", "Contributie", pd.DataFrame({"fee": [1.5]}))
    report = Report("t", (fees,), summary=(("total", 1.0, "EUR"),))
    assert report.summary[0] == ("total", 1.0, "EUR")
    assert not report.illustrative
    assert Report("t", (fees,), made_up=True).tables[0].illustrative
    assert list(report.frames) == ["fees"]
    assert report.frames["fees"] is fees.frame
    with pytest.raises(FrozenInstanceError):
        report.title = "anders"
