import builtins
import subprocess
import sys
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, get_args

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ggu_costs.display.chart import Chart, Kind
from ggu_costs.display.drawn.draw import draw
from ggu_costs.display.plots import Plots, page_charts
from ggu_costs.errors import GguCostsError, InputError, UnknownNameError

AMOUNTS = pd.DataFrame({"difference": [-1200.5, 0.0, 3.2e6]}, index=["Noord", "Midden", "Zuid"])
EFFECTS = pd.DataFrame(
    {
        "name": ["Eiland", "Dorp", "Stad"],
        "inhabitants": [900, 25_000, 800_000],
        "per_inhabitant_change": [30.5, 0.0, -0.4],
    }
)
PHASE = pd.DataFrame({"moved": [1e6, 3e6], "phi": [0.33, 1.0]}, index=[2026, 2027])
PHASE.attrs = {"units": {"phi": "share"}}
PARTS = pd.DataFrame(
    {"budget": [30e6, 22.3e6], "actual": [14e6, 0.0], "forecast": [29e6, 20e6]},
    index=pd.Index(["structural", "project"], name="part"),
)
SAVING = pd.DataFrame({"alone": [120.0, 80.0, 0.0], "joint": [90.0, 85.0, 5.0]}, index=["Noord", "Zuid", "Nieuw"])
CAUSES = pd.Series({"mergers": 0.0, "index": 3200.0, "key": -750.5})

STEPS = pd.DataFrame({"amount": [1e6, 2e6], "probability": [0.1, 0.9]})
RANGES = EFFECTS.assign(low=[20.0, -1.0, -2.0], high=[40.0, 1.0, 0.5])


def bars(frame: pd.DataFrame, column: str = "difference", x: str = "group", **more: Any) -> Chart:
    return Chart(**{"title": "T", "frame": frame, "kind": "bars", "x": x, "y": (column,)} | more)


def causes(changes: pd.Series, before: float = 199_774.06, **more: Any) -> Chart:
    frame = changes.rename_axis("cause").to_frame("change")
    return bars(frame, "change", "cause", kind="steps", start=before, **more)


def effects(frame: pd.DataFrame = EFFECTS, named: int = 3, **more: Any) -> Chart:
    return bars(frame, "per_inhabitant_change", "inhabitants", kind="points", named=named, **more)


def phase_in(frame: pd.DataFrame = PHASE) -> Chart:
    return bars(frame, x="year", kind="panels", y=("moved", "phi"))


def shares(frame: pd.DataFrame = PARTS) -> Chart:
    return bars(frame, x="part", kind="stack", y=("budget", "actual", "forecast"))


def saving() -> Chart:
    return bars(SAVING, kind="pair", y=("alone", "joint"))


CHARTS: Mapping[str, Chart] = {
    "bars": bars(AMOUNTS),
    "bars with ranges": bars(RANGES, "per_inhabitant_change", "name", low="low", high="high"),
    "bars of several": bars(SAVING, y=("alone", "joint")),
    "causes": causes(CAUSES),
    "effects": effects(),
    "phase_in": phase_in(),
    "shares": shares(),
    "saving": saving(),
    "line": bars(STEPS, "probability", "amount", kind="line", mark=(1.5e6, 0.5, "P50")),
    "years": bars(
        PHASE.rename_axis("year"), "moved", "year", kind="line", low="phi", high="moved", inner=("phi", "phi")
    ),
    "lines": bars(PHASE.rename_axis("year"), x="year", kind="line", y=("moved", "phi")),
    "draws": bars(PHASE.rename_axis("draws"), "moved", "draws", kind="line", low="phi", high="moved"),
    "ranges": bars(RANGES, "per_inhabitant_change", "inhabitants", kind="ranges", low="low", high="high"),
    "tornado": bars(RANGES, x="name", kind="tornado", y=("low", "high"), start=1.0),
}


def test_every_kind_is_drawn() -> None:
    assert {chart.kind for chart in CHARTS.values()} == set(get_args(Kind))


