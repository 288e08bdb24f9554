"""Is a folder of one run, whole? What was changed, lost, added, cut off or mixed is told, by file."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import find_model
from ggu_costs.errors import InputError
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.files import write_run
from ggu_costs.report.listing import read_listing, sealed, sha256
from ggu_costs.verification import Verification


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    write_run(folder, files_of(dossier(ggu.open_fund("funds/ggu/2020"), municipality="GM0345")))
    return folder


@pytest.fixture
def out(once: Path, tmp_path: Path) -> Path:
    """A folder of a run that a test may change."""
    return Path(shutil.copytree(once, tmp_path / "out"))


def test_a_folder_of_a_run_is_whole(out: Path) -> None:
    found = ggu.verify(out)
    assert found == Verification(
        folder=out, title="Veenendaal (GM0345): Fonds GGU 2020", library=f"ggu_costs {ggu.__version__}"
    )
    assert found.whole
    assert str(found).startswith(f"Heel: {out.as_posix()} is van één run")


def test_the_listing_holds_every_file_the_model_and_the_tables(out: Path) -> None:
    told = json.loads((out / "provenance.json").read_bytes())
    others = [path for path in out.iterdir() if path.name != "provenance.json"]
    assert told["outputs"] == {path.name: sha256(path.read_bytes()) for path in others}
    assert told["files"] == dict(ggu.open_fund("funds/ggu/2020").files)
    assert told["reference"]["municipalities_2020"] == SHIPPED.manifest()["tables"]["municipalities_2020"]["sha256"]


def test_a_comparison_lists_the_files_of_all_its_models(tmp_path: Path) -> None:
    models = [ggu.open_fund("funds/ggu/2019"), ggu.open_fund("funds/ggu/2020")]
    comparison = ggu.compare(*(model.contributions() for model in models))
    write_run(tmp_path, files_of(comparison_dossier(comparison, models)))
    assert read_listing(tmp_path).files == {**models[0].files, **models[1].files}
    assert ggu.verify(tmp_path).whole


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def one_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "gone")


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("how", [truncated, one_bit, as_folder, fifo, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("name", ["result.html", "steps.csv"])
def test_a_file_that_is_otherwise_is_told(out: Path, name: str, how: Callable[[Path], object]) -> None:
    how(out / name)
    found = ggu.verify(out)
    assert (found.whole, found.different, found.missing, found.foreign) == (False, (name,), (), ())


def test_files_that_are_missing_and_files_that_are_foreign_are_told(out: Path) -> None:
    (out / "result.xlsx").unlink()
    nowhere(out / "values.csv")
    for name in (".DS_Store", "~$result.xlsx", "Thumbs.db", "by_province_2019.csv"):
        (out / name).write_bytes(b"")
    (out / "older").mkdir()
    found = ggu.verify(out)
    assert not found.whole
    assert (found.missing, found.different, found.foreign) == (
        ("result.xlsx", "values.csv"), (), ("by_province_2019.csv",),
    )  # fmt: skip
    assert found.lines("en")[2:] == [
        "  missing: result.xlsx", "  missing: values.csv", "  not of this run: by_province_2019.csv",
    ]  # fmt: skip


def test_a_file_of_another_run_of_the_same_model_is_told(out: Path) -> None:
    other = files_of(dossier(ggu.open_fund("funds/ggu/2019"), municipality="GM0345"))
    (out / "steps.csv").write_bytes(other["steps.csv"])
    assert ggu.verify(out).different == ("steps.csv",)
    (out / "provenance.json").write_bytes(other["provenance.json"])
    assert not ggu.verify(out).whole


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("Fonds GGU 2020", "Fonds GGU 2021"), "damaged_listing"),
        (lambda text: text.replace("steps.csv", "stappen.csv"), "damaged_listing"),
        (lambda text: text[:-20], "damaged_listing"),
        (lambda text: "", "damaged_listing"),
        (lambda text: "[]", "damaged_listing"),
        (lambda text: "[" * 100_000, "damaged_listing"),
        (lambda text: '{"seal": 1e999, "a": ' + "9" * 5000 + "}", "damaged_listing"),
        (lambda text: re.sub(r'"seal": "\w+",', "", text), "no_seal"),
        (lambda text: '{"tables": []}', "no_seal"),
    ],
)
def test_a_listing_that_is_damaged_vouches_for_nothing(out: Path, change: Callable[[str], str], fault: str) -> None:
    path = out / "provenance.json"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = ggu.verify(out)
    assert (found.whole, found.fault) == (False, fault)
    assert "provenance.json" in str(found) or "SHA-256" in str(found)


def test_a_listing_in_other_layout_is_the_same(out: Path) -> None:
    path = out / "provenance.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert ggu.verify(out).whole


@pytest.mark.parametrize("name", ["../elsewhere.csv", "a/b.csv", "/etc/hostname", ""])
def test_a_listing_that_names_files_elsewhere_is_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "provenance.json").write_bytes(sealed(b"{}", {name: b""}))
    assert ggu.verify(tmp_path).fault == "damaged_listing"


def test_a_folder_without_a_listing_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_bytes(b"")
    assert ggu.verify(tmp_path).fault == "no_listing"
    for wrong in (tmp_path / "none", tmp_path / "result.csv", "\0", None, 3, b"out", "x" * 9000):
        with pytest.raises(InputError, match=r"cannot be read as a folder of outputs.*\nName the folder"):
            ggu.verify(wrong)


def test_what_a_killed_run_left_makes_the_folder_no_less_whole(out: Path) -> None:
    (out / ".ggu-costs-1.tmp" / "new").mkdir(parents=True)
    found = ggu.verify(out)
    assert (found.whole, found.leftovers) == (True, (".ggu-costs-1.tmp",))


@pytest.mark.parametrize("how", [as_folder, fifo])
def test_a_model_file_that_cannot_be_read_is_as_good_as_not_there(
    out: Path, tmp_path: Path, how: Callable[[Path], object]
) -> None:
    path = tmp_path / "own/funds/ggu/2020.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert ggu.verify(out, models=tmp_path / "own").changed == ("funds/ggu/2020",)
    how(path)
    found = ggu.verify(out, models=tmp_path / "own")
    assert (found.whole, found.changed, found.not_found) == (True, (), ("funds/ggu/2020",))


def test_what_was_changed_since_is_told_and_the_folder_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, base = tmp_path / "own", find_model("funds/ggu/2020")
    (own / "funds" / "ggu").mkdir(parents=True)
    text = base.read_text(encoding="utf-8")
    (own / "funds/ggu/2020.toml").write_text(text, encoding="utf-8")
    (own / "funds/ggu/eigen.toml").write_text(text.replace("funds/ggu/2020", "funds/ggu/eigen"), encoding="utf-8")
    for name in ("2020", "eigen"):
        write_run(tmp_path / name, files_of(dossier(ggu.open_model(f"funds/ggu/{name}", models=own))))
    assert ggu.verify(tmp_path / "eigen", models=own).not_found == ()
    assert ggu.verify(tmp_path / "eigen").not_found == ("funds/ggu/eigen",)
    (own / "funds/ggu/2020.toml").write_text(text + "\n", encoding="utf-8")
    hashes = Reference.table_hashes
    monkeypatch.setattr(Reference, "table_hashes", lambda self: hashes(self) | {"mergers": "0"})
    found = ggu.verify(tmp_path / "2020", models=own)
    assert (found.whole, found.changed) == (True, ("funds/ggu/2020", "mergers"))
    assert "  changed since this run: mergers (a new run may give other figures)" in found.lines("en")
