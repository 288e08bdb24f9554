"""Series with vintages: what each publication knew, factors, gaps, an index of one's own, and a driver made of it."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import open_index
from ggu_costs.errors import InputError, ModelFileError, UnknownNameError

CHANGE = {"unit": "share", "status": "illustrative", "by": "test"}


def value(year: int, vintage: str, change: float | None, **more: Any) -> dict[str, Any]:
    figure = {"mark": "pm"} if change is None else {"value": change}
    return {"year": year, "vintage": vintage, "change": {**CHANGE, **figure}, **more}


FILE: dict[str, Any] = {
    "schema": 1,
    "kind": "index",
    "id": "index/test",
    "title": "Proefindex",
    "checked_on": "2026-01-01",
    "years": [2021, 2022, 2023, 2024],
    "sources": {"own": {"title": "proef", "publisher": "test"}},
    "vintages": [
        {"id": "mev-2022", "name": "MEV 2023", "month": "2022-09"},
        {"id": "cep-2022", "name": "CEP 2022", "month": "2022-03"},
        {"id": "cep-2023", "name": "CEP 2023", "month": "2023-03"},
    ],
    "series": [
        {
            "id": "loon",
            "name": "loonvoet",
            "measure": "wages",
            "values": [
                value(2021, "cep-2022", 0.02),
                value(2022, "cep-2022", 0.03),
                value(2022, "mev-2022", 0.04),
                value(2023, "mev-2022", 0.05),
                value(2023, "cep-2023", 0.06),
                value(2024, "cep-2023", 0.03, low=0.01, high=0.06),
            ],
        },
        {
            "id": "prijs",
            "name": "prijs",
            "measure": "prices",
            "values": [
                value(2021, "cep-2022", 0.01),
                value(2022, "cep-2022", 0.02),
                value(2023, "cep-2023", None),
                value(2024, "cep-2023", 0.02),
            ],
        },
        {
            "id": "gewogen",
            "name": "gewogen index",
            "measure": "own",
            "weights": {"parts": {"loon": 0.7, "prijs": 0.3}, "status": "illustrative", "by": "test"},
        },
    ],
}


def opened(**changes: Any) -> Any:
    return open_index({**deepcopy(FILE), **changes})


def test_each_vintage_knows_what_had_been_published_by_then() -> None:
    index = opened()
    assert list(index.vintages) == ["cep-2022", "mev-2022", "cep-2023"]
    assert index.chain("loon", 2021, 2022, vintage="cep-2022").factor == Fraction("1.03")
    assert index.chain("loon", 2021, 2023, vintage="mev-2022").factor == Fraction("1.04") * Fraction("1.05")
    newest = index.chain("loon", 2021, 2023)
    assert newest.factor == Fraction("1.04") * Fraction("1.06")
    assert newest.vintages == {2022: ("mev-2022",), 2023: ("cep-2023",)}


def test_a_weighed_index_is_the_weighed_mean_and_unknown_where_a_part_is() -> None:
    index = opened()
    assert index.chain("gewogen", 2021, 2022).factor == 1 + Fraction("0.7") * Fraction("0.04") + Fraction(
        "0.3"
    ) * Fraction("0.02")
    across = index.chain("gewogen", 2021, 2024)
    assert across.factor is None
    assert across.unknown == (2023,)
    table = index.table("gewogen")
    assert table["factor"].isna().tolist() == [False, False, True, False]
    assert table.loc[2024, "factor"] == pytest.approx(1 + 0.7 * 0.03 + 0.3 * 0.02)  # starts anew after what is PM


def test_the_fee_from_2019_on_is_added_up_and_stops_at_2022() -> None:
    index = ggu.open_model("index/vng-contributie")
    known = index.table("contributie")
    assert known["change"].round(4).tolist()[:3] == [0.061, 0.032, 0.039]
    assert index.chain("contributie", 2018, 2021).factor == Fraction("1.061") * Fraction("1.032") * Fraction("1.039")
    (last,) = index.chain("contributie", 2023, 2024).links
    assert last.parts == {"loon-prijs": Fraction("0.051"), "ingroei": Fraction("0.010")}
    assert last.change == Fraction("0.061")  # added, not 1.051 x 1.010
    assert index.chain("contributie", 2018, 2024).factor is None
    assert index.chain("contributie", 2018, 2024).unknown == (2022,)


def test_a_revision_says_what_another_vintage_made_of_it() -> None:
    frame = opened().revision("loon", 2021, 2023, old="mev-2022")
    assert frame.loc["2023"].round(4).tolist() == [0.05, 0.06, 0.01]
    assert frame.loc["factor", "difference"] == pytest.approx(1.04 * 0.01)


def test_an_uncertain_year_is_a_driver_that_a_programme_takes() -> None:
    index = opened()
    driver = index.driver("loon", 2024)
    assert [float(driver[name]) for name in ("low", "mode", "high")] == [0.01, 0.03, 0.06]
    assert driver["by"] == "test"
    amount = {
        "value": 1_000_000,
        "unit": "EUR",
        "status": "illustrative",
        "by": "test",
        "vat": "none",
        "price_level": "2023",
    }
    day = {"value": "2024-01-01", "unit": "date", "status": "illustrative", "by": "test"}
    programme = ggu.open_programme(
        {
            "schema": 1,
            "kind": "programme",
            "id": "programmes/test",
            "title": "Proef",
            "checked_on": "2026-01-01",
            "years": [2024],
            "sources": FILE["sources"],
            "drivers": [driver],
            "programme": {"map_date": day, "counting_date": day, "prices": "current"},
            "simulation": {"seed": 1, "draws": 1024},
            "lines": [
                {
                    "id": "a",
                    "name": "loonkosten",
                    "kind": "cost",
                    "nature": "structural",
                    "amount": amount,
                    "key": {"parts": {"inhabitants": 1}, "status": "illustrative", "by": "test"},
                    "index": {
                        "series": "loonvoet",
                        "rate": "loon",
                        "base_year": 2023,
                        "status": "illustrative",
                        "by": "test",
                    },
                }
            ],
        }
    )
    result = programme.simulate(method="sobol")
    parts = programme.index_part().loc[2024]
    assert parts["without_index"] == pytest.approx(1_000_000)
    assert parts["index"] == pytest.approx(1_000_000 * 0.1 / 3, rel=0.02)  # 1,024 plain draws
    with pytest.raises(InputError, match="no line has an index"):
        ggu.open_programme("programmes/omgevingswet/2021").index_part()
    mean = float(result.national("structural")["mean"].iloc[0])
    assert mean == pytest.approx(1_000_000 * (1 + (0.01 + 0.03 + 0.06) / 3), rel=1e-4)


def test_what_is_asked_and_not_there_is_told_at_once() -> None:
    index = opened()
    with pytest.raises(UnknownNameError, match="loonn"):
        index.chain("loonn", 2021, 2022)
    with pytest.raises(InputError) as caught:
        index.chain("loon", 2021, 2025, vintage="cep-2030")
    assert [str(fault) for fault in caught.value.faults] == [
        "vintage: 'cep-2030'; allowed: cep-2022, mev-2022, cep-2023. "
        "Add the values of that publication to a file of your own.",
        "series.loon: no value of 2025; allowed: a value or mark of every year",
    ]
    with pytest.raises(InputError, match="no value of 2023 by cep-2022") as early:
        index.chain("loon", 2021, 2023, vintage="cep-2022")
    assert "A later publication may have it." in str(early.value)
    with pytest.raises(InputError, match="without low and high"):
        index.driver("loon", 2023)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    series = deepcopy(FILE["series"])
    del series[1]["values"][2]  # a gap
    series[0]["values"].append(value(2022, "mev-2022", 0.01))
    series[0]["values"].append(value(2030, "cep-2033", 0.01))
    series[2]["weights"]["parts"] = {"loon": 0.7, "prijzen": 0.2}
    with pytest.raises(ModelFileError) as caught:
        opened(series=series)
    told = "\n".join(map(str, caught.value.faults))
    for part in (
        "series.prijs.values: a gap: no value of 2023; allowed: a value or mark of every year between",
        "year 2030; allowed: a year of the file: 2021 to 2024",
        "vintage 'cep-2033'; allowed: an id of [[vintages]]",
        "2022 of mev-2022 2 times",
        "unknown series 'prijzen'; allowed: an id of [[series]]",
        "the fractions add up to 0.9",
    ):
        assert part in told


def test_the_file_of_the_next_year_does_not_load_before_it_is_filled_in() -> None:
    from ggu_costs.catalogue import read_model
    from ggu_costs.modelfile.template import next_model

    made = next_model(read_model("index/vng-contributie"), "index/own-2025")
    assert "besluit-2025" in made.text
    with pytest.raises(InputError, match="Give 2025"):
        next_model(read_model("index/vng-contributie"), "index/own-2027")
