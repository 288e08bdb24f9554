"""Figures of each participant from a table: volumes, levels, amounts, quotes, tariffs; also when fewer or more join."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from oracles.procurement import CODES, open_case, tiers, value

from ggu_costs.catalogue import check_model
from ggu_costs.errors import InputError, ModelFileError

USE = pd.Series([60, 30, 10, 40, 20], index=CODES)


def given(name, unit="EUR"):
    money = {"vat": "excl", "price_level": "2024"} if unit.startswith("EUR") else {}
    return {"input": name, "unit": unit, **money, "status": "estimated", "by": "user"}


def need(unit="count", scope="municipality", **more):
    return {"unit": unit, "description": "x", "scope": scope, **more}


@pytest.fixture
def by_table(tables):
    """The small case with its volumes from a table."""
    tables["inputs"] = {"use": need()}
    tables["volumes"][0] = {"id": "units", "name": "stuks", "input": "use"}
    return tables


def test_exit_and_fewer_participants_with_volumes_of_a_table(tables, by_table):
    case = open_case(by_table, {"use": USE})
    assert case.split().total == 2660
    # without Assen: 1,000 + 4 x 100 + 50 x 10 + 80 x 6 = 2,380, so Assen adds 280
    left = case.exit("GM0106")
    assert left.added == 280
    fewer = case.with_changes(participants=["GM0014", "GM0114"])
    assert fewer.setup.volumes["units"].tolist() == [60, 40]
    assert fewer.split().total == 1000 + 200 + 500 + 300
    assert case.compare(fewer).to_frame().shape[0] == 5


def test_entry_with_a_volume_in_the_table(by_table):
    more = pd.concat([USE, pd.Series({"GM0119": 50})])  # Meppel may join
    case = open_case(by_table, {"use": more})
    assert case.split().total == 2660
    assert case.entry("GM0119").added == 100 + 50 * 6
    with pytest.raises(InputError, match="GM0119"):
        open_case(by_table, {"use": USE}).entry("GM0119")  # no figure of whoever joins
    with pytest.raises(InputError, match="GM9999"):
        open_case(by_table, {"use": pd.concat([USE, pd.Series({"GM9999": 5})])}).split()


def test_an_amount_of_each_participant_from_a_table(tables, tmp_path):
    tables["inputs"] = {"own": need("EUR")}
    tables["pools"][1]["per_participant"] = {"amount": given("own")}
    file = tmp_path / "own.csv"
    file.write_text("code,bedrag\n" + "".join(f"{code},{n}\n" for code, n in zip(CODES, (5, 6, 7, 8, 9), strict=True)))
    case = open_case(tables, {"own": file})
    assert case.split().by_pool()["join"].tolist() == [5, 6, 7, 8, 9]
    assert case.exit("GM0014").added == 5 + 60 * 6
    tables["case"]["duration"] = value(3, "count")
    assert open_case(tables, {"own": file}).split().by_pool()["join"].tolist() == [15, 18, 21, 24, 27]


def test_quotes_and_tariffs_of_each_from_tables(tables):
    tables["inputs"] = {"quote": need("EUR"), "tariff": need("EUR/unit")}
    row = {"from_volume": 0, "price": given("tariff", "EUR/unit")}
    tables["alternatives"]["stand_alone"] = {
        "once": given("quote"), "fixed": value(10), "volumes": [{"volume": "units", "tiers": [row]}],
    }  # fmt: skip
    tables["case"]["duration"] = value(2, "count")
    quotes = pd.Series([100, np.nan, 300, 400, 500], index=CODES)
    case = open_case(tables, {"quote": quotes, "tariff": pd.Series([1.5, 2, 3, 4, np.nan], index=CODES)})
    alone = case.setup.alone
    # once + 2 x (10 + volume x own tariff); PM where the quote or the tariff was left empty
    assert alone[[0, 2, 3]].tolist() == [100 + 20 + 180, 300 + 20 + 60, 400 + 20 + 320]
    assert np.isnan(alone[[1, 4]]).all()
    assert case.setup.alone_once.tolist()[2:4] == [300, 400]


def test_levels_by_number_from_a_table(tables):
    tables["inputs"] = {"level": need()}
    levels = [{"id": "basis", "cost": value(10)}, {"id": "plus", "cost": value(70)}]
    tables["pools"][1] = {"id": "service", "name": "S", "levels": {"levels": levels, "input": "level"}}
    case = open_case(tables, {"level": pd.Series([1, 1, 2, 1, 1], index=CODES)})
    assert case.setup.pools[1].total == 70
    assert case.exit("GM0109").added == 60 + 10 * 6
    with pytest.raises(InputError, match=r"levels\.input: no level of that number for GM0106, GM0109; allowed.*1 to 2"):
        open_case(tables, {"level": pd.Series([1, 0, 3, 1, 1], index=CODES)}).split()


def test_own_prices_in_the_ratchet(tables):
    tables["inputs"] = {"price": need("EUR/unit")}
    price = given("price", "EUR/unit")
    tables["ratchet"] = {
        "volume": "units",
        "contracts": [
            {"supplier": "A", "holders": ["municipality"], "price": price},
            {"supplier": "B", "holders": ["GR:NOORD"], "price": price},
        ],
    }
    result = open_case(tables, {"price": pd.Series([5, 4, 6, 7, 9], index=CODES)}).ratchet()
    assert (result.before.tolist(), result.after.tolist()) == ([5, 4, 6, 7, 9], [4, 4, 4, 4, 9])


def test_check_holds_the_form_of_an_input_to_the_place_that_names_it(by_table):
    by_table["inputs"] = {"use": need(scope="national"), "project": need("EUR")}
    by_table["pools"][0]["fixed"] = given("project")
    with pytest.raises(ModelFileError) as caught:
        check_model(by_table)
    assert {fault.where for fault in caught.value.faults} == {"volumes.units.input", "pools.project.fixed"}


def test_check_tests_the_assembled_case_without_its_inputs(by_table):
    check_model(by_table)
    levels = [{"id": "basis", "cost": value(10)}]
    by_table["pools"][1] = {"id": "s", "name": "S", "levels": {"levels": levels, "needs": {"GM0014": "basis"}}}
    with pytest.raises(ModelFileError, match="nothing for GM0106, GM0109, GM0114"):
        check_model(by_table)


def test_one_number_holds_for_each(tables):
    tables["inputs"] = {"tariff": need("EUR/unit", scope="either")}
    row = {"from_volume": 0, "price": given("tariff", "EUR/unit")}
    tables["alternatives"]["stand_alone"] = {"volumes": [{"volume": "units", "tiers": [row]}]}
    same = open_case(tables, {"tariff": 11}).setup.alone
    assert same.tolist() == open_case(tables, {"tariff": pd.Series(11, index=CODES)}).setup.alone.tolist()
    tables["alternatives"]["stand_alone"]["volumes"][0]["tiers"] = tiers((0, 11))
    del tables["inputs"]
    assert same.tolist() == open_case(tables).setup.alone.tolist()
