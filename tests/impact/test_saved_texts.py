"""What a saved result says stays a message; what no message can be is one error."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from saved_files import remade
from small_programmes import uniform_cost

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.impact.saved.texts import plain, read_text
from ggu_costs.words.messages import Message, day, euro, joined, message, say, word


@pytest.fixture(scope="module")
def result():
    return ggu.open_programme("programmes/vroegsignalering").simulate(draws=16, seed=1)


def test_a_loaded_result_speaks_english(result, tmp_path):
    loaded = ggu.load_result(result.save(tmp_path / "r"))
    assert loaded.digest() == result.digest()
    for name in ("notes", "how_to_read"):
        before, after = getattr(result, name), getattr(loaded, name)
        assert after == tuple(before)
        assert [say(text, "en") for text in after] == [say(text, "en") for text in before]
    assert any(isinstance(note, Message) for note in loaded.notes)


def test_a_result_saved_as_text_loads(result, tmp_path):
    path = result.save(tmp_path / "r")

    def as_before(facts, _):
        facts["result"] |= {"notes": [str(note) for note in result.notes], "how_to_read": []}

    assert ggu.load_result(remade(path, as_before)).notes == tuple(result.notes)


FACTS = [
    message("merged", old="Weesp", new=word("vat")),
    joined([euro(Fraction(1, 3)), day(date(2024, 2, 29)), euro(Decimal("1E+2"), decimals=0), euro(float("nan"))], "; "),
    euro(float("inf"), plus=True),
    message("participation_in", year=2024),
    message("changed_title", title="x", changes=[message("participation_in", year=1), "y"]),
]


@pytest.mark.parametrize("said", FACTS)
def test_every_fact_comes_back(said):
    again = read_text(json.loads(json.dumps(plain(said))))
    assert isinstance(again, Message)
    assert [say(again, lang) for lang in ("nl", "en")] == [say(said, lang) for lang in ("nl", "en")]


def deep(levels):
    made = "x"
    for _ in range(levels):
        made = {"$message": "merged", "facts": {"old": made, "new": ""}}
    return made


WRONG = [
    {"$message": "no such key", "facts": {}},
    {"$message": 3, "facts": {}},
    {"$message": "participation_in"},
    {"$message": "participation_in", "facts": {}},
    {"$message": "participation_in", "facts": {"year": 1}, "more": 2},
    {"$message": "participation_in", "facts": {"year": {}}},
    {"$message": "participation_in", "facts": {"year": {"$code": "1"}}},
    {"$message": "participation_in", "facts": {"year": {"$date": "2024-02-31"}}},
    {"$message": "participation_in", "facts": {"year": {"$decimal": "1e999999999"}}},
    {"$message": "participation_in", "facts": {"year": {"$fraction": "1/0"}}},
    {"$message": "participation_in", "facts": {"year": "\x1b[2J"}},
    {"$message": "amount", "facts": {"value": 1, "how": "999999999"}},
    {"$message": "amount", "facts": {"value": 1, "how": "{value}"}},
    {"$message": "amount", "facts": {"value": "x", "how": "2"}},
    {"$message": "amount", "facts": {"value": [1], "how": "2"}},
    {"$message": "word", "facts": {"name": "x", "of": "date of birth"}},
    {"$message": "joined", "facts": {"parts": 3, "between": ", "}},
    deep(60),
    [],
    3,
    None,
]


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_what_is_no_message_is_one_error(wrong, tmp_path):
    with pytest.raises(ValueError, match=r"no|text|facts|month"):
        read_text(wrong)
    path = uniform_cost().simulate(8, seed=1).save(tmp_path / "r")
    with pytest.raises(InputError, match="no saved result, or a damaged one"):
        ggu.load_result(remade(path, lambda facts, _: facts["result"].update(title=wrong)))
