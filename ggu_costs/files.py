"""The one writer of files: content is staged under a temporary name beside its target, then renamed onto it.

Whoever reads the target finds the old content or the new one, whole, and never a part of either: also when the process
is killed, the disk is full or the power fails.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from ggu_costs.errors import OutputError

TEMPORARY = ".ggu-costs-*.tmp"
"""Names of staged files, as :meth:`pathlib.Path.glob` takes them: what a killed process leaves has such a name."""

_FOLDERS_FLUSH = os.name == "posix"


def write_file(target: str | os.PathLike[str], content: bytes) -> Path:
    """Write one file: the whole content, or what was there stays.

    Parameters
    ----------
    target
        A regular file, which is replaced, or a name in a folder that exists. Of a symbolic link the file it points to
        is replaced.
    content
        All of it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OutputError
        The file cannot be written. What was there is untouched, and nothing temporary is left.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_file(Path(folder) / "figures.csv", b"code")
    ...     path.name, path.read_bytes(), len(list(Path(folder).iterdir()))
    ('figures.csv', b'code', 1)
    """
    path = Path(target)
    try:
        place = path.resolve()  # of a link, where it points
        if place.exists() and not stat.S_ISREG(place.stat().st_mode):
            raise FileExistsError(0, "it is no regular file")
        staged = stage(place, content)
        try:
            staged.replace(place)
        except BaseException:
            discard(staged)
            raise
    except (OSError, ValueError, RuntimeError) as error:  # a name with a NUL byte, links in a circle
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise OutputError(
            f"cannot write {path.as_posix()!r}: {reason}; nothing was changed",
            remedy="Check that the folder exists, has space and can be written, and that no program has the file open.",
        ) from error
    flush(place.parent)
    return path


def stage(target: Path, content: bytes) -> Path:
    """Write the content beside its target, down to the disk, and return the temporary file; on failure none is left.

    Raises
    ------
    OSError
        As the system says it.
    """
    staged = target.with_name(TEMPORARY.replace("*", token_hex(8)))
    try:
        with staged.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        discard(staged)
        raise
    return staged


def discard(staged: Path) -> None:
    """Remove a temporary file, if it is there and can be removed."""
    with suppress(OSError):
        staged.unlink(missing_ok=True)


def flush(folder: Path) -> None:
    """Let new names in a folder last through a power cut, where the system can do so."""
    if _FOLDERS_FLUSH:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
