"""The keys of a model file that follow a uitkering: their figures, read from the circulaires that the file names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ggu_costs.errors import Fault, Faults, GguCostsError, ModelFileError
from ggu_costs.modelfile import Header, Loaded
from ggu_costs.modelfile.grant_keys import BASE, grant_column, grant_columns, read_column
from ggu_costs.modelfile.terms import KeyTerms

if TYPE_CHECKING:
    from ggu_costs.grants.model import Grant

D = TypeVar("D", bound=Header)


def with_keys(loaded: Loaded[D], open_grant: Callable[[str], Grant]) -> Loaded[D]:
    """Return a checked file with the figures of its keys by a uitkering, and the hashes of those circulaires.

    Parameters
    ----------
    open_grant
        Opens a model of kind ``grant`` by its id.

    Raises
    ------
    ModelFileError
        A circulaire that is not there or of another kind, or what is no key: all of them, each at its place.
    """
    columns = {
        column: where
        for where, part in loaded.definition.parts()
        if isinstance(part, KeyTerms)
        for column in grant_columns(part.parts)
    }
    if loaded.definition.beside:
        columns.setdefault(grant_column(loaded.definition.beside, BASE), "programme")
    faults, keys, hashes = Faults(), {}, dict(loaded.hashes)
    for column, where in columns.items():
        name, by = read_column(column)
        try:
            grant = open_grant(name)
            keys[column] = grant.key(by)
            hashes |= grant.files
        except GguCostsError as error:
            for fault in error.faults or (Fault("grant", error.message, remedy=error.remedy),):
                faults.add(f"{where}.{fault.where}", fault.found, fault.allowed, fault.remedy)
    if faults:
        raise ModelFileError(
            f"{loaded.path}: this model file cannot be used", path=loaded.path, faults=faults,
            remedy="Correct every key named.",
        )  # fmt: skip
    return replace(loaded, keys=keys, hashes=hashes) if keys else loaded
