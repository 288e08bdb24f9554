import pytest

from ggu_costs.display.words import VOCABULARIES, banner, label
from ggu_costs.errors import UnknownNameError


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
        ("net", "netto"),
        ("effect", "meer (+) / minder (-) bijdrage"),
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


def test_every_pair_has_both_languages() -> None:
    for words in VOCABULARIES.values():
        for name, pair in words.items():
            assert all(pair), name
    assert [label(name, of="size_class")[0] for name in range(1, 9)] == list("12345678")


def test_letters_and_years() -> None:
    assert label("contributions_2024") == "bijdragen 2024"
    assert label("per_inhabitant 2024") == "per inwoner 2024"
    assert label("effect_per_inhabitant_c", "en") == "more (+) / less (-) contribution per inhabitant C"
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
