"""What building a programme showed and a reader has to know: fits, repairs, responses, what falls outside."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ggu_costs.games.result import Certificate
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.build_drivers import fit_of
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.notes import shape_words
from ggu_costs.simulation.correlation import repaired
from ggu_costs.simulation.distributions.fits import percentile
from ggu_costs.simulation.fitting import Fit
from ggu_costs.simulation.marginals import describe
from ggu_costs.simulation.parts import Affine, Correlation, Driver, Term
from ggu_costs.words.messages import message, number

_SEEN = 0.0005
"""A part of an amount below this is not told."""

_FITS = (("fit_off", "fit_met"), ("fit_off_moments", "fit_met_moments"))
"""Notes of a fit: without and with its moments, that is off and that meets the quantiles."""

_BY_QUANTILES = ("jqpd", "metalog")
"""Shapes that nothing but quantiles tells: their mean and sd are told."""


def notes_of_building(
    definition: ProgrammeDefinition,
    assembly: Assembly,
    solved: Mapping[str, Certificate],
    *,
    second: bool,
) -> Iterator[str]:
    """Yield every note; `solved` says by line how the game of a joint cost was solved."""
    yield from _fit_notes(definition, assembly.drivers, second=second)
    yield from _sign_notes(definition)
    yield from repair_notes({driver.id: driver.name for driver in definition.drivers}, assembly.correlations)
    yield from _horizon_notes(definition, assembly.drivers, assembly.terms)
    yield from _sample_notes(definition)
    yield from _joint_notes(definition, solved)


def _fit_notes(definition: ProgrammeDefinition, drivers: Sequence[Driver], *, second: bool) -> Iterator[str]:
    """How closely the distribution of each driver that is used meets the quantiles stated."""
    used = {driver.name: driver.marginal.kind for driver in drivers}
    for terms in definition.drivers:
        fit = fit_of(terms, second=second) if terms.id in used else None
        if fit is not None:
            yield message(
                _FITS[used[terms.id] in _BY_QUANTILES][fit.off < _SEEN],
                name=terms.name, shape=shape_words(used[terms.id]), quantiles=list(map(percentile, fit.stated)),
                off=fit.off, range=_range(fit), mean=_short(fit.mean), sd=_short(fit.sd),
            )  # fmt: skip


def _range(fit: Fit) -> str:
    first, *_, last = fit.stated
    return f"{percentile(first)}-{percentile(last)}"


def _short(figure: float) -> str:
    """A figure in four digits."""
    decimals = 3 - math.floor(math.log10(abs(figure))) if figure else 0
    return number(figure, decimals=min(max(decimals, 0), 9))


def _sign_notes(definition: ProgrammeDefinition) -> Iterator[str]:
    """Why a driver may turn a sign."""
    for terms in definition.drivers:
        if terms.below_zero:
            yield message("may_turn_sign", name=terms.name, why=terms.below_zero)


def repair_notes(names: Mapping[str, str], parts: Sequence[Correlation]) -> Iterator[str]:
    """What was put in the place of correlations that contradict each other; `names` by id, as a reader knows them."""
    for part in parts:
        changes = [
            message("correlation_changed", one=names.get(one, one), other=names.get(other, other), old=old, new=new)
            for one, other, old, new in repaired(part)[1]
        ]
        if changes:
            yield message("correlations_repaired", changes=changes)


def _horizon_notes(definition: ProgrammeDefinition, drivers: Sequence[Driver], terms: Sequence[Term]) -> Iterator[str]:
    """Which part of a one-off amount along an S-curve falls after the last year."""
    means = {driver.name: describe(driver.marginal)[0] for driver in drivers}
    for line in definition.lines:
        for term in terms:
            if term.name.partition("@")[0] != line.id or term.curve is None or not term.curve.increments:
                continue
            steps = _mean(term.curve.steepness, means) * (term.curve.times[-1] - _mean(term.curve.midpoint, means))
            rest = float(np.mean(0.5 - 0.5 * np.tanh(steps / 2)))
            if rest >= _SEEN:
                yield message("beyond_horizon", name=line.name, rest=rest, year=definition.years[-1])
            break


def _mean(part: Affine, means: Mapping[str, float]) -> np.ndarray | float:
    constant = part.constant + sum(weight * means[name] for name, weight in part.drivers)
    return constant if part.by_unit is None else constant + part.by_unit


def _sample_notes(definition: ProgrammeDefinition) -> Iterator[str]:
    """How many were asked and how many answered, in all and per stratum."""
    for line in definition.lines:
        if line.sample is not None and line.sample.strata:
            asked = sum(stratum.asked for stratum in line.sample.strata)
            answered = sum(len(stratum.x) for stratum in line.sample.strata)
            strata = [message("stratum", label=p.label, answered=len(p.x), asked=p.asked) for p in line.sample.strata]
            yield message(
                "response", name=line.name, answered=answered, asked=asked, share=answered / asked, strata=strata
            )


def _joint_notes(definition: ProgrammeDefinition, solved: Mapping[str, Certificate]) -> Iterator[str]:
    """The error of a joint cost whose split was sampled, or that is not certain to be the best."""
    for line in definition.lines:
        certificate = solved.get(line.id)
        if certificate is not None and certificate.standard_error is not None:
            error = float(certificate.standard_error.max())
            yield message("joint_sampled", name=line.name, samples=certificate.samples, error=error)
        elif certificate is not None and not certificate.reached and line.joint and line.joint.rule == "least_core":
            yield message("joint_bounded", name=line.name)
