"""A folder of outputs is of one run: written whole, or everything is as it was.

A run writes all its files in a folder of its own within the target, down to the disk, and only then moves them to their
names. The listing of what was there (:mod:`ggu_costs.report.listing`) goes first and that of this run comes last, so at
no moment does a folder that mixes two runs have a sound one: ``ggu-costs verify`` tells. What fails on the way is
undone; what a killed run left is removed by the next.
"""

import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from ggu_costs.errors import Faults, OutputError, listed, shortened
from ggu_costs.files import TEMPORARY, discard, flush, stage
from ggu_costs.report.listing import LISTING, is_plain_name, read_listing

_log = logging.getLogger(__name__)
_ELSEWHERE = "Choose another folder, or make this one writable."
_PATIENCE = 60.0  # seconds that a run waits for another that is writing into the same folder


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Return `folder` if files can be written there, or it can be made; nothing is written.

    Long work calls this before it starts, so that a wrong folder is known at once.

    Raises
    ------
    OutputError
        The folder, or the nearest folder above it that exists, is no folder or cannot be written.
    """
    path = Path(folder)
    try:
        there = next(place for place in (path, *path.absolute().parents) if place.exists())
    except (OSError, ValueError) as error:  # a name that no folder can have
        words = f"cannot write into {shortened(str(path))}: {getattr(error, 'strerror', None) or error}"
        raise OutputError(words, remedy="Choose another folder.") from error
    if not there.is_dir():
        raise OutputError(f"cannot write into {path}: {there} is not a folder", remedy="Choose another folder.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write into {path}: {there} is not writable", remedy=_ELSEWHERE)
    return path


def make_folder(folder: str | os.PathLike[str]) -> Path:
    """Make a folder that can be written, with those above it, where it does not exist.

    Raises
    ------
    OutputError
        As :func:`check_folder`, or the folder cannot be made.
    """
    path = check_folder(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {path}: {error.strerror or error}", remedy=_ELSEWHERE) from error
    return path


def write_run(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write the files of a run into a folder: all of them, or none; and remove those of an earlier run there.

    Those would stand beside the new files as if they belonged to them. Removed is only what the folder's own
    ``provenance.json`` listed, or that of a run that was killed on the way; no other file is touched. Of two runs into
    one folder at the same time the last one wins, whole.

    Parameters
    ----------
    folder
        Is made if it does not exist, with the folders above it.
    files
        Content by file name; ``provenance.json`` among them is written last.

    Returns
    -------
    tuple of str
        Names of the files that were removed.

    Raises
    ------
    InputError
        A name that is empty, holds a path separator or a character some systems refuse, or differs from another in
        capitals only; content that is not bytes.
    OutputError
        The folder or a file cannot be written, or another run has been writing there for a minute. What was there is
        still there, and nothing temporary is left.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     removed = write_run(folder, {"result.csv": b"code"})
    ...     [path.name for path in Path(folder).iterdir()]
    ['result.csv']
    """
    _check(files)
    path = check_folder(folder)
    made = [place for place in (path, *path.parents) if not place.exists()]
    work = _Work(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            removed = work.do(files)
        _log.info("wrote %d files into %s, removed %d of an earlier run", len(files), path, len(removed))
        return removed
    except BaseException as error:
        for place in made:
            with suppress(OSError):  # someone else may have put something in it meanwhile
                place.rmdir()
        if isinstance(error, OSError) and not isinstance(error, OutputError):
            state = f"put back by hand: {listed(work.stuck)}" if work.stuck else "nothing was changed"
            raise OutputError(
                f"cannot write {work.busy or 'the files'} into {path}: {error.strerror or error}; {state}",
                remedy="Close the file where it is open, choose another folder, or free some space.",
            ) from error
        raise


def leftovers(folder: Path) -> list[Path]:
    """Return what runs that were killed left in a folder."""
    return sorted(path for path in folder.glob(TEMPORARY) if not path.is_symlink())


def _check(files: Mapping[str, bytes]) -> None:
    faults = Faults()
    seen: dict[str, str] = {}
    for name, content in files.items():
        if not is_plain_name(name):
            faults.add(repr(name), "is no file name", "a plain name such as result.csv, without a folder")
        if not isinstance(content, bytes):
            faults.add(repr(name), f"holds {type(content).__name__}", "bytes")
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            faults.add(repr(name), f"differs from {other!r} in capitals only", "names that differ on every system")
    faults.check("these files cannot be written", remedy="Correct the names and contents listed.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs from writing into a folder; the system ends it with the process.

    Where folders cannot be locked (Windows, some network drives) two runs at the same time may end in an error, or in a
    folder without a listing.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    until = time.monotonic() + _PATIENCE
    handle = os.open(folder, os.O_RDONLY)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < until:
                    time.sleep(0.05)
                    continue
                raise OutputError(
                    f"another run is writing into {folder}; nothing was changed",
                    remedy="Wait until it is done, or choose another folder.",
                ) from None
            except OSError:
                pass  # no locks there
            yield
            return
    finally:
        os.close(handle)


class _Work:
    """Files on their way: staged in ``new/`` of a temporary folder; what they replace is moved to ``old/`` of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.aside = folder / TEMPORARY.replace("*", token_hex(8))
        self.new, self.old = self.aside / "new", self.aside / "old"
        self.moved: list[tuple[Path, Path, int]] = []  # from, to, and which file it is
        self.stuck: list[str] = []
        self.busy = ""

    def do(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write the files, and return the names of those of earlier runs that were removed."""
        dead = leftovers(self.folder)
        known = read_listing(self.folder).names
        for left in dead:
            known |= read_listing(left / "new").names | read_listing(left / "old").names
            self._make_room(left)
        gone = sorted(name for name in known - {*files, LISTING} if (self.folder / name).is_file())
        try:
            self._stage(files)
            self._publish([*gone, *(name for name in files if name != LISTING)], [*files])
        except BaseException:
            self._undo()
            raise
        for left in (self.aside, *dead):
            _remove(left)
        flush(self.folder)
        return tuple(gone)

    def _stage(self, files: Mapping[str, bytes]) -> None:
        for place in (self.aside, self.new, self.old):
            place.mkdir()
        for name, content in files.items():
            self.busy = name
            stage(self.new / name, content).replace(self.new / name)
        flush(self.new)

    def _publish(self, names: list[str], staged: list[str]) -> None:
        """Let the old listing go, then put every file in its place, then the new listing."""
        for name in (LISTING, *names):
            self.busy, target = name, self.folder / name
            if target.is_file():
                self._move(target, self.old / name)
            if name == LISTING:
                flush(self.folder)
            if name in staged and name != LISTING:
                self._move(self.new / name, target)
        flush(self.folder)
        if LISTING in staged:
            self.busy = LISTING
            self._move(self.new / LISTING, self.folder / LISTING)

    def _move(self, source: Path, target: Path) -> None:
        self.moved.append((source, target, source.lstat().st_ino))  # first: an interrupt may come between the two
        source.replace(target)

    def _undo(self) -> None:
        """Put everything back, the listing last; what cannot be is named, with where its older content is."""
        replaced = {source.name for source, _, _ in self.moved if source.parent == self.folder}
        for source, target, which in reversed(self.moved):
            try:
                if os.path.lexists(target) and target.lstat().st_ino == which:  # else it was not moved
                    target.replace(source)
            except OSError:
                if source.parent == self.folder:
                    self.stuck.append(f"{source.name} (was {target.relative_to(self.folder).as_posix()})")
                elif source.name not in replaced:
                    self.stuck.append(f"{source.name} (was not there)")
        if not self.stuck:
            _remove(self.aside)

    def _make_room(self, left: Path) -> None:
        """Remove what a killed run left, apart from its listings: they are needed until this run is whole."""
        for path in (*left.glob("new/*"), *left.glob("old/*")):
            if path.name != LISTING:
                discard(path)


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
    else:
        discard(left)
