"""The shipped tables and their manifest, read once and kept; nothing is read at import."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


CARIBBEAN = "The Caribbean public bodies (Bonaire, Sint Eustatius and Saba) are not included."

_TYPES = {"text": "str", "whole number": "int64", "number": "float64", "truth value": "bool"}


@cache
def manifest() -> dict[str, Any]:
    """Return the manifest: tables, columns by kind of table, and sources."""
    text = files("ggu_costs.reference").joinpath("data/manifest.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def table_hashes() -> dict[str, str]:
    """Return the SHA-256 of every shipped table as it stands on disk now, by its name."""
    folder = files("ggu_costs.reference").joinpath("data")
    tables = manifest()["tables"].items()
    return {name: hashlib.sha256(folder.joinpath(entry["file"]).read_bytes()).hexdigest() for name, entry in tables}


def reference_table(name: str) -> Mapping[str, Any]:
    """Return what the manifest says of one table: title, date, licence, rows, hash and the source of each column."""
    found: Mapping[str, Any] = manifest()["tables"][name]
    return found


@cache
def known_years() -> tuple[int, ...]:
    """Return the years whose 1 January is in the tables, in order; each has a table of its own."""
    tables = (table.rpartition("_") for table in manifest()["tables"])
    return tuple(sorted(int(year) for kind, _, year in tables if kind == "municipalities"))


@cache
def frame(table: str) -> pd.DataFrame:
    """Return one shipped table; the frame is shared, so callers copy before they hand it out."""
    import pandas as pd

    entry = manifest()["tables"][table]
    described = manifest()["columns"][entry["columns_of"]]
    types: dict[str, Any] = {name: _TYPES[described[name]["type"]] for name in entry["sources"]}
    empty = {name: [""] for name, kind in types.items() if kind == "float64"}
    with files("ggu_costs.reference").joinpath("data", entry["file"]).open("rb") as file:
        return pd.read_csv(file, dtype=types, encoding="utf-8", keep_default_na=False, na_values=empty)


def source_text(table: str, column: str) -> str:
    """Name the source of one column of one table."""
    texts = []
    for source in manifest()["tables"][table]["sources"][column]:
        entry = manifest()["sources"][source]
        texts.append(entry["underlying"] or entry["where"])
    return "; ".join(dict.fromkeys(texts))
