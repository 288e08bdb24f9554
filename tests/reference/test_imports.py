"""Files as CBS and RvIG give them: three figures of each, looked up in the file by hand; cut files are refused."""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ggu_costs.errors import GguCostsError, InputError, MissingInputError, UnknownNameError
from ggu_costs.reference import SHIPPED
from ggu_costs.reference.cbs_dataset import read_cbs_dataset
from ggu_costs.reference.imports import Imported, read_import

FILES = Path(__file__).parent / "files"
DATASET = FILES / "01_cbs_datasets_csv"
UNTYPED = FILES / "02_cbs_v3_untyped/81901NED_UntypedDataSet_24102017_212134.csv"
CLASSES = FILES / "05_gemeenteklassen/2025_first30.csv"
CROSSWALK = FILES / "05_gemeenteklassen/gemeentenamen_iv3_vs_gf.csv"
TABLE33 = (FILES / "06_rvig_tabel33/Tabel33_excerpt.csv").read_text(encoding="utf-8")
"""Kept in UTF-8; RvIG gives it as UTF-16, little end first, with a mark and CR LF."""
FACTS = FILES / "07_86247NED_facts/municipality-facts_first20.json"


def read(path: Path, year: int = 2025, **more: str | Path) -> Imported:
    return read_import(path, SHIPPED, day=datetime.date(year, 1, 1), **more)  # type: ignore[arg-type]


def test_a_download_of_cbs_in_its_newer_form() -> None:
    data = read_cbs_dataset(DATASET)
    codes = {
        "KenmerkenVanHuishoudens": "1050010",
        "InkomensgrensHuishouden": "1050290",
        "DuurInkomenspositie": "A028721",
    }
    assert data.value("1050010_1", **codes, Perioden="2011JJ00") == 481_800  # 481,8 x 1 000
    assert data.value("1050010_2", **codes, Perioden="2023JJ00") == 3.6  # in %
    assert data.value("1050010_1", **codes, Perioden="2019JJ00") == 556_200
    assert data.measures["1050010_1"].title == "Particuliere huishoudens"
    assert data.provinces == {"GM1680": "PV22", "GM0363": "PV27", "GM0518": "PV28", "GM0014": "PV20", "GM0088": "PV21"}
    assert (data.statuses["2021JJ00"], data.statuses["2022JJ00"]) == ("definitive", "provisional")
    assert data.titles["GM0518"] == "'s-Gravenhage (gemeente)"
    with pytest.raises(UnknownNameError):
        data.value("1050010_1", **codes, Perioden="1999JJ00")
    with pytest.raises(InputError, match="no dimension of regions"):
        read(DATASET)


def test_a_download_with_regions_gives_figures_by_code(tmp_path: Path) -> None:
    lines = ["Id;Measure;RegioS;Perioden;Value;StringValue;ValueAttribute"]
    lines += [f"{i};M1;{code};2026JJ00;{value};;None" for i, (code, value) in enumerate(
        [("NL01", "9,5"), ("GM0363", "4,5"), ("GM0345", "0,1")])]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as parts:
        parts.writestr("Observations.csv", "\n".join(lines) + "\n")
        parts.writestr("MeasureCodes.csv", "Identifier;Title;Unit\nM1;Woningen;x 1 000\n")
        parts.writestr("PeriodenCodes.csv", "Identifier;Title;Status\n2026JJ00;2026;Voorlopig\n")
    found = read(tmp_path / "t.zip", 2026)
    assert found.figures["M1"].to_dict() == {"GM0345": 100.0, "GM0363": 4500.0}
    assert found.status == "provisional"
    with pytest.raises(GguCostsError, match="no figures of municipalities for 2025"):
        read(tmp_path / "t.zip")


def test_the_older_bulk_file_of_statline() -> None:
    data = read_cbs_dataset(UNTYPED)
    name, who = "BeloningsverschilTussenManEnVrouw_1", "KenmerkenBaanWerknemer"
    found = [data.value(name, **{who: code, "Perioden": f"{year}JJ00"})
             for code, year in (("10000", 2008), ("10110", 2012), ("10120", 2015))]  # fmt: skip
    assert found == [79.9, 103.5, 110.3]
    with pytest.raises(InputError, match="no column with codes of municipalities"):
        read(UNTYPED, 2015)


