"""The plots of the fund's results draw the figures of their frames."""

import pytest

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError

matplotlib = pytest.importorskip("matplotlib")


@pytest.fixture(autouse=True)
def _closed():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def test_every_result_draws(ggu_2020, portfolio):
    bill, other = ggu_2020.contributions(), ggu_2020.with_changes(key={"equal": 1}).contributions()
    effect = ggu.redistribution(bill, other)
    change = other.change_from(bill)
    drawn = [
        bill.plot.by("province"), change.plot.causes(), change.plot.causes("GM0363", lang="en"), effect.plot.effects(),
        effect.plot.by(), effect.phase_in(1, 3).plot.phase_in(), portfolio.half_year("2021-H1").plot.shares(),
    ]  # fmt: skip
    assert all(figure.axes for figure in drawn)
    assert len(drawn[0].axes[0].patches) >= 12  # a bar a province
    with pytest.raises(UnknownNameError, match="municipality in this change"):
        change.plot.causes("GM9999")
    with pytest.raises(UnknownNameError, match=r"in this change 'Veenendaal'(.|\n)*GM0345"):
        change.plot.causes("Veenendaal")


def test_an_illustrative_portfolio_says_so_in_its_plot(portfolio):
    report = portfolio.half_year("2022-H1")
    assert "FICTIEF VOORBEELD" in str([text.get_text() for text in report.plot.shares().findobj(matplotlib.text.Text)])


def test_a_part_that_is_all_pm_is_not_drawn_as_nothing(make_fund):
    money = {"unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated", "by": "test"}
    unknown = {**money, "mark": "pm"}
    part = {"id": "a", "name": "Alfa", "part": "project", "budget": {**money, "mark": "unallocated"},
            "half_year": {"period": "2020-H1", "actual": unknown, "forecast": unknown}}  # fmt: skip
    with pytest.raises(InputError, match="nan for project"):
        make_fund({"activities": [part]}).half_year("2020-H1").plot.shares()


def test_a_plot_is_in_the_language_that_is_asked(ggu_2020):
    bill = ggu_2020.contributions()
    assert bill.plot.by("province").get_suptitle() == "Fonds GGU 2020: bijdrage"
    assert bill.plot.by("province", lang="en").get_suptitle() == "Fonds GGU 2020: contribution"
