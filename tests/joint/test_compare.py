"""Joint bodies side by side: the causes by hand, always the difference to the cent, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ggu_costs.catalogue import compare_models, open_joint_body
from ggu_costs.cli import app
from ggu_costs.errors import InputError, OutsidePeriodError
from tests.cases import cases
from tests.joint.bodies import A, B, C, body, euro

KEYS = ["equal", "people", "use", "old"]
SHIPPED = Path(__file__).parents[2] / "models"


def with_key(tables: dict[str, Any], key: str) -> dict[str, Any]:
    """Another key of the first cost group; a key that no group uses any more is left out."""
    tables["groups"][0]["key"] = key
    used = {group["key"] for group in tables["groups"]} | {tables.get("reserve", {}).get("key")}
    tables["keys"] = [one for one in tables["keys"] if one["id"] in used]
    return tables


def test_one_thing_that_changes_is_one_cause_by_hand() -> None:
    later = body()
    later["groups"][0]["amount"] = euro({2026: 330_000})  # 30,000 more, in equal parts
    found = open_joint_body(body()).compare(open_joint_body(later), year=2026)
    assert found.to_frame()["change_b"][[A, B, C]].tolist() == [10_000.0] * 3
    assert found.causes().columns.tolist() == ["name", "change", "cost_changed"]
    assert (
        "€ 30.000,00 meer dan A (€ 30.000,00 meer door overige mutatie van de lasten)" in found.report().answer.sentence
    )  # type: ignore[union-attr]


def test_another_key_and_other_figures_by_hand() -> None:
    """Use in 2026: 100, 60, 40 becomes 100, 60, 90; the fixed 300,000 goes by people, 60, 30, 10."""
    later = body()
    later["figures"][1]["own"][C]["2026"] = 90
    later = with_key(later, "people")
    frame = open_joint_body(body()).compare(open_joint_body(later), year=2026).causes()
    use = next(group for group in body()["groups"] if group["key"] == "use")["amount"]["value"]
    by_hand = [use * (100 / 250 - 100 / 200), use * (60 / 250 - 60 / 200), use * (90 / 250 - 40 / 200)]
    assert frame["figures_changed"][[A, B, C]].tolist() == pytest.approx(by_hand)
    assert frame["keys_changed"][[A, B, C]].tolist() == [80_000, -10_000, -70_000]


def test_who_leaves_has_nothing_left_and_others_share_it() -> None:
    later = body()
    later["participants"] = [{"code": A}, {"code": B}]
    for figure in later["figures"]:
        figure["own"].pop(C)
    found = open_joint_body(body()).compare(open_joint_body(later), year=2026)
    frame = found.causes()
    assert set(frame.columns) == {"name", "change", "participants_changed"}
    assert frame["participants_changed"].sum() == pytest.approx(0)
    assert found.to_frame().loc[C, "b"] == 0


@given(st.integers(0, 9_999_999), st.sampled_from(KEYS), st.integers(1, 500), st.booleans())
@cases(15)
def test_causes_are_the_difference_to_the_cent(amount: int, key: str, seats: int, leaves: bool) -> None:
    later = body()
    later = with_key(later, key)
    later["groups"][0]["amount"] = euro({2026: amount / 100})
    later["figures"][1]["own"][B]["2027"] = seats
    if leaves:
        later["participants"][2]["last_year"] = 2026
    found = open_joint_body(body()).compare(open_joint_body(later), open_joint_body(body()), year=2027)
    for letter in ("b", "c"):
        sums = [sum(cents[code] for cents in found.whys[letter].values()) for code in found.called]
        assert sums == list(found.change(letter).values())
    assert not any(any(cents.values()) for cents in found.whys["c"].values())
    answer = found.report().answer
    assert answer is not None
    assert "C vraagt" in answer.sentence
    assert answer.sentence.endswith("evenveel als A.")


def test_on_the_command_line_and_for_one_participant(tmp_path: Path) -> None:
    later = (SHIPPED / "joint-bodies/example-shared-services.toml").read_text(encoding="utf-8")
    later = later.replace("2026 = 640000", "2026 = 700000").replace("joint-bodies/example-shared-services", "later")
    (tmp_path / "later.toml").write_text(later, encoding="utf-8")
    names = ["joint-bodies/example-shared-services", str(tmp_path / "later.toml")]
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["compare", *names, "--year", "2027", "--municipality", "GM0345", "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    assert "meer dan A (" in ran.output
    assert {"comparison.csv", "causes_b.csv"} <= {path.name for path in out.iterdir()}


def test_what_cannot_be_compared() -> None:
    one = open_joint_body(body())
    with pytest.raises(InputError, match=r"(?s)1 bodies to compare.*two or three"):
        one.compare()
    with pytest.raises(OutsidePeriodError, match="2031 is no year that can be asked"):
        compare_models(one, open_joint_body(body()), year=2031)
    other: Any = body()
    other["body"]["vat"]["route"] = "transparency"
    with pytest.raises(InputError, match=r"(?s)cost, transparency; allowed: one route.*one way"):
        one.compare(open_joint_body(other))
