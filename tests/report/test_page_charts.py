"""The charts of a page: their specifications, and the ones a page has by itself."""

import math
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from ggu_costs.display.chart import Chart, Kind
from ggu_costs.display.columns import Column
from ggu_costs.display.drawn.draw import draw
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.frames import describe
from ggu_costs.report import vega
from ggu_costs.report.bycode import ByCode
from ggu_costs.report.focus import default_charts, focus_of
from ggu_costs.report.map import first_shown
from ggu_costs.report.vega import specification

vl_convert = pytest.importorskip("vl_convert")

FRAME = pd.DataFrame(
    {"difference": [1.5, -1.5, None], "low": [1.0, -2.0, None], "high": [2.0, -1.0, None]},
    index=pd.Index(["Drenthe", "Súdwest-Fryslân", "Limburg"], name="province"),
)
FRAME.attrs = {"units": {"difference": "EUR", "low": "EUR", "high": "EUR"}, "pm": ["difference"]}
YEARS = pd.DataFrame({"year": [2021, 2022, 2023], "budget": [1e6, 2e6, 3e6], "actual": [9e5, 2e6, None]})
YEARS.attrs = {"units": {"budget": "EUR", "actual": "EUR"}}


def chart(**changes: Any) -> Chart:
    given: dict[str, Any] = {"title": "Effect", "frame": FRAME, "kind": "bars", "x": "province", "y": ("difference",)}
    return Chart(**given | changes)


