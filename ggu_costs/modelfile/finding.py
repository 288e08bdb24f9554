"""Where the files of models are: the user's own folders before what is shipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from ggu_costs.errors import InputError, ModelFileError, UnknownNameError, nearest, shortened
from ggu_costs.reading import is_folder
from ggu_costs.words.messages import message

Folder: TypeAlias = Path | str | None
"""A folder of a user's own models."""

_PACKAGE = Path(__file__).parent.parent


def _folders(models: Folder = None) -> list[Path]:
    """Folders in the order in which they are searched."""
    if not isinstance(models, str | os.PathLike | None):
        raise InputError(f"models is a {type(models).__name__}", remedy="Give the path of your own folder of models.")
    own = [Path(models)] if models is not None else []
    own += [Path(folder) for folder in os.environ.get("GGU_COSTS_MODELS", "").split(os.pathsep) if folder]
    installed, checkout = _PACKAGE / "models", _PACKAGE.parent / "models"
    return [*own, installed if installed.is_dir() else checkout]


def model_files(models: Folder = None) -> dict[str, Path]:
    """Return the file of each model by id; an own model hides a shipped one of the same id."""
    found: dict[str, Path] = {}
    for folder in _folders(models):
        if not is_folder(folder):
            raise ModelFileError(
                f"{folder.as_posix()}: no such folder of models",
                path=folder.as_posix(),
                remedy="Check --models and GGU_COSTS_MODELS.",
            )
        for path in sorted(folder.rglob("*.toml")):
            found.setdefault(path.relative_to(folder).with_suffix("").as_posix(), path)
    return dict(sorted(found.items()))


def find_model(name: str, models: Folder = None) -> Path:
    """Return the file of a model id.

    Raises
    ------
    UnknownNameError
        No model of that id; names the nearest.
    """
    files = model_files(models)
    if name not in files:
        meant = nearest(name, files)
        remedies = [message("meant", name=repr(meant)) if meant else message("see_list")]
        if models is None:
            remedies.append(message("own_models"))
        remedy = message("joined", parts=remedies, between="\n")
        said = message("unknown_model", name=shortened(repr(name)), allowed=list(files), remedy=remedy)
        raise UnknownNameError("model", name, files, said=said)
    return files[name]
