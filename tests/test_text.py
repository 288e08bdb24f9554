"""Text from outside: what no text may hold is refused at the door; what people write passes, however it looks."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from model_files import FUND

import ggu_costs as ggu
from ggu_costs.errors import Fault, InputError, ModelFileError
from ggu_costs.report.tables import json_bytes
from ggu_costs.text import on_screen, one_line, unclean, visible, web_address

REFUSED = {
    "\x00": "a control character", "\x07": "a control character", "\x1b": "a control character",
    "\x7f": "a control character", "\x85": "a control character", "\x9b": "a control character",
    "\u202a": "an invisible mark that turns the direction of text",
    "\u202e": "an invisible mark that turns the direction of text",
    "\u2066": "an invisible mark that turns the direction of text",
    "\ud800": "half a character",
    "\ufdd0": "no character", "\uffff": "no character", "\U0010ffff": "no character",
}  # fmt: skip
PEOPLE_WRITE = [
    "'s-Gravenhage & Súdwest-Fryslân", "Stro\u0308m", "Bergen (NH.)", "a\tb\r\nc", "50 % = € 1,00; A < B > C",
    "قانون\u200f!",
    "👩\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e007f", "soft\u00adhyphen\u200b\ufeff\u00a0", "a\u2028b", "東京",
    "{{ 7*7 }} ${x} $y^2$", "_x000D_", "=1+1", "]]>", "-- x --",
]  # fmt: skip


@pytest.mark.parametrize("sign", REFUSED, ids=ascii)
def test_what_no_text_may_hold_is_named(sign: str) -> None:
    assert unclean(f"Gr{sign}oningen") == f"holds U+{ord(sign):04X}, {REFUSED[sign]}"
    assert visible(f"Gr{sign}n") == f"Gr{ascii(sign)[1:-1]}n"


@pytest.mark.parametrize("text", PEOPLE_WRITE, ids=ascii)
def test_what_people_write_passes_and_is_shown_as_it_is(text: str) -> None:
    assert (unclean(text), visible(text)) == ("", text)


def is_seen(sign: str) -> bool:
    return sign == "\n" or not (
        unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(sign) in TURNING
    )


TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@cases(200)
@given(st.text(st.characters(codec=None, categories=None)))  # type: ignore[arg-type]
def test_no_text_at_all_moves_a_terminal(text: str) -> None:
    shown = on_screen(text)
    assert all(map(is_seen, shown))
    assert not set(shown) & set("\u200e\u200f\u061c")
    assert shown.encode().decode() == shown
    assert "\n" not in one_line(text)
    assert on_screen(shown) == shown
    assert unclean(visible(text)) == ""


def test_json_is_read_back_with_every_sign() -> None:
    text = "".join(REFUSED) + "\U0001fffe\u202e ½"
    written = json_bytes({"title": text, text: 1})
    assert json.loads(written) == {"title": text, text: 1}
    assert not [sign for sign in written.decode() if not is_seen(sign)]


def test_only_web_and_mail_addresses_become_links() -> None:
    good = ["https://vng.nl/a?b=1&c=%20#d", "HTTP://vng.nl", "mailto:fonds@vng.nl", "https://vng.nl/één"]
    bad = ["javascript:alert(1)", "data:text/html,x", "https:", "https://", " https://vng.nl", "https://a b",
           "file:///etc", 'https://a"onclick',
           "https://a\nb", "https://a\x1b", "//vng.nl", "vbscript:x", "mailto:", "https:\\\\a"]  # fmt: skip
    assert [web_address(each) for each in good] == good
    assert [web_address(each) for each in bad] == [""] * len(bad)


def fund(**changes: Any) -> dict[str, Any]:
    import tomllib
    from decimal import Decimal

    return {**tomllib.loads(FUND, parse_float=Decimal), **changes}


@pytest.mark.parametrize("sign", REFUSED, ids=ascii)
def test_a_model_with_text_that_no_text_may_be_is_refused_whole(sign: str) -> None:
    file = fund(title=f"Fonds{sign}", notes=["goed", f"{sign}x"])
    file["sources"]["besluit"]["url"] = f"https://a/{sign}"
    with pytest.raises(ModelFileError) as caught:
        ggu.open_model(file)
    told = f"holds U+{ord(sign):04X}, {REFUSED[sign]}"
    remedy = "Type this text anew, without signs that cannot be seen."
    assert sorted(caught.value.faults, key=lambda fault: fault.where) == [
        Fault("notes[1]", told, "", remedy), Fault("sources.besluit.url", told, "", remedy),
        Fault("title", told, "", remedy),
    ]  # fmt: skip
    assert all(map(is_seen, str(caught.value)))


def test_a_key_of_a_model_is_text_too(tmp_path: Path) -> None:
    path = tmp_path / "fund.toml"
    path.write_text(FUND.replace("[inputs.taxed_share]", '[inputs."tax\\u001B]8;;x"]'), encoding="utf-8")
    with pytest.raises(ModelFileError, match=r"the key inputs\.tax\\x1b\]8;;x: holds U\+001B") as caught:
        ggu.open_model(path)
    assert all(map(is_seen, str(caught.value)))


@pytest.mark.parametrize("text", PEOPLE_WRITE, ids=ascii)
def test_a_model_takes_what_people_write(text: str) -> None:
    opened = ggu.open_model(fund(title=text, notes=[text], description=text))
    assert (opened.definition.title, opened.definition.notes) == (text, (text,))


@pytest.mark.parametrize("sign", REFUSED, ids=ascii)
def test_a_table_with_text_that_no_text_may_be_is_refused_whole(sign: str) -> None:
    rows = [{"code": "GM0363", "group": f"a{sign}"}, {"code": "GM0344", "group": sign}]
    for source in (rows, pd.DataFrame(rows)):
        with pytest.raises(InputError) as caught:
            ggu.read_labels(source)
        assert [fault.found for fault in caught.value.faults] == [
            f"a cell holds U+{ord(sign):04X}, {REFUSED[sign]}"
        ] * 2
        assert all(map(is_seen, str(caught.value)))


def test_errors_quote_what_is_not_clean_so_that_it_can_be_seen() -> None:
    with pytest.raises(ggu.GguCostsError) as caught:
        ggu.municipalities(2024, columns=["\x1b[31mrood\x1b]8;;https://x\x07\u202e\r"])
    assert all(map(is_seen, str(caught.value)))
    assert "rood" in str(caught.value)
