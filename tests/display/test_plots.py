import builtins
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ggu_costs.display.drawn import plots
from ggu_costs.errors import GguCostsError, InputError, UnknownNameError

AMOUNTS = pd.DataFrame({"effect": [-1200.5, 0.0, 3.2e6]}, index=["Noord", "Midden", "Zuid"])
EFFECTS = pd.DataFrame(
    {
        "name": ["Eiland", "Dorp", "Stad"],
        "inhabitants": [900, 25_000, 800_000],
        "effect_per_inhabitant": [30.5, 0.0, -0.4],
    }
)
PHASE = pd.DataFrame({"moved": [1e6, 3e6], "phi": [0.33, 1.0]}, index=[2026, 2027])
PARTS = pd.DataFrame(
    {"budget": [30e6, 22.3e6], "actual": [14e6, 0.0], "forecast": [29e6, 20e6]},
    index=pd.Index(["structural", "project"], name="part"),
)
SAVING = pd.DataFrame({"alone": [120.0, 80.0, 0.0], "joint": [90.0, 85.0, 5.0]}, index=["Noord", "Zuid", "Nieuw"])
CAUSES = pd.Series({"mergers": 0.0, "index": 3200.0, "key": -750.5})

DRAWN: Mapping[str, Callable[..., Figure]] = {
    "bars": lambda **more: plots.bars(AMOUNTS, column="effect", **more),
    "causes": lambda **more: plots.causes(CAUSES, before=199_774.06, **more),
    "effects": lambda **more: plots.effects(EFFECTS, **more),
    "phase_in": lambda **more: plots.phase_in(PHASE, **more),
    "shares": lambda **more: plots.shares(PARTS, **more),
    "saving": lambda **more: plots.saving(SAVING, **more),
}


