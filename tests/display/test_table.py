"""A table knows what it is: rows by municipality, marks, what is said elsewhere; and what is made of an explanation."""

import pandas as pd
import pytest

from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.table import Table, similar_size
from ggu_costs.errors import InputError
from ggu_costs.results.base import SideBySide

CODES = [f"GM{place:04d}" for place in range(1, 21)]
PEOPLE = pd.DataFrame({"inhabitants": range(2000, 0, -100)}, index=pd.Index(CODES, name="code"))


def test_what_the_frame_says_holds_unless_the_table_says_otherwise() -> None:
    frame = PEOPLE.copy()
    frame.attrs = {
        "title": "Inwoners",
        "notes": ["Op 1 januari."],
        "total": ["inhabitants", "gone"],
        "indicative": True,
    }
    table = Table("people", "", frame)
    assert (table.title, table.notes, table.total) == ("Inwoners", ("Op 1 januari.",), ("inhabitants",))
    assert table.indicative
    assert not table.illustrative
    own = Table("people", "Anders", frame, notes=(), total=(), illustrative=True)
    assert (own.title, own.notes, own.total, own.illustrative) == ("Anders", (), (), True)


def test_notes_that_are_said_elsewhere_are_left_out() -> None:
    table = Table("t", "T", PEOPLE, notes=["een", "twee"])
    assert table.notes_beyond(["een"]) == ["twee"]
    assert table.notes_beyond([]) == ["een", "twee"]


@pytest.mark.parametrize(("place", "first", "last"), [(0, 5, 0), (10, 15, 5), (19, 19, 14)])
def test_neighbours_in_size_stand_on_either_side(place: int, first: int, last: int) -> None:
    near = similar_size(PEOPLE, CODES[place], "Vergelijkbaar", total=()).frame
    assert (near.index[0], near.index[-1]) == (CODES[first], CODES[last])
    assert near["inhabitants"].is_monotonic_increasing


def test_an_explanation_becomes_a_table_of_steps() -> None:
    explained = Explanation("Veenendaal (GM0345): bijdrage", (Step("inwoners", "3", "CBS"),), subject="bijdrage")
    whole, short = explained.table("steps"), explained.table("change", "Waarom", basis=False, earlier=True)
    assert (whole.title, whole.role, list(whole.frame)) == (explained.title, "steps", ["step", "value", "basis"])
    assert (short.title, short.earlier, list(short.frame)) == ("Waarom", True, ["step", "value"])


def test_a_comparison_without_bills_has_no_note_for_one_municipality() -> None:
    class Sizes(SideBySide):
        def to_frame(self) -> pd.DataFrame:
            return self._framed(PEOPLE.copy(), {"inhabitants": "inhabitants"})

        def summary(self) -> tuple[tuple[str, object, str], ...]:
            return (("inhabitants", 3, "inhabitants"),)

    sizes = Sizes(title="Naast elkaar", meanings={"a": "nu"}, illustrative=True)
    report = sizes.report()
    assert [table.name for table in report.tables] == ["comparison"]
    assert (report.tables[0].meanings, report.illustrative, report.summary) == ({"a": "nu"}, True, sizes.summary())
    with pytest.raises(InputError, match="only funds and fees are compared for one municipality"):
        sizes.report("GM0001")