CHARTS = {
    "bars": chart(),
    "bars with a range": chart(low="low", high="high"),
    "bars of several": chart(y=("low", "high")),
    "line": chart(frame=YEARS, kind="line", x="year", y=("budget", "actual")),
    "line with a range": chart(frame=YEARS, kind="line", x="year", y=("budget",), low="actual", high="budget"),
    "pair": chart(kind="pair", y=("low", "high")),
    "stack": chart(frame=YEARS, kind="stack", x="year", y=("budget", "actual")),
    "panels": chart(frame=YEARS, kind="panels", x="year", y=("budget", "actual")),
    "steps": chart(kind="steps", start=10.0),
    "tornado": chart(kind="tornado", y=("low", "high"), start=0.5),
    "points": chart(frame=YEARS, kind="points", x="budget", y=("actual",)),
    "ranges": chart(frame=YEARS, kind="ranges", x="year", y=("budget",), low="actual", high="budget"),
    "line of effects": chart(
        frame=YEARS.rename(columns={"budget": "difference"}), kind="line", x="year", y=("difference",)
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_vega_lite_understands_the_specification(name: str) -> None:
    drawn = vl_convert.vegalite_to_vega(specification(CHARTS[name]) | {"width": 400})
    assert drawn["marks"]


def test_every_kind_of_chart_is_drawn_on_a_page() -> None:
    assert {chart.kind for chart in CHARTS.values()} == set(get_args(Kind))


def test_bars_that_do_not_start_at_nil_go_from_level_to_level() -> None:
    steps = specification(CHARTS["steps"])
    rows = steps["data"]["values"]
    assert [(row["l"], row["h"]) for row in rows] == [(10.0, 10.0), (10.0, 11.5), (11.5, 10.0), (10.0, 10.0)]
    assert [(row["x"], row["a"]) for row in rows] == [
        ("was", "€ 10,00"), ("Drenthe", "+ € 1,50"), ("Súdwest-Fryslân", "- € 1,50"), ("wordt", "€ 10,00"),
    ]  # fmt: skip
    order = steps["layer"][0]["encoding"]["y"]["sort"]
    assert (order[0], order[-1]) == ("was", "wordt")
    assert steps["layer"][0]["encoding"]["x"]["field"] == "l"
    around = specification(CHARTS["tornado"])["encoding"]
    assert (around["x"]["field"], around["x2"]) == ("y", {"datum": 0.5})


def test_of_panels_a_page_draws_the_first() -> None:
    assert {row["s"] for row in specification(CHARTS["panels"])["data"]["values"]} == {"begroting"}


def test_the_data_are_those_of_the_frame() -> None:
    values = specification(CHARTS["bars with a range"])["data"]["values"]
    assert [(row["x"], row["y"], row["l"], row["h"]) for row in values] == [
        ("Drenthe", 1.5, 1.0, 2.0), ("Súdwest-Fryslân", -1.5, -2.0, -1.0),
    ]  # fmt: skip
    assert values[0]["t"] == "Drenthe: + € 1,50"
    several = specification(CHARTS["line"])["data"]["values"]
    assert [(row["x"], row["y"], row["s"]) for row in several if row["s"] == "realisatie"] == [
        (2021.0, 900000.0, "realisatie"), (2022.0, 2000000.0, "realisatie"),
    ]  # fmt: skip


def test_numbers_are_written_in_the_language() -> None:
    dutch, english = (specification(CHARTS["bars"], lang=lang)["usermeta"]["embedOptions"] for lang in ("nl", "en"))
    assert (dutch["formatLocale"]["decimal"], english["formatLocale"]["decimal"]) == (",", ".")
    assert dutch["actions"] is False


def test_more_and_less_have_the_colours_of_the_plots() -> None:
    bars = specification(CHARTS["bars"])["layer"][0]
    assert bars["encoding"]["color"] == {"condition": {"test": "datum.y > 0", "value": vega.MORE}, "value": vega.LESS}
    known = chart(frame=FRAME.dropna())
    plotted = [to_hex(bar.get_facecolor()).upper() for bar in draw(known).axes[0].patches]
    assert plotted == [vega.MORE, vega.LESS]


def test_every_fault_of_a_chart_at_once() -> None:
    with pytest.raises(InputError, match="'Effect' cannot be drawn") as error:
        specification(chart(kind="line", y=("difference", "none"), low="low"))
    assert [(fault.where, fault.found) for fault in error.value.faults] == [
        ("province", "holds no figures"), ("none", "is no column"), ("low, high", "only one of the two"),
    ]  # fmt: skip
    with pytest.raises(InputError, match="y: no columns"):
        specification(chart(y=()))


# by itself


def data_of(column: str, figures: Any, unit: str = "EUR") -> tuple[ByCode, Column]:
    codes = [f"GM{place:04d}" for place in range(len(figures))]
    frame = pd.DataFrame({column: figures}, index=pd.Index(codes, name="code"))
    data = ByCode(Table("t", "T", frame, {column: unit}))
    shown = first_shown(data)
    assert shown is not None
    return data, shown


def made(column: str, figures: Any, unit: str = "EUR", groups: Any = ()) -> list[Chart]:
    return default_charts(*data_of(column, figures, unit), groups, "nl")


def test_the_distribution_counts_everyone_once() -> None:
    figures = np.random.default_rng(7).normal(0, 30, 342).round(2)
    largest, distribution = made("difference", figures)
    shown = largest.frame["difference"].tolist()
    assert shown == sorted(shown, reverse=True) == [*np.sort(figures)[:-11:-1], *np.sort(figures)[9::-1]]
    assert distribution.title == "Verdeling over gemeenten: verschil, meer (+) / minder (-) (€)"
    assert distribution.frame["municipalities"].sum() == 342
    names = distribution.frame.iloc[:, 0].tolist()
    assert names[0].startswith("tot -")
    assert names[-1].endswith("en meer")
    for name, count in zip(names[1:-1], distribution.frame["municipalities"][1:-1], strict=True):
        low, high = (float(end.replace(".", "").replace(",", ".")) for end in name.split(" tot "))
        assert count == ((figures >= low) & (figures < high)).sum()


def test_amounts_stand_in_order() -> None:
    figures = np.random.default_rng(7).normal(300, 30, 342).round(2)
    _, ordered = made("fee", figures)
    assert ordered.kind == "line"
    assert ordered.frame["fee"].is_monotonic_increasing
    assert ordered.frame.iloc[12, 1] == pytest.approx(np.median(figures))


def test_the_largest_either_way_have_their_names_and_what_is_nil_has_none() -> None:
    frame = pd.DataFrame({"name": list("abcde"), "difference_b": [0.004, -3.0, 0.0, 5.0, -8.0]},
                         index=pd.Index([f"GM000{place}" for place in range(5)], name="code"))  # fmt: skip
    data = ByCode(Table("t", "T", frame, "EUR"))
    largest = default_charts(data, data.columns[2], (), "nl")[0]
    assert largest.frame["difference_b"].to_dict() == {"d": 5.0, "b": -3.0, "e": -8.0}
    assert [row["a"] for row in specification(largest)["data"]["values"]] == ["+ € 5,00", "- € 3,00", "- € 8,00"]


def test_amounts_along_a_probability_and_a_fan() -> None:
    curve = pd.DataFrame({"amount": [1e8, 2e8], "a": [0.1, 0.9], "b": [0.2, 0.8]})
    curve.attrs = {"units": {"amount": "EUR", "a": "share", "b": "share"}}
    across = specification(chart(frame=curve, kind="line", x="amount", y=("a", "b")))["layer"][0]["encoding"]
    assert across["x"]["axis"]["labelExpr"] == "format(datum.value / 1e6, ',~r')"
    assert (across["y"]["title"], across["y"]["scale"]) == ("kans", {"domain": [0, 1]})
    fan = YEARS.assign(p5=1.0, p25=2.0, p75=3.0, p95=4.0)
    bands = specification(chart(frame=fan, kind="line", x="year", y=("budget",), low="p5", high="p95",
                                inner=("p25", "p75")))["layer"]  # fmt: skip
    assert [(band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]) for band in bands[:2]] == [
        ("l", "h"), ("il", "ih"),
    ]  # fmt: skip
    assert bands[0]["encoding"]["x"]["axis"]["values"] == [2021, 2022, 2023]


def test_a_few_far_larger_than_most_get_steps_that_grow() -> None:
    figures = np.exp(np.random.default_rng(7).normal(11, 1.5, 342))
    (distribution,) = made("contribution", figures)
    bounds = [name.split(" tot ")[1].replace(".", "") for name in distribution.frame.iloc[1:-1, 0]]
    digits = {float(bound) / 10 ** math.floor(math.log10(float(bound))) for bound in bounds}
    assert digits <= {1.0, 2.0, 5.0}
    assert distribution.frame["municipalities"].sum() == 342


def test_outliers_do_not_set_the_scale() -> None:
    figures = [*np.linspace(-1, 1, 300), 500.0]
    _, distribution = made("difference", figures)
    assert 8 <= len(distribution.frame) <= 22
    assert distribution.frame["municipalities"].max() < 40


@pytest.mark.parametrize(
    ("figures", "classes"),
    [
        ([*[1.0] * 300, -1.0], [("tot 1", 1), ("1 en meer", 300)]),
        ([*[0.0] * 300, 1e6], [("tot 100.000", 300), ("100.000 en meer", 1)]),
        ([*[5.0] * 300, 9.0], [("tot 5,25", 300), ("5,25 en meer", 1)]),
        ([*[-7.5] * 300, 0.0], [("tot -7", 300), ("-7 en meer", 1)]),
    ],
)
def test_equal_figures_and_one_outlier_still_have_a_distribution(figures: list[float], classes: list[Any]) -> None:
    """The outlier may be the least or the most, and the others may be nothing at all."""
    distribution = made("fee", figures)[0]
    assert list(distribution.frame.itertuples(index=False, name=None)) == classes


def test_shares_are_percentages() -> None:
    frame = pd.DataFrame({"fee": [1.0, 2.0], "ratio": [0.1, 0.9]}, index=pd.Index(["GM0001", "GM0002"], name="code"))
    data = ByCode(Table("t", "T", frame, {"ratio": "share"}))
    distribution = default_charts(data, data.columns[2], (), "nl")[0]
    assert distribution.frame.iloc[-1, 0] == "90,0% en meer"


def test_what_is_equal_for_all_has_no_distribution() -> None:
    assert made("per_inhabitant", [3.0, 3.0], "EUR/inhabitant") == []


def test_groups_show_what_the_map_shows_of_every_alternative() -> None:
    codes = pd.Index(["GM0001", "GM0002"], name="code")
    frame = pd.DataFrame({"difference_b": [1.0, 1.0], "difference_c": [1.0, 1.0]}, index=codes)
    data = ByCode(Table("t", "T", frame, "EUR"))
    groups = pd.DataFrame(
        {"difference_b": [1.0, 2.0], "difference_c": [3.0, 4.0]},
        index=pd.Index(["Utrecht", "Zeeland"], name="province"),
    )
    (drawn,) = default_charts(data, data.columns[1], [Table("by_province", "", groups, "EUR")], "nl")
    assert (drawn.x, drawn.y) == ("province", ("difference_b", "difference_c"))
    assert drawn.title == "Verschil B met A, meer (+) / minder (-) per provincie"
    assert default_charts(data, data.columns[1], [Table("by_province", "", groups.iloc[:1], "EUR")], "nl") == []
    other = groups.rename(columns={"difference_b": "x", "difference_c": "y"})
    assert default_charts(data, data.columns[1], [Table("by_province", "", other, "EUR")], "nl") == []


def test_long_names_stand_on_lines_of_their_own() -> None:
    name = "eenmalige kosten van alle gemeenten samen in het hele land"
    frame = pd.DataFrame({"kosten": [0.25]}, index=pd.Index([name], name="post"))
    found = specification(Chart(title="T", frame=frame, kind="bars", x="post", y=("kosten",)))
    bars = found["layer"][0]
    assert found["data"]["values"][0]["x"] == "eenmalige kosten van alle\ngemeenten samen in het\nhele land"
    assert bars["encoding"]["y"]["scale"]["domain"] == [found["data"]["values"][0]["x"]]
    assert bars["encoding"]["x"]["axis"]["format"] == ",.2f"


def test_bars_leave_room_for_their_figures_at_any_width() -> None:
    """The domain is stated in pixels: at 150 wide a label of 12 letters has as much room as at 600."""
    frame = pd.DataFrame({"amount": [21_900_000.0, -14_849.21]}, index=pd.Index(["a", "b"], name="item"))
    frame = describe(frame, units={"amount": "EUR"})
    found = specification(Chart(title="T", frame=frame, kind="bars", x="item", y=("amount",)))
    assert [row["a"] for row in found["data"]["values"]] == ["€ 21,9 mln", "- € 15.000"]
    low, high = (end["expr"] for end in found["layer"][0]["encoding"]["x"]["scale"]["domain"])
    for width in (150, 600):
        least, most = (eval(end, {"max": max, "width": width}) for end in (low, high))  # noqa: S307
        pixel = (most - least) / width
        assert (most - 21_900_000.0) / pixel >= 10 * 6
        assert (-14_849.21 - least) / pixel >= 10 * 6


def test_the_levels_of_a_waterfall_have_no_sign() -> None:
    frame = describe(pd.DataFrame({"change": [158_234.0, -8_613.0]}, pd.Index(["growth", "tariff"], name="cause")),
                     units={"change": "EUR"})  # fmt: skip
    found = specification(Chart(title="T", frame=frame, kind="steps", x="cause", y=("change",), start=26_167_351.0))
    across = found["layer"][0]["encoding"]["x"]
    assert across["title"] == "bedrag (€ mln)"
    assert "+" not in across["axis"]["labelExpr"]
    assert [row["a"] for row in found["data"]["values"]] == [
        "€ 26,2 mln", "+ € 158.000", "- € 8.613", "€ 26,3 mln",
    ]  # fmt: skip


def test_more_charts_come_after_those_a_page_has_by_itself() -> None:
    frame = pd.DataFrame({"fee": [1.0, 2.0, 4.0]}, index=pd.Index(["GM0014", "GM0344", "GM0363"], name="code"))
    report = Report("Contributie", (Table("fees", "", frame, "EUR"),))
    own = focus_of(report).charts
    assert len(own) > 0
    assert [one.title for one in focus_of(replace(report, more_charts=(chart(),))).charts] == [
        *(one.title for one in own), "Effect",
    ]  # fmt: skip
    given = replace(report, charts=(chart(title="Een"),), more_charts=(chart(title="Twee"),))
    assert [one.title for one in focus_of(given).charts] == ["Een", "Twee"]
