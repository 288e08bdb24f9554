"""How an answer leaves Python: as plain data, JSON, a workbook, or a folder of files as a run writes it."""

from __future__ import annotations

import os
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.display.as_json import AsJson
from ggu_costs.errors import InputError
from ggu_costs.files import write_file

if TYPE_CHECKING:
    from ggu_costs.display.report import Report


class Portable(AsJson):
    """Base of all answers that have a report: what it shows can leave Python."""

    @abstractmethod
    def report(self, *, lang: str = "nl") -> Report:
        """Return what it says first and its figures, for a page or workbook."""

    def to_dict(self, *, lang: str = "nl") -> dict[str, Any]:
        """Return all that its report says as plain Python; see :class:`~ggu_costs.display.as_json.AsJson`."""
        return self.report().to_dict(lang=lang) | {"kind": type(self).__name__}

    def to_excel(self, path: str | os.PathLike[str], *, lang: str = "nl") -> Path:
        """Write the workbook of its report (extra ``excel``), and return its path.

        Parameters
        ----------
        path
            Of the workbook; ends in ``.xlsx``. Folders above it are made.
        lang
            ``nl`` or ``en``.

        Raises
        ------
        InputError
            Another kind of name; a table that no workbook holds.
        OutputError
            It cannot be written.
        GguCostsError
            XlsxWriter is not installed.
        """
        from ggu_costs.report.files import make_folder
        from ggu_costs.report.workbook import workbook_bytes

        target = Path(path)
        if target.suffix.lower() != ".xlsx":
            raise InputError(f"a workbook named {target.name!r}", remedy="Give a name that ends in .xlsx.")
        content = workbook_bytes(self.report(), lang=lang)
        make_folder(target.parent)
        return write_file(target, content)

    def write(self, folder: str | os.PathLike[str], *, lang: str = "nl") -> tuple[str, ...]:
        """Write its tables as CSV (plain and Dutch), its workbook, page and provenance into a folder.

        All files are written, or none; those of an earlier run there go. :func:`ggu_costs.verify` tells whether the
        folder is still as it was written. The workbook needs the extra ``excel`` and the page the extra ``html``:
        without them the other files are written.

        Parameters
        ----------
        folder
            Is made where it does not exist.
        lang
            ``nl`` or ``en``.

        Returns
        -------
        tuple of str
            Names of the files.

        Raises
        ------
        OutputError
            The folder or a file cannot be written; nothing was changed.

        Examples
        --------
        >>> import tempfile
        >>> from ggu_costs import allocate, verify
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     names = allocate(100, [2, 1]).write(folder)
        ...     print(verify(folder).whole, names[:2])
        True ('result.csv', 'result.nl.csv')
        """
        from ggu_costs.report.dossier import files_of
        from ggu_costs.report.files import check_folder, write_run

        check_folder(folder)
        files = files_of(self.report(), lang=lang)
        write_run(folder, files)
        return tuple(files)

    def _repr_html_(self) -> str:
        from ggu_costs.display.html import table

        report = self.report()
        first = report.tables[0]
        return table(
            first.frame, title=first.title, notes=first.notes or (), total=first.total or (), units=first.units,
            pm=first.pm,
        )  # fmt: skip