def texts(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def marked(chart: Chart, **more: Any) -> Chart:
    frame = chart.frame.copy()
    frame.attrs = {**frame.attrs, "illustrative": True}
    return replace(chart, frame=frame, **more)


@pytest.mark.parametrize("name", CHARTS)
def test_every_plot_carries_title_source_and_banner(name: str) -> None:
    figure = draw(marked(CHARTS[name], title="Kosten < $5 en $x^2$"), source="CBS")
    assert isinstance(figure, Figure)
    assert {"Kosten < $5 en $x^2$", "Bron: CBS", "FICTIEF VOORBEELD"} <= set(texts(figure))
    assert "FICTIEF VOORBEELD" not in texts(draw(CHARTS[name]))
    assert figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", CHARTS)
def test_english(name: str) -> None:
    words = texts(draw(CHARTS[name], lang="en", source="CBS"))
    assert "Source: CBS" in words
    assert not {"bijdrage", "was", "begroting", "Verschoven bedrag", "zelfstandig", "betaalt meer (1)"} & set(words)


def test_no_global_state_is_touched() -> None:
    code = (
        "import sys, pandas as pd\n"
        "from ggu_costs.display.chart import Chart\n"
        "from ggu_costs.display.drawn.draw import draw\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import matplotlib; before = matplotlib.rcParams.copy()\n"
        "frame = pd.DataFrame({'difference': [1.0]})\n"
        "draw(Chart(title='T', frame=frame, kind='bars', x='group', y=('difference',)))._repr_png_()\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert matplotlib.rcParams.copy() == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bars_show_sign_and_amount() -> None:
    words = texts(draw(bars(AMOUNTS, "difference")))
    assert {"- € 1.201", "€ 0", "+ € 3,2 mln", "Noord", "verschil, meer (+) / minder (-)"} <= set(words)
    positive = draw(bars(AMOUNTS.abs(), "difference"))
    assert positive.axes[0].get_xlim()[0] == 0
    faces = [bar.get_facecolor() for bar in draw(bars(AMOUNTS, "difference")).axes[0].patches]
    assert faces[0] != faces[2]


def test_size_classes_get_their_words() -> None:
    frame = pd.DataFrame({"fee": [12.25]}, index=pd.Index([4], name="size_class"))
    assert {"4 (20.000 tot 50.000)", "€ 12,25"} <= set(texts(draw(bars(frame, "fee", "size_class"))))


def test_causes_lead_from_before_to_after() -> None:
    axes = draw(causes(CAUSES)).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "was", "indexering (loon- en prijsbijstelling)", "andere verdeelsleutel", "wordt",
    ]  # fmt: skip
    assert [text.get_text() for text in axes.texts] == ["€ 199.774,06", "+ € 3.200,00", "- € 750,50", "€ 202.223,56"]
    lengths = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    assert lengths == [(199_774.06, 3200.0), (202_974.06, -750.5)]


def test_a_bill_that_did_not_change() -> None:
    axes = draw(causes(CAUSES * 0, 10.0)).axes[0]
    assert [text.get_text() for text in axes.texts] == ["€ 10,00", "€ 10,00"]


def test_effects_count_both_sides_and_name_the_largest() -> None:
    words = texts(draw(effects()))
    assert {"betaalt meer (1)", "betaalt minder (1)", "betaalt evenveel (1)", "Eiland", "Stad"} <= set(words)
    assert "Dorp" not in words
    assert "Eiland" not in texts(draw(effects(named=0)))


def test_names_never_cover_each_other() -> None:
    count = 40
    frame = pd.DataFrame(
        {
            "name": [f"Gemeente met een lange naam {place}" for place in range(count)],
            "inhabitants": np.full(count, 50_000),
            "per_inhabitant_change": np.full(count, 0.01),
        }
    )
    figure = draw(effects(frame, count))
    figure.draw_without_rendering()
    boxes = [mpl.text.Text.get_window_extent(text) for text in figure.axes[0].texts]
    assert 1 < len(boxes) < count
    assert all(not box.count_overlaps(boxes[:place]) for place, box in enumerate(boxes))


def test_phase_in() -> None:
    words = texts(draw(phase_in()))
    assert {"2026", "2027", "€ 3,0 mln", "33,0%", "100,0%", "Verschoven bedrag"} <= set(words)


def test_shares_stack_up_to_the_total() -> None:
    figure = draw(shares())
    assert {"€ 52,3 mln", "begroting", "realisatie", "prognose", "structurele activiteiten"} <= set(texts(figure))
    tops = [bar.get_y() + bar.get_height() for bar in figure.axes[0].containers[1]]
    assert tops == pytest.approx([52.3e6, 14e6, 49e6])


def test_saving_says_who_pays_more() -> None:
    words = texts(draw(saving()))
    assert {"bespaart € 30 (25,0%)", "kost € 5 meer (6,3%)", "kost € 5 meer"} <= set(words)


def test_long_names_are_cut() -> None:
    frame = AMOUNTS.rename(index={"Noord": "x" * 80, "Zuid": "woord " * 20})
    names = [text.get_text() for text in draw(bars(frame, "difference")).axes[0].get_yticklabels()]
    assert max(map(len, names)) <= 42
    assert all(names)


@pytest.mark.parametrize(
    ("chart", "match"),
    [
        (bars(AMOUNTS.iloc[:0]), "no rows"),
        (bars(AMOUNTS.assign(difference="a")), "holds no figures"),
        (bars(AMOUNTS.replace(0.0, np.nan)), "difference: nan for Midden"),
        (causes(CAUSES, float("nan")), "before: nan"),
        (effects(EFFECTS.replace(900, 0)), "inhabitants: 0 for 0; allowed: finite figures, 1 or more"),
        (phase_in(-PHASE), "moved: -1e\\+06 for 2026, 2027"),
        (shares(pd.concat([PARTS] * 5)), "10 rows; allowed: at most 8"),
    ],
)
def test_what_cannot_be_drawn(chart: Chart, match: str) -> None:
    with pytest.raises(InputError, match=match):
        draw(chart)


def test_a_turned_sign_is_not_drawn() -> None:
    frame = AMOUNTS.copy()
    frame.attrs["sign"] = "gemeentefonds"
    with pytest.raises(InputError, match="has the sign of the gemeentefonds"):
        draw(bars(frame, "difference"))


def test_unknown_column() -> None:
    with pytest.raises(UnknownNameError, match="unknown column 'efect'"):
        draw(bars(AMOUNTS, "efect"))


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "matplotlib":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for chart in CHARTS.values():
        with pytest.raises(GguCostsError, match=r'python -m pip install "ggu-costs\[plots\]"'):
            draw(chart)


def test_names_come_in_order() -> None:
    names: Sequence[str] = [text.get_text() for text in draw(bars(AMOUNTS, "difference")).axes[0].get_yticklabels()]
    assert names == ["Noord", "Midden", "Zuid"]


def test_a_result_lists_its_charts_by_name_and_draws_them() -> None:
    def by(group: str = "region", *, lang: str) -> Chart:
        """Draw the amounts."""
        return bars(AMOUNTS.rename_axis(group), x=group, title=f"{group} ({lang})")

    plot = Plots(by=by, shares=lambda *, lang: bars(PARTS, "budget", "part", title=lang))
    assert dir(plot) == ["by", "shares"]
    assert plot.by.__doc__ == "Draw the amounts."
    assert "province (en)" in texts(plot.by("province", lang="en"))
    assert {"Anders", "Bron: CBS"} <= set(texts(plot.by(title="Anders", source="CBS")))
    assert texts(plot.shares())
    with pytest.raises(AttributeError, match="no plot 'buy'; there are: by, shares"):
        plot.buy()
    assert dir(copy(plot)) == dir(plot)


def test_a_chart_goes_into_axes_that_are_given() -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert Plots(by=lambda *, lang: marked(bars(AMOUNTS), title="Links")).by(ax=left) is figure
    draw(effects(), ax=right)
    assert left.get_title(loc="left") == "FICTIEF VOORBEELD | Links"
    assert len(left.patches) == 3
    assert right.get_xscale() == "log"
    with pytest.raises(InputError, match="2 panels do not fit in one ax"):
        draw(phase_in(), ax=left)


def test_charts_of_a_page_are_those_named() -> None:
    def shares(most: int = 3, *, lang: str) -> Chart:
        return bars(PARTS.head(most), "budget", "part", title=lang)

    plot = Plots(("shares",), by=shares, shares=shares)
    assert dir(plot) == ["by", "shares"]
    assert [chart.title for chart in page_charts(plot)] == ["nl"]
    assert [chart.title for chart in page_charts(plot, "en")] == ["en"]
    assert page_charts(Plots(by=shares)) == ()
