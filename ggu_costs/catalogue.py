"""Find and open models: the shipped ones, and your own folders before them.

Own models are searched first, in the folders of the environment variable GGU_COSTS_MODELS (several are separated as in
PATH) or those given. The id of a model is its place in the folder: ``funds/ggu/2020`` is ``funds/ggu/2020.toml``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Fault, InputError, ModelFileError, UnknownNameError
from ggu_costs.modelfile import Header, RawModel, check_definition, read_raw

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "KINDS",
    "compare_models",
    "definition_of",
    "find_model",
    "kind_of",
    "list_models",
    "model_files",
    "open_model",
    "read_model",
]

KINDS: dict[str, tuple[str, str, str]] = {
    "fund": ("ggu_costs.fund", "FundDefinition", "Fund"),
    "fee": ("ggu_costs.fund", "FeeDefinition", "Fee"),
}
"""Kind of model -> room, definition, model."""

_PACKAGE = Path(__file__).parent


def _folders(models: Path | str | None = None) -> list[Path]:
    """Folders in the order in which they are searched."""
    own = [Path(models)] if models is not None else []
    own += [Path(folder) for folder in os.environ.get("GGU_COSTS_MODELS", "").split(os.pathsep) if folder]
    installed, checkout = _PACKAGE / "models", _PACKAGE.parent / "models"
    return [*own, installed if installed.is_dir() else checkout]


def model_files(models: Path | str | None = None) -> dict[str, Path]:
    """Return the file of each model by id; an own model hides a shipped one of the same id."""
    found: dict[str, Path] = {}
    for folder in _folders(models):
        if not folder.is_dir():
            raise ModelFileError(
                f"{folder.as_posix()}: no such folder of models",
                path=folder.as_posix(),
                remedy="Check --models and GGU_COSTS_MODELS.",
            )
        for path in sorted(folder.rglob("*.toml")):
            found.setdefault(path.relative_to(folder).with_suffix("").as_posix(), path)
    return dict(sorted(found.items()))


def find_model(name: str, models: Path | str | None = None) -> Path:
    """Return the file of a model id.

    Raises
    ------
    UnknownNameError
        No model of that id; names the nearest.
    """
    files = model_files(models)
    if name not in files:
        raise UnknownNameError("model", name, files)
    return files[name]


def read_model(source: str | Path | Mapping[str, Any], models: Path | str | None = None) -> RawModel:
    """Read a model by id, path or mapping, with its base and changes, before it is checked."""
    if isinstance(source, Mapping):
        return read_raw(source, lambda name: find_model(name, models))
    path = Path(source)
    if path.suffix != ".toml":
        path = find_model(str(source), models)
    return read_raw(path, lambda name: find_model(name, models))


def kind_of(raw: RawModel) -> str:
    """Return the kind a model file states, checked."""
    kind = str(raw.tables.get("kind", ""))
    if kind not in KINDS:
        fault = Fault("kind", repr(kind) if kind else "missing", ", ".join(KINDS))
        raise ModelFileError(f"{raw.path}: this model file cannot be used", path=raw.path, faults=[fault])
    return kind


def definition_of(kind: str) -> type[Header]:
    """Return the definition that model files of a kind are checked against."""
    if kind not in KINDS:
        raise UnknownNameError("kind of model", kind, KINDS)
    room, name, _ = KINDS[kind]
    definition: type[Header] = getattr(import_module(room), name)
    return definition


def open_model(
    source: str | Path | Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    *,
    models: Path | str | None = None,
) -> Any:
    """Open a model.

    Parameters
    ----------
    source
        An id such as ``funds/ggu/2020``, the path of a TOML file, or a mapping of the same form.
    data
        Inputs that the model asks for, by name: a number, a Series by code, or the path of a CSV or Excel file.
    models
        A folder of your own models, searched first.

    Returns
    -------
    Fund or Fee
        The model of its kind.

    Raises
    ------
    UnknownNameError
        No such model, or an input that the model does not ask for.
    ModelFileError
        Every fault of the file.
    InputError
        Inputs that cannot be used.

    Examples
    --------
    >>> fund = open_model("funds/ggu/2020")
    >>> fund.contributions().total
    52300000.0
    """
    raw = read_model(source, models)
    kind = kind_of(raw)
    loaded = check_definition(raw, definition_of(kind))
    room, _, name = KINDS[kind]
    return getattr(import_module(room), name).open(loaded, data)


def list_models(models: Path | str | None = None) -> pd.DataFrame:
    """Return a table of the models there are: ``kind, title, checked_on, illustrative`` by id.

    Raises
    ------
    ModelFileError
        A model file with faults.
    """
    import pandas as pd

    rows = []
    for name, raw in _all(models):
        definition = check_definition(raw, definition_of(kind_of(raw))).definition
        rows.append((name, definition.kind, definition.title, definition.checked_on, definition.illustrative))
    names: Sequence[str] = ["id", "kind", "title", "checked_on", "illustrative"]
    return pd.DataFrame(rows, columns=list(names)).set_index("id", drop=False).rename_axis(None)


def _all(models: Path | str | None) -> Iterator[tuple[str, RawModel]]:
    for name, path in model_files(models).items():
        yield name, read_model(path, models)


def compare_models(*models: Any) -> Any:
    """Put two or three opened models of one kind side by side.

    Raises
    ------
    InputError
        Models of different kinds, or another number of them.
    """
    kinds = [model.definition.kind for model in models]
    if len(set(kinds)) > 1:
        raise InputError(f"models of different kinds: {', '.join(kinds)}", remedy="Compare models of one kind.")
    return models[0].compare(*models[1:])
