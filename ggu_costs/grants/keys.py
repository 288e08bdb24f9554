"""By what money of the gemeentefonds falls: the uitkeringsbasis, a cluster, a maatstaf or the amount of a circulaire.

Money through the uitkeringsfactor falls by the uitkeringsbasis, what the factor multiplies: the WOZ rows are left out.
The share of the amount, after the deduction for WOZ values, is another key. Overige eigen middelen and the
onroerendezaakbelasting are deductions and no key.
"""

from collections.abc import Mapping
from fractions import Fraction

from ggu_costs.errors import Faults, did_you_mean, listed, shortened
from ggu_costs.figures import shown
from ggu_costs.grants.exact import Exact, Sums, general, weighted, whole
from ggu_costs.grants.tables import GrantTables
from ggu_costs.words.messages import Message, message

FORMS = "base, cluster:NAME, maatstaf:CODE, other:NAME or amount"
"""How a key is written."""


def base_of(weights: Mapping[str, Exact], tables: GrantTables) -> Sums:
    """Return what the factor multiplies, by municipality (uitkeringsbasis)."""
    inside = {name: weight for name, weight in weights.items() if name not in tables.outside}
    return weighted(inside, tables.columns, tables.codes)


def deduction_of(weights: Mapping[str, Exact], tables: GrantTables) -> Sums:
    """Return what the factor leaves alone, by municipality."""
    alone = {name: weight for name, weight in weights.items() if name in tables.outside}
    return weighted(alone, tables.columns, tables.codes)


def base_total(weights: Mapping[str, Exact], tables: GrantTables) -> Fraction:
    """Return what the factor multiplies, of all municipalities together."""
    return whole({name: weight for name, weight in weights.items() if name not in tables.outside}, tables.columns)


def key_of(
    by: object, tables: GrantTables, factor: Exact, faults: Faults, where: str = "by"
) -> dict[str, Fraction] | None:
    """Return the figures of a key by municipality; None, with a fault, where it is none.

    Parameters
    ----------
    by
        ``base``, ``cluster:NAME``, ``maatstaf:CODE``, ``other:NAME`` (an other uitkering) or ``amount``.
    factor
        The uitkeringsfactor, which the key ``amount`` needs.
    """
    if not isinstance(by, str):
        faults.add(where, shown(by), FORMS)
        return None
    kind, _, name = by.partition(":")
    if kind == "cluster" and name:
        sums = _cluster(name, tables, faults, where)
    elif kind == "maatstaf" and name:
        sums = _maatstaf(name, tables, faults, where)
    elif kind == "other" and name:
        sums = _other(name, tables, faults, where)
    elif by == "base":
        sums = base_of(tables.weights, tables)
    elif by == "amount":
        base, deduction = (part(tables.weights, tables) for part in (base_of, deduction_of))
        sums = general(Fraction(factor), base, deduction)
    else:
        faults.add(where, repr(shortened(by)), FORMS, did_you_mean(by, ("base", "amount")))
        return None
    if sums is None:
        return None
    below = [code for code, part in zip(sums.codes, sums.numerators, strict=True) if part < 0]
    if below:
        remedy = "A deduction, such as Overige eigen middelen or Onroerendezaakbelasting, is no key: say base."
        faults.add(where, f"{by!r}, below 0 in {listed(below)}", "0 or more in every municipality", remedy)
        return None
    if not any(sums.numerators):
        faults.add(where, f"{by!r}, 0 for everyone", "a figure above 0 in some municipality")
        return None
    return sums.by_code


def _cluster(name: str, tables: GrantTables, faults: Faults, where: str) -> Sums | None:
    if name not in tables.clusters:
        known = did_you_mean(name, tables.clusters)
        faults.add(where, f"no cluster {shortened(name)!r}", listed(tables.clusters), known)
        return None
    return base_of(tables.clusters[name], tables)


def _maatstaf(name: str, tables: GrantTables, faults: Faults, where: str) -> Sums | None:
    if name not in tables.weights:
        known = did_you_mean(name, tables.weights)
        faults.add(where, f"no maatstaf {shortened(name)!r}", "a maatstaf of the circulaire", known)
        return None
    if name in tables.outside:
        faults.add(where, f"{name!r}, a deduction that the factor leaves alone", "a maatstaf of the uitkeringsbasis")
        return None
    return weighted({name: Fraction(1)}, tables.columns, tables.codes)


def _other(name: str, tables: GrantTables, faults: Faults, where: str) -> Sums | None:
    if name not in tables.others:
        known = did_you_mean(name, tables.others)
        faults.add(where, f"no other uitkering {shortened(name)!r}", "an other uitkering of the circulaire", known)
        return None
    return weighted({name: Fraction(1)}, tables.other_columns, tables.codes)


def key_words(by: str, tables: GrantTables) -> Message:
    """Say what a key is."""
    kind, _, name = by.partition(":")
    if kind == "maatstaf":
        return message("grant_key_maatstaf", name=tables.names[name], code=name)
    return message("grant_key_cluster", name=name) if kind == "cluster" else message(f"grant_key_{kind}")
