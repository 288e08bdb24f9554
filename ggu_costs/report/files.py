"""Writing a set of files so that either all of them are there, whole, or everything is as it was."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from ggu_costs.errors import Faults, OutputError, listed
from ggu_costs.files import TEMPORARY, discard, flush, stage

_FORBIDDEN = set('/\\:*?"<>|')  # in a file name on one of the systems that users have
_ELSEWHERE = "Choose another folder, or make this one writable."


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Return `folder` if files can be written there, or it can be made; nothing is written.

    Long work calls this before it starts, so that a wrong folder is known at once.

    Raises
    ------
    OutputError
        The folder, or the nearest folder above it that exists, is no folder or cannot be written.
    """
    path = Path(folder)
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not there.is_dir():
        raise OutputError(f"cannot write into {path}: {there} is not a folder", remedy="Choose another folder.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write into {path}: {there} is not writable", remedy=_ELSEWHERE)
    return path


def write_atomically(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into a folder: all of them, or none.

    Every file is first written in full under a temporary name in the same folder; only then do they get their names,
    replacing what had them. If anything fails on the way, older files are put back and new ones, and folders made
    for them, are removed.

    Parameters
    ----------
    folder
        Is made if it does not exist, with the folders above it.
    files
        Content by file name.

    Returns
    -------
    tuple of pathlib.Path
        The files, in the order of `files`.

    Raises
    ------
    InputError
        A name that is empty, holds a path separator or a character some systems refuse, or differs from another in
        capitals only; content that is not bytes.
    OutputError
        The folder or a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_atomically(folder, {"result.csv": b"code"})]
    ['result.csv']
    """
    _check(files)
    path = check_folder(folder)
    made = [place for place in (path, *path.parents) if not place.exists()]
    work = _Work(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            work.stage(name, content)
        work.publish()
    except BaseException as error:
        stuck = work.undo()
        for place in made:
            with suppress(OSError):  # someone else may have put something in it meanwhile
                place.rmdir()
        if isinstance(error, OSError):
            state = f"put back by hand: {listed(stuck)}" if stuck else "nothing was changed"
            raise OutputError(
                f"cannot write {work.busy or 'the files'} into {path}: {error.strerror or error}; {state}",
                remedy="Close the file where it is open, choose another folder, or free some space.",
            ) from error
        raise
    work.clean()
    return tuple(path / name for name in files)


def write_run(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write the files of a run as :func:`write_atomically`, then remove the tables of an earlier run in that folder.

    They would stand beside the new files as if they belonged to them. Removed is only what the folder's own
    ``provenance.json`` listed under ``tables``, by a plain name that ends in ``.csv``; no other file is touched.

    Returns
    -------
    tuple of str
        Names of the files that were removed.

    Raises
    ------
    InputError, OutputError
        As :func:`write_atomically`; a table of an earlier run that cannot be removed.
    """
    older = _left_over(Path(folder), files)
    write_atomically(folder, files)
    for name in older:
        try:
            (Path(folder) / name).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"the results are written, but {name} of an earlier run is still in {folder}: {error.strerror}",
                remedy="Close it where it is open and remove it by hand, or choose another folder.",
            ) from error
    return older


def _left_over(path: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Return the tables that the provenance in a folder lists and that are not among `files`."""
    try:
        listed_there = json.loads((path / "provenance.json").read_text(encoding="utf-8"))["tables"]
    except (OSError, ValueError, TypeError, KeyError):
        return ()  # nothing, or not ours: then nothing is known to be left over
    names = {name for name in listed_there if isinstance(name, str)} if isinstance(listed_there, list) else set()
    plain = {name for name in names if name.endswith(".csv") and not set(name) & _FORBIDDEN and name.isprintable()}
    return tuple(sorted(name for name in plain - set(files) if (path / name).is_file()))


def _check(files: Mapping[str, bytes]) -> None:
    faults = Faults()
    seen: dict[str, str] = {}
    for name, content in files.items():
        refused = name.strip(" .") != name.strip() or set(name) & _FORBIDDEN or not name.isprintable()
        if not name.strip() or refused:
            faults.add(repr(name), "is no file name", "a plain name such as result.csv, without a folder")
        if not isinstance(content, bytes):
            faults.add(repr(name), f"holds {type(content).__name__}", "bytes")
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            faults.add(repr(name), f"differs from {other!r} in capitals only", "names that differ on every system")
    faults.check("these files cannot be written", remedy="Correct the names and contents listed.")


class _Work:
    """Files on their way: staged under a temporary name, then published, with what they replace kept aside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staged: dict[str, Path] = {}
        self.kept: dict[str, Path] = {}
        self.published: list[str] = []
        self.busy = ""

    def _aside(self) -> Path:
        return self.folder / TEMPORARY.replace("*", token_hex(8))

    def stage(self, name: str, content: bytes) -> None:
        self.busy = name
        self.staged[name] = stage(self.folder / name, content)

    def publish(self) -> None:
        for name in self.staged:
            self.busy, target = name, self.folder / name
            if target.is_file():
                self.kept[name] = self._aside()
                shutil.copy2(target, self.kept[name])
        for name, temporary in self.staged.items():
            self.busy = name
            temporary.replace(self.folder / name)
            self.published.append(name)

    def undo(self) -> list[str]:
        """Put everything back; return what could not be, with where its older content is."""
        stuck = []
        for name in self.published:
            try:
                if name in self.kept:
                    self.kept[name].replace(self.folder / name)
                else:
                    (self.folder / name).unlink(missing_ok=True)
            except OSError:
                aside = self.kept.pop(name, None)
                stuck.append(f"{name} (was {aside.name})" if aside else f"{name} (was not there)")
        self.clean()
        return stuck

    def clean(self) -> None:
        """Remove what was temporary, and let the new names last through a power cut where a folder can be flushed."""
        for left in (*self.staged.values(), *self.kept.values()):
            discard(left)
        flush(self.folder)
