"""What the rest of the house knows of a model, and what a kind of model is: a name, a definition and a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ggu_costs.errors import GguCostsError, MissingInputError, ModelFileError
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.inputs import Inputs
from ggu_costs.modelfile.notes import Mark, Use
from ggu_costs.reference import Reference

if TYPE_CHECKING:
    from ggu_costs.display.report import Report


class Model(Protocol):
    """A model of any kind: a checked file with the inputs of the user, which can say what it holds."""

    @property
    def definition(self) -> Header:
        """What the model file says."""
        ...

    @property
    def id(self) -> str:
        """Id of the model file."""
        ...

    @property
    def reference(self) -> Reference:
        """The reference tables that it computes with."""
        ...

    def uses(self) -> Iterable[Use]:
        """Return the reference figures and maps that its results rest on."""
        ...

    @property
    def statuses(self) -> tuple[Mark, ...]:
        """What is not definitive of the reference figures and maps that it rests on."""
        ...

    @property
    def title(self) -> str:
        """Title of the model file, with the changes made, in Dutch."""
        ...

    @property
    def files(self) -> Mapping[str, str]:
        """SHA-256 of its model files, by id."""
        ...

    @property
    def inputs(self) -> Inputs:
        """What the user brought."""
        ...

    def check(self) -> None:
        """Build what a run builds of the file, so that every fault shows that is seen there only.

        What rests on an input that was not given is left out, or ends in a MissingInputError where nothing is left.
        """
        ...

    def report(self, municipality: str | None = None, *, lang: str = "nl") -> Report:
        """Return what a run shows."""
        ...

    def provenance(self, **more: Any) -> dict[str, Any]:
        """Describe what a result of this model follows from."""
        ...


def check_built(model: Model, path: str) -> None:
    """Raise what building a model shows as faults of its file; an input that is to be brought is none."""
    try:
        model.check()
    except MissingInputError:
        return
    except GguCostsError as error:
        message = f"{path}: {error.message}"
        raise ModelFileError(message, path=path, faults=error.faults, remedy=error.remedy) from None


M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Kind(Generic[M]):
    """A kind of model.

    Attributes
    ----------
    name
        As model files state it.
    opener
        Public function that opens a model of this kind and no other.
    definition, model
        Loaded when asked for: a list of models needs no models, and a fund no programmes.
    """

    name: str
    opener: str
    definition: Callable[[], type[Header]]
    model: Callable[[], type[M]]
