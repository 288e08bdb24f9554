"""Groups of the user's own: read from a file, added up, and what they leave out."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from ggu_costs import cli, open_model
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError, MissingInputError
from ggu_costs.report.bycode import read_groups
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of

RUNNER = CliRunner()
OVERLAPPING = "code;group\nGM0363;G4\nGM0599;G4\nGM0518;G4\nGM0344;G4\nGM0344;Utrecht\nGM0345;Utrecht\n"


def file_of(folder: Path, text: str) -> Path:
    path = folder / "groepen.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_code_may_stand_in_several_groups(tmp_path: Path) -> None:
    assert read_groups(file_of(tmp_path, OVERLAPPING)) == {
        "G4": ["GM0363", "GM0599", "GM0518", "GM0344"], "Utrecht": ["GM0344", "GM0345"],
    }  # fmt: skip
    assert read_groups(file_of(tmp_path, '\ufeffCode,Group\nGM0363,"A, B"\n')) == {"A, B": ["GM0363"]}


def test_files_as_excel_writes_them(tmp_path: Path) -> None:
    text = 'sep=;\ncode;naam;groep\nGM0363;Amsterdam;"G4; groot"\nGM0599;Rotterdam;=HYPERLINK("x")\n'
    assert read_groups(file_of(tmp_path, text)) == {"G4; groot": ["GM0363"], '=HYPERLINK("x")': ["GM0599"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gemeentecode;groep\nGM0363;G4\n", "no column code, but gemeentecode, groep"),
        ("", "no rows"),
        ("code,a,b\nGM0363,x,y\n", "2 columns beside the codes"),
        (
            "code,group\nGM0363,\n,G4\nGM0599,G4\nGM0599,G4\n",
            r"(?s)line 2, group: empty.*line 3.*line 5.*GM0599 again in 'G4'",
        ),
    ],
)
def test_what_is_no_file_of_groups(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_groups(file_of(tmp_path, text))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="No such file"):
        read_groups(tmp_path / "weg.csv")
    (tmp_path / "latin.csv").write_bytes("code,group\nGM1900,Súdwest".encode("latin-1"))
    with pytest.raises(InputError, match=r"(?i)utf-8"):
        read_groups(tmp_path / "latin.csv")


def test_run_adds_up_by_own_groups_in_table_page_and_workbook(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["run", "fees/vng-contributie/2024", "--groups", file_of(tmp_path, OVERLAPPING), "--out", out]
    result = RUNNER.invoke(cli.app, [str(word) for word in command])
    assert result.exit_code == 0, result.output
    rows = [line.replace('"', "").split(",") for line in (out / "by_group.csv").read_text().splitlines()]
    bill = open_model("fees/vng-contributie/2024").fees()
    assert [row[:2] for row in rows[1:]] == [["G4", "4"], ["Utrecht", "2"]]
    assert float(rows[2][rows[0].index("fee")]) * 100 == pytest.approx(bill.cents["GM0344"] + bill.cents["GM0345"])
    page = (out / "result.html").read_text(encoding="utf-8")
    assert "Deze groepen overlappen" in page
    assert "Gemeenten zonder groep: 337." in page
    assert (out / "result.xlsx").exists()


def test_groups_that_leave_some_out_have_no_total() -> None:
    (made,) = [t for t in dossier(open_model("funds/ggu/2020"), groups={"G2": ["GM0363", "GM0599"]}).tables
               if t.name == "by_group"]  # fmt: skip
    assert made.total == ()
    assert made.notes == ("Gemeenten zonder groep: 353. Ze tellen in deze tabel niet mee.",)


def test_groups_that_hold_everyone_once_have_a_total() -> None:
    bill = open_model("funds/ggu/2020").contributions()
    whole = {"even": [c for c in bill.cents if int(c[2:]) % 2 == 0], "odd": [c for c in bill.cents if int(c[2:]) % 2]}
    (made,) = [t for t in dossier(open_model("funds/ggu/2020"), groups=whole).tables if t.name == "by_group"]
    assert "contribution" in (made.total or ())
    assert made.notes == ()
    assert made.frame["contribution"].sum() == pytest.approx(52_300_000)


FRAME = pd.DataFrame({"a": [1.0]})


class Side:
    """A comparison of one table."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def report(self, municipality: str | None = None) -> Report:
        return Report("T", (Table("comparison", "", self.frame),))


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (pd.Index(["net"], name="quantity"), "no figures by municipality"),
        (pd.Index(["GM0363"], name="code"), "cannot be added up by your groups"),
    ],
)
def test_what_cannot_be_added_up(index: pd.Index, message: str) -> None:
    with pytest.raises(InputError, match=message):
        comparison_dossier(Side(pd.DataFrame({"a": ["x"]}, index=index)), [], groups={"x": ["GM0363"]})


def test_groups_where_there_is_nothing_to_add_up() -> None:
    fund, ballot = open_model("funds/ggu/2020"), open_model("ballots/one-each")
    groups = {"x": ["GM0363"]}
    with pytest.raises(InputError, match="GM9999"):
        dossier(fund, groups={"x": ["GM9999"]})
    for make in (lambda: dossier(fund, municipality="GM0345", groups=groups),
                 lambda: comparison_dossier(Side(FRAME), [], municipality="GM0345", groups=groups)):  # fmt: skip
        with pytest.raises(InputError, match="groups for one municipality"):
            make()
    assert "by_group" in {table.name for table in dossier(ballot, groups=groups).tables}
    assert "by_group.csv" in files_of(dossier(ballot, groups=groups))
