from typing import get_args

import pytest

from ggu_costs.errors import UnknownNameError
from ggu_costs.modelfile.values import Unit
from ggu_costs.words.label import VOCABULARIES, banner, label, names_in, words_of
from ggu_costs.words.languages import LANGUAGES, vocabularies


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("name", "gemeente"),
        ("inhabitants", "inwoners"),
        ("contribution", "bijdrage"),
        ("fee", "contributie"),
        ("per_inhabitant", "per inwoner"),
        ("vat", "btw"),
        ("recoverable_vat", "compensabele btw"),
        ("net", "netto na BCF"),
        ("difference_b", "verschil B met A, meer (+) / minder (-)"),
        ("advance", "voorschot"),
        ("final", "definitief"),
        ("settlement", "afrekening"),
    ],
)
def test_columns(name: str, word: str) -> None:
    assert label(name) == word


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("enacted", "vastgesteld"),
        ("proposed", "voorgesteld"),
        ("actual", "gerealiseerd"),
        ("published", "gepubliceerd"),
        ("estimated", "geraamd"),
        ("derived", "afgeleid"),
        ("illustrative", "FICTIEF VOORBEELD"),
    ],
)
def test_statuses(status: str, word: str) -> None:
    assert label(status, of="status") == word


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_name_has_words_in_every_language(lang: str) -> None:
    dutch, words = vocabularies("nl"), vocabularies(lang)
    assert words.keys() == dutch.keys()
    for vocabulary, known in dutch.items():
        assert list(words[vocabulary]) == list(known), (
            vocabulary
        )  # in the same order, so that the files can be read side by side
        empty = {name for name, text in words[vocabulary].items() if not text}
        assert empty <= ({"in_dutch"} if vocabulary == "page" else set()), (
            vocabulary
        )  # of what only other languages say


def test_size_classes_have_their_numbers() -> None:
    assert [label(name, of="size_class")[0] for name in range(1, 9)] == list("12345678")


def test_letters_and_years() -> None:
    assert label("contributions_2024") == "bijdragen 2024"
    assert label("per_inhabitant 2024") == "per inwoner 2024"
    assert label("redistribution_c", "en") == "redistribution (at equal totals) C"
    assert label("own_growth") == "eigen groei van inwoners"  # a cause as a column
    assert label("Totaal inclusief btw") == "Totaal inclusief btw"


def test_unknown_names() -> None:
    assert label("own_reserve") == "own reserve"
    assert label(2021) == "2021"
    with pytest.raises(UnknownNameError, match="unknown vocabulary 'colour'"):
        label("net", of="colour")
    with pytest.raises(UnknownNameError, match="unknown language 'de'"):
        label("net", "de")


def test_the_banner_names_itself_in_any_language() -> None:
    assert banner("nl") == "FICTIEF VOORBEELD"
    assert banner("en").startswith("FICTIEF VOORBEELD")


def test_names_made_of_other_names() -> None:
    assert label("p5_error") == "simulatiefout P5"
    assert label("second_p5_error", "en") == "simulation error of P5, second shape"
    assert label("shapley_low") == "Shapley, ondergrens"
    assert label("national_samen") == "landelijk, samen"
    assert label("difference_samen", "en") == "samen: difference from the first"
    assert label("half_year_2021-H1_parts") == "halfjaarrapportage 2021-H1 per onderdeel"
    assert label("underspend_2021_to") == "bestemming van onderbesteding 2021"
    assert label("own_error") == "own error"  # of what has no words


def test_keys_of_model_files() -> None:
    assert words_of("lines.ict-eenmalig.amount", of="item") == "kostenposten: ict-eenmalig: bedrag"
    assert words_of("fee.brackets[1].rate from 2023", "en", of="item") == "fee: bracket 2: rate from 2023"
    assert words_of("drivers.bouw.mode", of="item").endswith(": meest waarschijnlijk (modus)")
    assert words_of("fee.mode", of="item") == "contributie: wijze"
    assert words_of("map_date", of="item") == "gemeentelijke indeling per"
    assert words_of("ict-eenmalig", of="item") == ""


def test_every_unit_has_words() -> None:
    assert set(get_args(Unit)) <= names_in("unit").keys()


def test_a_language_is_one_file() -> None:
    assert LANGUAGES == ("nl", "en")
    assert not {name for name in VOCABULARIES if not names_in(name)}
    assert names_in("no vocabulary") == {} == names_in("page")
