"""Messages: a key with its facts is Dutch text, and is said in another language at the end."""

import copy
import pickle
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from string import Formatter

import pytest

from ggu_costs.errors import UnknownNameError
from ggu_costs.words import messages
from ggu_costs.words.languages import LANGUAGES, vocabularies
from ggu_costs.words.messages import Message, message, say, say_all


def test_a_message_is_its_dutch_text() -> None:
    note = message("mergers_unknown_after", year=2025)
    assert note == "Herindelingen na 2025 zijn niet meegenomen."
    assert {note} == {str(note)}
    assert say(note, "en") == "Mergers after 2025 are not included."
    assert say("Weesp", "en") == "Weesp"
    assert say_all([note, "Weesp"]) == [note, "Weesp"]


def test_facts_are_written_as_each_language_does() -> None:
    left = message("after_path_full", years=4, count=12, left=Fraction(1_234_567, 100))
    assert left.endswith("voor 12 gemeenten; nog te verschuiven € 12.345,67.")
    assert say(left, "en").endswith("for 12 municipalities; still to be moved: €12,345.67.")
    assert say(messages.percent(0.125), "en") == "12.5%"
    assert say(messages.number(1234, decimals=1), "en") == "1,234.0"
    assert say(messages.euro(None, pm=True), "en") == "PM"
    assert say(messages.euro(3, decimals=0, plus=True)) == "+ € 3"
    assert say(messages.day(date(2022, 3, 24)), "en") == "24 March 2022"


def test_messages_in_a_message_follow_its_language() -> None:
    inner = message("merged", old="Weesp", new="Amsterdam")
    note = message("carried", what="inhabitants", day="2022-01-01", names=[inner])
    assert note == "Inwoners van 1 januari 2022 overgebracht bij herindeling: Weesp naar Amsterdam."
    assert say(note, "en") == "Inhabitants of 1 January 2022 carried over mergers: Weesp into Amsterdam."
    assert say(messages.joined([messages.word("vat"), inner], "; "), "en") == "VAT; Weesp into Amsterdam"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])  # noqa: S301
def test_a_message_stays_one_when_copied(again: object) -> None:
    note = message("without_pm", names=["ICT", messages.word("vat")])
    other = again(note)  # type: ignore[operator]
    assert isinstance(other, Message)
    assert (other, other.key, dict(other.facts)) == (note, note.key, dict(note.facts))
    assert say(other, "en") == "Excluding PM: ICT, VAT."


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        say("Weesp", "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_has_the_facts_of_the_dutch_one(lang: str) -> None:
    def facts(template: str) -> set[str]:
        parsed = list(Formatter().parse(template))
        inside = (part for _, _, how, _ in parsed for part in Formatter().parse(how or ""))
        return {field for _, field, _, _ in (*parsed, *inside) if field}

    dutch, words = vocabularies("nl")["message"], vocabularies(lang)["message"]
    assert {key: facts(text) for key, text in words.items()} == {key: facts(text) for key, text in dutch.items()}


def test_every_template_is_used() -> None:
    package = Path(messages.__file__).parents[1]
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    code = re.sub(r"^ *>>>.*", "", code, flags=re.MULTILINE)  # an example alone is no use
    patterns = [re.sub(r"\{[^}]*\}", r"\\w+", name) for name in re.findall(r'message\(\s*f"([^"]+)"', code)]
    made = {"full", "residual"}  # of a code name
    unused = {key for key in vocabularies("nl")["message"] if f'"{key}"' not in code} - made
    assert not {key for key in unused if not any(re.fullmatch(pattern, key) for pattern in patterns)}


def test_every_phrase_of_the_page_is_asked_for() -> None:
    package = Path(messages.__file__).parents[1]
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    template = "".join(path.read_text(encoding="utf-8") for path in (package / "report/templates").iterdir())
    asked = {*re.findall(r"phrase\(\s*[\"'](\w+)", code), *re.findall(r"words\.(\w+)", template)}
    patterns = [re.sub(r"\{[^}]*\}", r"\\w+", name) for name in re.findall(r"phrase\(\s*f[\"']([\w{}]+)", code)]
    lines = {"place_by_size", "place_by_rate"}  # of a summary
    faults = {"no_listing", "damaged_listing", "no_seal"}  # of a folder
    unused = set(vocabularies("nl")["page"]) - asked - lines - faults
    assert not {key for key in unused if not any(re.fullmatch(pattern, key) for pattern in patterns)}


@pytest.mark.parametrize(("count", "words"), [(1, "1 participant"), (2, "2 participants")])
def test_one_is_no_plural(count: int, words: str) -> None:
    assert say(message("count_of_participants", count=count), "en") == words
