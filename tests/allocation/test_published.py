"""Published worked examples of the rules on claims, of cost sharing by demand and of largest remainders."""

from __future__ import annotations

import numpy as np
import pytest

from ggu_costs.allocation import allocate, average_cost, serial
from ggu_costs.money import largest_remainder

THIRD = 100 / 3

# Mishnah Ketubot 93a; Aumann and Maschler (1985), Journal of Economic Theory 36, 195-213: the talmud rows are
# published, the others follow from the definitions. Estate 10: inputs of the help pages of the R package ClaimsProblems
# 1.0.0, awards from the definitions.
CLAIMS = [
    (100, [100, 200, 300], "talmud", [THIRD, THIRD, THIRD]),
    (200, [100, 200, 300], "talmud", [50, 75, 75]),
    (300, [100, 200, 300], "talmud", [50, 100, 150]),
    (100, [100, 200, 300], "cea", [THIRD, THIRD, THIRD]),
    (200, [100, 200, 300], "cea", [66.6666666667, 66.6666666667, 66.6666666667]),
    (300, [100, 200, 300], "cea", [100, 100, 100]),
    (100, [100, 200, 300], "cel", [0, 0, 100]),
    (200, [100, 200, 300], "cel", [0, 50, 150]),
    (300, [100, 200, 300], "cel", [0, 100, 200]),
    (100, [100, 200, 300], "random_arrival", [THIRD, THIRD, THIRD]),
    (200, [100, 200, 300], "random_arrival", [THIRD, 83.3333333333, 83.3333333333]),
    (300, [100, 200, 300], "random_arrival", [50, 100, 150]),
    (100, [100, 200, 300], "proportional", [16.6666666667, THIRD, 50]),
    (200, [100, 200, 300], "proportional", [THIRD, 66.6666666667, 100]),
    (300, [100, 200, 300], "proportional", [50, 100, 150]),
    (10, [2, 4, 7, 8], "proportional", [0.9523809524, 1.9047619048, 3.3333333333, 3.8095238095]),
    (10, [2, 4, 7, 8], "cea", [2, 2.6666666667, 2.6666666667, 2.6666666667]),
    (10, [2, 4, 7, 8], "cel", [0, 1, 4, 5]),
    (10, [2, 4, 7, 8], "talmud", [1, 2, 3.5, 3.5]),
    (10, [2, 4, 7, 8], "random_arrival", [1, 1.8333333333, 3.3333333333, 3.8333333333]),
]


@pytest.mark.parametrize(("estate", "claims", "rule", "awards"), CLAIMS)
def test_claims(estate: float, claims: list[float], rule: str, awards: list[float]) -> None:
    shared = allocate(estate, claims, rule=rule, cents=False)
    np.testing.assert_allclose(shared.values, awards, rtol=0, atol=5.1e-11)
    np.testing.assert_allclose(
        allocate([estate], claims, rule=rule, cents=False).values[0], awards, rtol=0, atol=5.1e-11
    )
    in_cents = allocate(estate, claims, rule=rule).values
    assert np.rint(in_cents * 100).sum() == estate * 100
    np.testing.assert_allclose(in_cents, awards, rtol=0, atol=0.01)


# Formulas: Moulin and Shenker (1992), Econometrica 60, 1009-1037; de Frutos (1998), Journal of Economic Theory 79,
# 245-275; the numbers, for C(Q) = Q^2 and demands 1, 2, 3, follow from the formulas by hand: 9/3, (25-9)/2, (36-25)/1.
def test_serial() -> None:
    assert serial([1, 2, 3], np.square).tolist() == [3, 11, 22]
    assert serial([3, 1, 2], np.square).tolist() == [22, 3, 11]
    assert serial([1, 2, 3], np.square, decreasing=True).tolist() == [-2, 11, 27]
    assert average_cost([1, 2, 3], np.square).tolist() == [6, 12, 18]


APPORTIONMENTS = [
    # Balinski and Young (1975), American Mathematical Monthly 82, 701-730, example 1
    ([5117, 4400, 162, 161, 160], 100, [51, 44, 2, 2, 1]),
    # Wikipedia, Largest remainder method (Hare quota)
    ([47000, 16000, 15900, 12000, 6100, 3100], 10, [5, 2, 1, 1, 1, 0]),
    # a tie between the first two: quotas 2.5, 2.5, 2.9, 12.1 (constructed)
    ([25, 25, 29, 121], 20, [3, 2, 3, 12]),
]


@pytest.mark.parametrize(("votes", "seats", "result"), APPORTIONMENTS)
def test_apportionment(votes: list[int], seats: int, result: list[int]) -> None:
    assert largest_remainder(seats, votes).tolist() == result
    assert np.rint(allocate(seats / 100, votes).values * 100).tolist() == result
    assert np.rint(allocate([seats / 100], votes).values[0] * 100).tolist() == result
