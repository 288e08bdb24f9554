"""Finding and opening models: by id, path or mapping; own folders first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from model_files import FUND, changed, tables

import ggu_costs as ggu
from ggu_costs.catalogue import (
    KINDS,
    compare_models,
    definition_of,
    find_model,
    list_models,
    load_model,
    model_files,
    open_ballot,
    open_bundle,
    open_case,
    open_fee,
    open_fund,
    open_grant,
    open_index,
    open_joint_body,
    open_model,
    open_models,
    open_programme,
    read_model,
)
from ggu_costs.errors import InputError, ModelFileError, UnknownNameError


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def own(folder: Path, name: str, title: str) -> Path:
    return put(folder, name, changed(("funds/proef/2024", name), ("Proeffonds 2024", title)))


def test_the_shipped_models_are_listed() -> None:
    table = list_models()
    assert list(table.columns) == ["id", "kind", "title", "checked_on", "illustrative"]
    assert list(table.index) == list(table["id"]) == sorted(model_files())
    assert {"funds/ggu/2018", "funds/ggu/2019", "funds/ggu/2020", "fees/vng-contributie/2024"} <= set(table.index)
    assert table.loc["funds/ggu/2020", "kind"] == "fund"
    assert table.loc["funds/example-portfolio", "illustrative"]
    assert not table.loc["funds/ggu/2020", "illustrative"]


def test_own_folders_are_searched_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, first, second = (tmp_path / name for name in ("given", "first", "second"))
    for folder in (given, first, second):
        own(folder, "funds/ggu/2020", f"van {folder.name}")
    own(second, "funds/eigen", "alleen hier")
    assert open_model("funds/ggu/2020").title == "Fonds GGU 2020"
    monkeypatch.setenv("GGU_COSTS_MODELS", os.pathsep.join([str(first), "", str(second)]))
    assert open_model("funds/ggu/2020").title == "van first"
    assert open_model("funds/eigen").title == "alleen hier"
    assert open_model("funds/ggu/2020", models=given).title == "van given"
    assert open_model("funds/ggu/2019", models=given).title == "Fonds GGU 2019"
    assert list_models(given).loc["funds/eigen", "title"] == "alleen hier"


def test_a_folder_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GGU_COSTS_MODELS", str(tmp_path / "weg"))
    with pytest.raises(ModelFileError, match=r"weg: no such folder of models\nCheck --models and GGU_COSTS_MODELS"):
        open_model("funds/ggu/2020")


def test_by_id_by_path_and_by_mapping(tmp_path: Path) -> None:
    path = own(tmp_path, "funds/eigen", "Eigen")
    assert [open_model(source).id for source in (path, str(path), tables(("funds/proef/2024", "funds/eigen")))] == [
        "funds/eigen"
    ] * 3
    assert find_model("funds/eigen", tmp_path) == path


def test_an_id_that_is_unknown_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown model 'funds/ggu/2021'; there are: .*\n.*mean 'funds/ggu/20"):
        open_model("funds/ggu/2021")
    with pytest.raises(UnknownNameError, match="unknown kind of model 'fnd'"):
        definition_of("fnd")


@pytest.mark.parametrize("source", [None, 5, ["a"], b"x", "a\0b.toml"])
def test_what_is_no_model(source: object) -> None:
    with pytest.raises(InputError, match=r"is no model\nGive an id such as 'funds/ggu/2020' .*TOML file, or a mapping"):
        open_model(source)


def test_a_folder_or_data_of_another_type() -> None:
    with pytest.raises(InputError, match=r"models is a int\nGive the path"):
        open_model("funds/ggu/2020", models=5)
    for data in (5, [1], "x"):
        with pytest.raises(InputError, match=r"data is a (int|list|str)\nGive the inputs by name"):
            open_model("funds/ggu/2020", data)
        with pytest.raises(InputError, match="Give the inputs by name"):
            open_models(["funds/ggu/2020"], data)


def test_the_id_is_the_place_in_the_folder(tmp_path: Path) -> None:
    put(tmp_path, "funds/kopie", FUND)
    with pytest.raises(ModelFileError, match=r"id: 'funds/proef/2024'; allowed: 'funds/kopie'. The id is the place"):
        open_model("funds/kopie", models=tmp_path)
    assert read_model(tmp_path / "funds/kopie.toml").faults == ()  # by path there is no folder to compare with
    put(tmp_path, "funds/zonder", FUND.replace('id = "funds/proef/2024"\n', ""))
    with pytest.raises(ModelFileError, match="id: missing"):
        open_model("funds/zonder", models=tmp_path)


def test_listing_tells_the_faults_of_every_file(tmp_path: Path) -> None:
    put(tmp_path, "a", changed(("funds/proef/2024", "a"), ("0.21", "21")))
    put(tmp_path, "b", "niets")
    with pytest.raises(ModelFileError) as caught:
        list_models(tmp_path)
    count = len(model_files(tmp_path))
    assert caught.value.message == f"2 of {count} model files cannot be used"
    first, second = (str(fault) for fault in caught.value.faults)
    assert first.startswith(f"{(tmp_path / 'a.toml').as_posix()}: fund.vat.rate: 21 as a share")
    assert second.startswith(f"{(tmp_path / 'b.toml').as_posix()}: not valid TOML: ")
    assert second.endswith("Correct the line named.")


def test_each_kind_has_a_definition_and_a_model_that_opens() -> None:
    for kind in KINDS:
        assert definition_of(kind).model_fields.keys() >= {"id", "sources", "checked_on", "inputs"}
    for name in model_files():
        definition = open_model(name).definition
        assert definition.id == name
        assert definition.sources


OPENERS = {
    "fund": (open_fund, "funds/ggu/2020"),
    "fee": (open_fee, "fees/vng-contributie/2024"),
    "procurement": (open_case, "procurement/gt-mobiel-1"),
    "programme": (open_programme, "programmes/omgevingswet/2021"),
    "ballot": (open_ballot, "ballots/one-each"),
    "grant": (open_grant, "grants/gemeentefonds/septembercirculaire-2024/2025"),
    "joint-body": (open_joint_body, "joint-bodies/example-shared-services"),
    "bundle": (open_bundle, "bundles/example-stapeling"),
    "index": (open_index, "index/vng-contributie"),
}


def _told(opener: Any) -> str:
    """Name of a function as a user finds it: in the library, else in the catalogue."""
    return opener.__name__ if hasattr(ggu, opener.__name__) else f"catalogue.{opener.__name__}"


def test_every_kind_has_a_function_that_opens_it() -> None:
    assert list(OPENERS) == list(KINDS)
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert {name: kind.opener for name, kind in KINDS.items()} == {
        name: _told(opener) for name, (opener, _) in OPENERS.items()
    }


@pytest.mark.parametrize("kind", OPENERS)
def test_a_function_for_one_kind_opens_that_kind_only(kind: str) -> None:
    opener, name = OPENERS[kind]
    assert type(opener(name)) is type(open_model(name))
    for other, (right, another) in OPENERS.items():
        if other != kind:
            with pytest.raises(InputError) as caught:
                opener(another, {"not asked": 1})  # the kind is said first
            assert caught.value.message == f"{another} is of kind {other}, not {kind}"
            assert caught.value.remedy == f"Open it with {_told(right)}, or with open_model, which opens every kind."


def test_a_function_for_one_kind_takes_inputs_and_own_folders(tmp_path: Path) -> None:
    need = '[inputs.total]\nunit = "EUR"\ndescription = "totaal"\n\n[fund]\n'
    put(tmp_path, "next", changed(
        ("funds/proef/2024", "next"), ("[fund]\n", need),
        ("value = 1_000_000.00", 'input = "total"'), ("600_000", "0"),
    ))  # fmt: skip
    assert open_fund("next", {"total": 2_000_000}, models=tmp_path).contributions().total == 2_000_000
    with pytest.raises(UnknownNameError, match="unknown input of next 'totl'; there are: taxed_share, total"):
        open_fund("next", {"totl": 1}, models=tmp_path)
    with pytest.raises(InputError, match="data is a list"):
        open_fund("next", [1], models=tmp_path)  # type: ignore[arg-type]


def test_several_models_take_the_inputs_that_they_ask_for(tmp_path: Path) -> None:
    need = '[inputs.total]\nunit = "EUR"\ndescription = "totaal"\n\n[fund]\n'
    put(tmp_path, "next", changed(
        ("funds/proef/2024", "next"), ("[fund]\n", need),
        ("value = 1_000_000.00", 'input = "total"'), ("600_000", "0"),
    ))  # fmt: skip
    first, second = open_models(["funds/ggu/2020", "next"], {"total": 2_000_000}, models=tmp_path)
    assert first.contributions().total == 52_300_000
    assert second.contributions().total == 2_000_000
    with pytest.raises(UnknownNameError, match=r"input of these models 'totl'; there are: .*total"):
        open_models(["funds/ggu/2020", "next"], {"totl": 1}, models=tmp_path)
    assert len(open_models(["funds/ggu/2020"])) == 1


def test_models_of_one_kind_are_compared_two_or_three_at_a_time() -> None:
    funds = open_models(["funds/ggu/2018", "funds/ggu/2019", "funds/ggu/2020"])
    frame = compare_models(*funds).to_frame()
    assert {"a", "b", "c"} <= set(frame.columns)
    assert len(frame) == 355
    portfolio = open_models(["funds/example-portfolio"] * 2)
    assert compare_models(*portfolio, year=2022).to_frame()["difference_b"].abs().sum() == 0
    with pytest.raises(InputError, match="Say which year: 2021"):
        compare_models(*portfolio)
    for count in (0, 1, 4):
        with pytest.raises(InputError, match=rf"{count} model\(s\) to compare\nGive two or three"):
            compare_models(*(funds * 2)[:count])
    with pytest.raises(InputError, match="models of different kinds: fund, fee"):
        compare_models(funds[0], open_model("fees/vng-contributie/2023"))


def test_loading_says_what_was_read() -> None:
    loaded = load_model("funds/ggu/2020")
    assert list(loaded.hashes) == ["funds/ggu/2020"]
    assert loaded.path.endswith("models/funds/ggu/2020.toml")


def test_scales_of_votes_and_years_that_a_kind_does_not_hold_are_refused() -> None:
    scale, programme = open_model("ballots/one-each"), open_model("programmes/omgevingswet/2021")
    with pytest.raises(InputError, match=r"scales of votes are not put side by side here\nGive them together to weigh"):
        compare_models(scale, scale)
    with pytest.raises(InputError, match=r"a programme holds no years to choose from\nLeave out the year"):
        compare_models(programme, programme, year=2021)
