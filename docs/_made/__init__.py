"""What is made from code and schemas when the site is built: the API, keys of model files, commands, output tables."""

from __future__ import annotations

from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write a page; one that is the same stays as it is, so that the site is not built anew for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