def texts(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


@pytest.mark.parametrize("name", DRAWN)
def test_every_plot_carries_title_source_and_banner(name: str) -> None:
    figure = DRAWN[name](title="Kosten < $5 en $x^2$", source="CBS", illustrative=True)
    assert isinstance(figure, Figure)
    assert {"Kosten < $5 en $x^2$", "Bron: CBS", "FICTIEF VOORBEELD"} <= set(texts(figure))
    assert "FICTIEF VOORBEELD" not in texts(DRAWN[name]())
    assert figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", DRAWN)
def test_english(name: str) -> None:
    words = texts(DRAWN[name](lang="en", source="CBS"))
    assert "Source: CBS" in words
    assert not {"bijdrage", "was", "begroting", "Verschoven bedrag", "ieder voor zich", "betaalt meer (1)"} & set(words)


def test_no_global_state_is_touched() -> None:
    code = (
        "import sys, pandas as pd\n"
        "from ggu_costs.display.drawn import plots\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import matplotlib; before = matplotlib.rcParams.copy()\n"
        "plots.bars(pd.DataFrame({'effect': [1.0]}), column='effect')._repr_png_()\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert matplotlib.rcParams.copy() == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bars_show_sign_and_amount() -> None:
    words = texts(plots.bars(AMOUNTS, column="effect"))
    assert {"€ -1.201", "€ 0", "€ +3,2 mln", "Noord", "meer (+) / minder (-) bijdrage"} <= set(words)
    positive = plots.bars(AMOUNTS.abs(), column="effect")
    assert positive.axes[0].get_xlim()[0] == 0
    faces = [bar.get_facecolor() for bar in plots.bars(AMOUNTS, column="effect").axes[0].patches]
    assert faces[0] != faces[2]


def test_size_classes_get_their_words() -> None:
    frame = pd.DataFrame({"fee": [12.25]}, index=pd.Index([4], name="size_class"))
    assert {"4 (20.000 tot 50.000)", "€ 12,25"} <= set(texts(plots.bars(frame, column="fee")))


def test_causes_lead_from_before_to_after() -> None:
    axes = plots.causes(CAUSES, before=199_774.06).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["was", "indexering", "verdeelsleutel", "wordt"]
    assert [text.get_text() for text in axes.texts] == ["€ 199.774,06", "€ +3.200,00", "€ -750,50", "€ 202.223,56"]
    lengths = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    assert lengths == [(199_774.06, 3200.0), (202_974.06, -750.5)]


def test_a_bill_that_did_not_change() -> None:
    axes = plots.causes(CAUSES * 0, before=10.0).axes[0]
    assert [text.get_text() for text in axes.texts] == ["€ 10,00", "€ 10,00"]


def test_effects_count_both_sides_and_name_the_largest() -> None:
    words = texts(plots.effects(EFFECTS))
    assert {"betaalt meer (1)", "betaalt minder (1)", "betaalt evenveel (1)", "Eiland", "Stad"} <= set(words)
    assert "Dorp" not in words
    assert "Eiland" not in texts(plots.effects(EFFECTS, named=0))


def test_names_never_cover_each_other() -> None:
    count = 40
    frame = pd.DataFrame(
        {
            "name": [f"Gemeente met een lange naam {place}" for place in range(count)],
            "inhabitants": np.full(count, 50_000),
            "effect_per_inhabitant": np.full(count, 0.01),
        }
    )
    figure = plots.effects(frame, named=count)
    figure.draw_without_rendering()
    boxes = [mpl.text.Text.get_window_extent(text) for text in figure.axes[0].texts]
    assert 1 < len(boxes) < count
    assert all(not box.count_overlaps(boxes[:place]) for place, box in enumerate(boxes))


def test_phase_in() -> None:
    words = texts(plots.phase_in(PHASE))
    assert {"2026", "2027", "€ 3,0 mln", "33,0%", "100,0%", "Verschoven bedrag"} <= set(words)


def test_shares_stack_up_to_the_total() -> None:
    figure = plots.shares(PARTS)
    assert {"€ 52,3 mln", "begroting", "realisatie", "prognose", "structurele activiteiten"} <= set(texts(figure))
    tops = [bar.get_y() + bar.get_height() for bar in figure.axes[0].containers[1]]
    assert tops == pytest.approx([52.3e6, 14e6, 49e6])


def test_saving_says_who_pays_more() -> None:
    words = texts(plots.saving(SAVING))
    assert {"bespaart € 30 (25,0%)", "kost € 5 meer (6,3%)", "kost € 5 meer"} <= set(words)


def test_long_names_are_cut() -> None:
    frame = AMOUNTS.rename(index={"Noord": "x" * 80, "Zuid": "woord " * 20})
    names = [text.get_text() for text in plots.bars(frame, column="effect").axes[0].get_yticklabels()]
    assert max(map(len, names)) <= 42
    assert all(names)


@pytest.mark.parametrize(
    ("draw", "match"),
    [
        (lambda: plots.bars(AMOUNTS.iloc[:0], column="effect"), "no rows"),
        (lambda: plots.bars(AMOUNTS.assign(effect="a"), column="effect"), "holds no figures"),
        (lambda: plots.bars(AMOUNTS.replace(0.0, np.nan), column="effect"), "effect: nan for Midden"),
        (lambda: plots.causes(CAUSES, before=float("nan")), "before: nan"),
        (lambda: plots.effects(EFFECTS.replace(900, 0)), "inhabitants: 0 for 0; allowed: finite figures, 1 or more"),
        (lambda: plots.phase_in(-PHASE), "moved: -1e\\+06 for 2026, 2027"),
        (lambda: plots.shares(pd.concat([PARTS] * 5)), "10 rows; allowed: at most 8"),
    ],
)
def test_what_cannot_be_drawn(draw: Callable[[], Figure], match: str) -> None:
    with pytest.raises(InputError, match=match):
        draw()


def test_a_turned_sign_is_not_drawn() -> None:
    frame = AMOUNTS.copy()
    frame.attrs["sign"] = "gemeentefonds"
    with pytest.raises(InputError, match="has the sign of the gemeentefonds"):
        plots.bars(frame, column="effect")


def test_unknown_column() -> None:
    with pytest.raises(UnknownNameError, match="unknown column 'efect'"):
        plots.bars(AMOUNTS, column="efect")


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "matplotlib":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for draw in DRAWN.values():
        with pytest.raises(GguCostsError, match=r'python -m pip install "ggu-costs\[plots\]"'):
            draw()


def test_names_come_in_order() -> None:
    names: Sequence[str] = [text.get_text() for text in plots.bars(AMOUNTS, column="effect").axes[0].get_yticklabels()]
    assert names == ["Noord", "Midden", "Zuid"]