def test_the_list_of_classes_is_read_by_name() -> None:
    found = read(CLASSES, crosswalk=CROSSWALK).figures
    assert len(found) == 30
    assert found.loc["GM0363"].to_dict() == {
        "size_class": 8, "urbanity_class": 1, "province": "Noord-Holland", "inhabitants": 935_793,
    }  # fmt: skip
    assert found.loc["GM0060", ["size_class", "urbanity_class", "inhabitants"]].tolist() == [1, 5, 3_807]
    assert found.loc["GM0893", "inhabitants"] == 13_063  # Bergen (L.)
    shipped = SHIPPED.municipalities(2025)["size_class"].reindex(found.index)
    assert (found["size_class"] == shipped).all()


def test_table_33_gives_who_ended_and_where(tmp_path: Path) -> None:
    path = tmp_path / "Tabel33.csv"
    path.write_bytes(b"\xff\xfe" + TABLE33.replace("\n", "\r\n").encode("utf-16-le"))
    found = read(path)
    assert (datetime.date(2022, 3, 24), "GM0457", "Weesp", "GM0363", "Amsterdam") in found.mergers
    assert (datetime.date(2021, 1, 1), "GM0010", "Delfzijl", "GM1979", "Eemsdelta") in found.mergers
    assert (datetime.date(2018, 1, 1), "GM0140", "Littenseradiel", "GM1900", "") in found.mergers
    assert "GM0363" not in {old for _, old, *_ in found.mergers}
    assert "split" in found.notes[0]


def test_facts_as_json() -> None:
    figures = read(FACTS, 2026).figures
    assert len(figures) == 20
    assert figures["inhabitants"][["GM1680", "GM0358", "GM0059"]].tolist() == [26_062, 33_459, 28_254]
    assert figures["inhabitants"].equals(SHIPPED.municipalities(2026)["inhabitants"].reindex(figures.index))


def cut_json(folder: Path) -> Path:
    (folder / "f.json").write_bytes(FACTS.read_bytes()[:-100])
    return folder / "f.json"


def wrong_json(folder: Path) -> Path:
    facts = {"GM0363": {"population": "veel"}, "GM8888": {"population": 3}}
    (folder / "f.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder / "f.json"


def cut_table33(folder: Path) -> Path:
    lines = TABLE33.splitlines()
    (folder / "t.csv").write_text("\n".join(line.rpartition(",")[0] for line in lines), encoding="utf-16")
    return folder / "t.csv"


def numbers_in_table33(folder: Path) -> Path:
    text = TABLE33.replace('"0457"', '"457"').replace("20220324", "20221324")
    (folder / "t.csv").write_text(text, encoding="utf-16")
    return folder / "t.csv"


def no_observations(folder: Path) -> Path:
    (folder / "MeasureCodes.csv").write_text("Identifier;Title;Unit\nM1;A;x\n", encoding="utf-8")
    return folder


def cut_observations(folder: Path) -> Path:
    source = next(DATASET.glob("Observations*")).read_text(encoding="utf-8")
    (folder / "Observations.csv").write_text(source[:-20], encoding="utf-8")
    return folder


def no_zip(folder: Path) -> Path:
    (folder / "t.zip").write_bytes(b"PK\x03\x04 and then nothing")
    return folder / "t.zip"


def other_names(folder: Path) -> Path:
    text = CLASSES.read_text(encoding="utf-8").replace("Amersfoort", "Amersvoort").replace("20000tot50000", "20tot50")
    (folder / "k.csv").write_text(text, encoding="utf-8")
    return folder / "k.csv"


def no_regions(folder: Path) -> Path:
    (folder / "u.csv").write_text('"ID";"Perioden";"A_1"\n"0";"2025JJ00"\n', encoding="utf-8")
    return folder / "u.csv"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (cut_json, "not JSON in UTF-8"),
        (wrong_json, "GM8888: no municipality"),
        (cut_table33, "no column 99.99 Datum einde"),
        (numbers_in_table33, "Keep the zeros in front"),
        (no_observations, "no Observations.csv"),
        (cut_observations, "cells; allowed: 9, as the header has"),
        (no_zip, "not a zip file"),
        (other_names, "'Amersvoort' is not the name of one municipality"),
        (no_regions, "2 cells; allowed: 3"),
        (lambda folder: folder / "weg.csv", "weg.csv"),
    ],
)
def test_what_is_wrong_or_cut_is_refused_with_a_remedy(tmp_path: Path, make: Callable[[Path], Path], told: str) -> None:
    with pytest.raises((InputError, MissingInputError)) as caught:
        read(make(tmp_path))
    assert told in str(caught.value)
    assert caught.value.remedy or any(fault.remedy for fault in caught.value.faults)
