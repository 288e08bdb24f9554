import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from ggu_costs.display.html import table
from ggu_costs.errors import InputError


def bill(count: int) -> pd.DataFrame:
    codes = pd.Index([f"GM{place:04d}" for place in range(count)], name="code")
    frame = pd.DataFrame(
        {"name": [f"Plaats {p}" for p in range(count)], "contribution": np.arange(count) + 0.5}, index=codes
    )
    frame.attrs["units"] = {"contribution": "EUR"}
    return frame


def cells(text: str) -> list[list[str]]:
    root = ET.fromstring(text)  # noqa: S314 (our own text); it must be well-formed
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]


def test_short_tables_are_shown_in_full() -> None:
    shown = cells(table(bill(3), title="Bijdrage 2020", total=["contribution"]))
    assert shown == [
        ["code", "gemeente", "bijdrage"],
        ["GM0000", "Plaats 0", "€ 0,50"],
        ["GM0001", "Plaats 1", "€ 1,50"],
        ["GM0002", "Plaats 2", "€ 2,50"],
        ["totaal", "", "€ 4,50"],
    ]


def test_long_tables_show_head_and_tail_and_total_all_rows() -> None:
    shown = cells(table(bill(1255), rows=5, total=["contribution"]))
    assert [row[0] for row in shown[1:]] == [
        "GM0000", "GM0001", "GM0002", "… 1.250 regels niet getoond …", "GM1253", "GM1254", "totaal",
    ]  # fmt: skip
    assert shown[-1][-1] == "€ 787.512,50"
    assert "1,250 rows not shown" in table(bill(1255), rows=5, lang="en")
    assert len(cells(table(bill(12)))) == 13


def test_markup_stays_text() -> None:
    frame = bill(1)
    frame["name"] = "<script>alert(1)</script>"
    frame["<b>"] = "&"
    text = table(frame, title='<img src="x">', notes=["<i>"])
    assert not re.search(r"<(script|img|i|b)>|<img ", text.replace("<b>&lt;", "&lt;"))
    assert cells(text)[1][1] == "<script>alert(1)</script>"


def test_figures_are_aligned_right() -> None:
    text = table(bill(1))
    assert re.search(r'text-align:right">€ 0,50<', text)
    assert re.search(r'text-align:left">Plaats 0<', text)


def test_banner() -> None:
    frame = bill(1)
    assert "FICTIEF" not in table(frame)
    frame.attrs["illustrative"] = True
    assert "FICTIEF VOORBEELD" in table(frame)


def test_memorandum_items_are_named_below() -> None:
    frame = bill(2)
    frame["net"] = [1.0, np.nan]
    shown = table(frame, units={"net": "EUR"}, pm=["net"], total=["net"])
    assert cells(shown)[2][3] == "PM"
    assert "netto na BCF: exclusief PM (1 keer nog onbekend)." in shown
    unknown = table(frame, units={"net": "EUR"}, total=["net"])
    assert cells(unknown)[-1][-1] == "onbekend"


def test_only_figures() -> None:
    assert cells(table(pd.DataFrame({"fee": [1, 2]}), total=["fee"]))[-1] == ["3"]


def test_bad_input() -> None:
    with pytest.raises(InputError, match="rows is 1"):
        table(bill(1), rows=1)
