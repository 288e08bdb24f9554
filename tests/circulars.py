"""Tables of a circulaire in the form in which a controller saves them from the workbook."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import ggu_costs as ggu

SEPTEMBER = "grants/gemeentefonds/septembercirculaire-2024/2025"


def dutch(number: Decimal, *, dots: bool = False) -> str:
    text = f"{number:,f}" if dots else f"{number:f}"
    return text.replace(",", ";").replace(".", ",").replace(";", ".")


def saved(folder: Path, *, codes: bool = True, second_codes: bool = False) -> dict[str, Path]:
    """The tables of a shipped circulaire, in the form in which they are saved from a workbook."""
    grant = ggu.open_grant(SEPTEMBER)
    tables, names = grant.tables, grant.amounts().names
    header = ["Codering maatstaf", "Naam maatstaf", *tables.clusters, "Totaal"]
    weights = [header] + [
        [
            code,
            name,
            *(dutch(c[code], dots=True) for c in tables.clusters.values()),
            dutch(tables.weights[code], dots=True),
        ]
        for code, name in tables.names.items()
    ]
    weights.append(["", "jeugd", *["0,00"] * len(tables.clusters), "1,00"])
    fixed = ["vast nieuw" if code == "vast" else code for code in tables.volumes]
    volumes = [["CBS", "Naam", "Prov", *fixed]]
    others = [["CBS", "Naam", "Prov", *(["CBS"] if second_codes else []), *(f" {name} " for name in tables.others)]]
    for place, code in enumerate(tables.codes):
        number = str(int(code[2:]))
        volumes.append([number, names[code], "1", *(dutch(column[code]) for column in tables.volumes.values())])
        money = [
            dutch(column[code], dots=place % 2 == 0) if column[code] else " - " for column in tables.others.values()
        ]
        others.append([number, names[code], "1", *([number] if second_codes else []), *money])
    if not codes:
        others = [row[1:] for row in others]
    paths = {}
    for name, rows in (("weights", weights), ("volumes", volumes), ("others", others)):
        paths[name] = folder / f"{name}.csv"
        paths[name].write_bytes("\r\n".join("\t".join(row) for row in rows).encode() + b"\r\n")
    return paths
