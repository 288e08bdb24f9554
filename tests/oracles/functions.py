"""Known functions of sensitivity analysis, and their indices from plain pairs of points.

The flood model is that of Iooss and Lemaitre (2015), A review on global sensitivity analysis methods, section 1: the
height of the water above a dike. The borehole function is that of Morris, Mitchell and Ylvisaker (1993), Bayesian
design and analysis of computer experiments, Technometrics 35, 243-255. Print the indices of both from 2**22 points with

    python -m tests.oracles.functions
"""

import sys
from collections.abc import Callable, Mapping

import numpy as np
from scipy import stats

Values = Mapping[str, np.ndarray]
Model = tuple[Callable[[Values], np.ndarray], Mapping[str, Callable[[np.ndarray], np.ndarray]]]


def flood(x: Values) -> np.ndarray:
    """Metres of water above the dike; `u` is the probability of the flow, of a truncated Gumbel distribution."""
    flow = 1013 - 558 * np.log(-np.log(x["u"]))
    slope = np.sqrt((x["Zm"] - x["Zv"]) / x["L"])
    return x["Zv"] + (flow / (x["B"] * x["Ks"] * slope)) ** 0.6 - x["Hd"] - x["Cb"]


def borehole(x: Values) -> np.ndarray:
    """Flow of water through a borehole, cubic metres a year."""
    ratio = np.log(x["r"] / x["rw"])
    below = 1 + 2 * x["L"] * x["Tu"] / (ratio * x["rw"] ** 2 * x["Kw"]) + x["Tu"] / x["Tl"]
    return 2 * np.pi * x["Tu"] * (x["Hu"] - x["Hl"]) / (ratio * below)


def gumbel(flow: float) -> float:
    """Probability that the flow stays below."""
    return float(np.exp(-np.exp(-(flow - 1013) / 558)))


FLOWS = (gumbel(500.0), gumbel(3000.0))
KS = (30.0, 8.0, 15.0)  # mean, standard deviation, lowest
TRIANGLES = {
    "Zv": (49, 50, 51),
    "Zm": (54, 55, 56),
    "Cb": (55, 55.5, 56),
    "L": (4990, 5000, 5010),
    "B": (295, 300, 305),
}
UNIFORMS = {
    "Tu": (63070, 115600), "Hu": (990, 1110), "Tl": (63.1, 116), "Hl": (700, 820), "L": (1120, 1680),
    "Kw": (9855, 12045),
}  # fmt: skip
RW, R = (0.10, 0.0161812), (7.71, 1.0056)


def _uniform(low: float, high: float) -> Callable[[np.ndarray], np.ndarray]:
    return stats.uniform(low, high - low).ppf


def _triangle(low: float, mode: float, high: float) -> Callable[[np.ndarray], np.ndarray]:
    return stats.triang((mode - low) / (high - low), low, high - low).ppf


FLOOD: Model = (
    flood,
    {"u": _uniform(*FLOWS), "Ks": stats.truncnorm((KS[2] - KS[0]) / KS[1], np.inf, KS[0], KS[1]).ppf,
     "Hd": _uniform(7, 9)} | {name: _triangle(*points) for name, points in TRIANGLES.items()},
)  # fmt: skip
BOREHOLE: Model = (
    borehole,
    {"rw": stats.norm(*RW).ppf, "r": stats.lognorm(R[1], scale=np.exp(R[0])).ppf}
    | {name: _uniform(*ends) for name, ends in UNIFORMS.items()},
)


def indices(model: Model, points: int, seed: int) -> dict[str, tuple[float, float, float, float]]:
    """First order (Saltelli) and total (Jansen) index of each driver with their standard errors, from plain points."""
    function, quantiles = model
    generator = np.random.default_rng(seed)
    block = min(points, 2**18)
    sums = {name: np.zeros(4) for name in quantiles}
    spread: list[np.ndarray] = []
    middle = float(function({name: q(np.full(1, 0.5)) for name, q in quantiles.items()})[0])
    for _ in range(points // block):
        a, b = ({name: q(generator.random(block)) for name, q in quantiles.items()} for _ in range(2))
        ya, yb = function(a) - middle, function(b) - middle
        spread.append(np.array([ya.mean(), np.square(ya).mean(), yb.mean(), np.square(yb).mean()]))
        for name in quantiles:
            yc = function({**a, name: b[name]}) - middle
            first, total = yb * (yc - ya), np.square(yc - ya) / 2
            sums[name] += [first.mean(), np.square(first).mean(), total.mean(), np.square(total).mean()]
    mean = np.mean(spread, axis=0)
    variance = (mean[1] + mean[3]) / 2 - ((mean[0] + mean[2]) / 2) ** 2
    found = {}
    for name, whole in sums.items():
        f, f2, t, t2 = whole / (points // block)
        errors = np.sqrt(np.array([f2 - f * f, t2 - t * t]) / points) / variance
        found[name] = (f / variance, errors[0], t / variance, errors[1])
    return found


def main() -> None:
    """Print both."""
    for name, model in (("flood", FLOOD), ("borehole", BOREHOLE)):
        sys.stdout.write(f"{name}\n")
        for driver, (first, e1, total, e2) in indices(model, 2**22, 0).items():
            told = f'    "{driver}": ({first:.4f}, {total:.4f}),  # standard errors {e1:.4f}, {e2:.4f}'
            sys.stdout.write(f"{told}\n")


if __name__ == "__main__":
    main()
