"""The years of a table are written in four digits: another form of one would hide it."""

from __future__ import annotations

from pathlib import Path

import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import model_files

WOO = model_files()["programmes/woo"].read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["02022", " 2022", "2022 ", "+2022", "20_22", "2022.0", "２０２２", "x"])
def test_a_year_in_another_form_than_four_digits_is_refused(form: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(WOO.replace("{ 2022 = 1 }", f'{{ "2022" = 1, "{form}" = 0.5 }}'), encoding="utf-8")
    with pytest.raises(ggu.ModelFileError, match="allowed: a year in four digits, such as 2026"):
        ggu.open_programme(path)


def test_a_year_in_quotes_is_the_year(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(WOO.replace("{ 2022 = 1 }", '{ "2022" = 1 }'), encoding="utf-8")
    assert ggu.open_programme(path).definition.lines[1].profile.years == {2022: 1}
