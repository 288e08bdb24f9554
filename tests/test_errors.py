"""Errors: the facts as attributes, every fault listed, a remedy last, and safe passage between processes."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import ggu_costs as ggu
from ggu_costs import errors
from ggu_costs.catalogue import open_model
from ggu_costs.errors import (
    Fault,
    Faults,
    GguCostsError,
    InfeasibleError,
    InputError,
    MissingInputError,
    ModelFileError,
    OutputError,
    OutsidePeriodError,
    UnknownNameError,
    did_you_mean,
    listed,
    nearest,
    repeated,
)
from ggu_costs.money import to_cents

FAULT = Fault("fund.total", "missing", "a total in EUR", "Fill it in.")
EVERY = [
    GguCostsError("wrong", faults=[FAULT], remedy="Mend it."),
    InputError("wrong", faults=[FAULT]),
    InfeasibleError("wrong", remedy="Less."),
    ModelFileError("wrong", path="a.toml", faults=[FAULT], remedy="Mend it."),
    MissingInputError("wrong", names=["share"], faults=[FAULT]),
    OutsidePeriodError("wrong", key="year", asked="2030", known="2018-2025", remedy="Ask less."),
    UnknownNameError("model", "fnds/ggu", ["funds/ggu", "fees/vng"]),
    OutputError("disk full", remedy="Choose another folder."),
]


def test_a_fault_reads_as_one_line():
    assert str(FAULT) == "fund.total: missing; allowed: a total in EUR. Fill it in."
    assert str(Fault("key", "empty")) == "key: empty"
    assert str(Fault("key", "empty", remedy="Fill it in.")) == "key: empty. Fill it in."


def test_the_message_lists_the_faults_and_ends_with_the_remedy():
    error = GguCostsError("this cannot be used", faults=[FAULT, Fault("key", "empty")], remedy="Correct every line.")
    assert str(error).splitlines() == [
        "this cannot be used",
        "  - fund.total: missing; allowed: a total in EUR. Fill it in.",
        "  - key: empty",
        "Correct every line.",
    ]
    assert (error.message, error.remedy) == ("this cannot be used", "Correct every line.")
    assert str(GguCostsError("short")) == "short"


def test_a_long_list_is_cut_in_the_message_only():
    error = GguCostsError("many", faults=[Fault(f"line {i}", "wrong") for i in range(30)])
    assert len(error.faults) == 30
    assert str(error).splitlines()[-1] == "  - and 18 more (see .faults)"
    assert len(str(error).splitlines()) == 14


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (InputError, ValueError), (ModelFileError, ValueError), (InfeasibleError, ValueError),
        (MissingInputError, LookupError), (OutsidePeriodError, LookupError), (UnknownNameError, LookupError),
        (OutputError, OSError),
    ],
)  # fmt: skip
def test_each_kind_is_also_the_builtin_that_fits(kind, builtin):
    assert issubclass(kind, GguCostsError)
    assert issubclass(kind, builtin)


def test_every_kind_is_public_and_has_one_base():
    kinds = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert {kind.__name__ for kind in kinds} <= set(ggu.__all__)
    assert all(getattr(ggu, kind.__name__) is kind and issubclass(kind, GguCostsError) for kind in kinds)
    assert {type(error) for error in EVERY} == set(kinds)


def test_facts_are_attributes():
    period, unknown = EVERY[5], EVERY[6]
    assert (period.key, period.asked, period.known) == ("year", "2030", "2018-2025")
    assert (unknown.name, unknown.allowed) == ("fnds/ggu", ("funds/ggu", "fees/vng"))
    assert str(unknown) == "unknown model 'fnds/ggu'; there are: funds/ggu, fees/vng\nDid you mean 'funds/ggu'?"
    assert EVERY[3].path == "a.toml"
    assert EVERY[4].names == ("share",)


def test_an_unknown_name_among_many_or_none():
    many = UnknownNameError("code", "zzz", [f"GM{i:04d}" for i in range(20)])
    assert "GM0011, ..." in str(many)
    assert str(many).endswith("Choose one of these.")
    assert str(UnknownNameError("code", "x", [])) == "unknown code 'x'; there are: none\nChoose one of these."
    assert str(UnknownNameError("code", "x", ["y"], remedy="Use y.")).endswith("Use y.")


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_after_pickling(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert again.args == error.args


@pytest.mark.parametrize(
    ("task", "argument", "kind"),
    [(to_cents, float("nan"), InputError), (open_model, "fnds/ggu/2020", UnknownNameError)],
)
def test_errors_cross_process_borders(task, argument, kind):
    """What a worker raises arrives whole; a worker imports the package, not the tests."""
    with pytest.raises(kind) as here:
        task(argument)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool, pytest.raises(kind) as there:
        pool.submit(task, argument).result()
    assert str(there.value) == str(here.value)
    assert {name: fact for name, fact in vars(there.value).items() if name != "__notes__"} == vars(here.value)


def test_faults_are_collected_and_raised_together():
    faults = Faults()
    faults.check("nothing wrong yet")
    assert not faults
    faults.add("key", "a negative figure for GM0363", "0 or more")
    faults.add("total", "missing", remedy="Give it.")
    assert faults
    with pytest.raises(ModelFileError, match=r"two things(.|\n)*key: a negative figure(.|\n)*total: missing") as caught:
        faults.check("two things", kind=ModelFileError, remedy="Correct them.")
    assert caught.value.faults == tuple(faults.found)
    assert caught.value.remedy == "Correct them."


def test_nearest_and_listed():
    assert nearest("inhabitant", ["inhabitants", "dwellings"]) == "inhabitants"
    assert nearest("zzz", ["inhabitants"]) == ""
    assert listed(range(3)) == "0, 1, 2"
    assert listed(range(15)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more"
    assert listed("abc", most=2) == "a, b and 1 more"
    assert listed([]) == ""


def test_the_closest_spelling_is_asked_for_and_nothing_far_away():
    assert did_you_mean("inhabitnts", ["equal", "inhabitants"]) == "Did you mean 'inhabitants'?"
    assert did_you_mean("zzz", ["equal", "inhabitants"]) == ""
    assert did_you_mean("equal", []) == ""


def test_what_comes_more_than_once_comes_in_order_with_its_count():
    assert repeated(iter(["b", "a", "b", "c", "a", "b"])) == [("b", 3), ("a", 2)]
    assert repeated([2021, 2022]) == []


def test_an_error_has_the_option_of_its_first_fault_that_has_one():
    faults = Faults()
    faults.add("own.csv", "a comma")
    faults.add("own.csv", "a point", option="decimal='.'")
    faults.add("own.csv", "no UTF-8", option="encoding='cp1252'")
    with pytest.raises(InputError) as caught:
        faults.check("these figures cannot be read")
    assert caught.value.option == "decimal='.'"
    assert InputError("no", option="value='...'", faults=faults.found).option == "value='...'"
    assert InputError("no").option == ""
