"""Put a version where it stands, and the fragments of ``changelog.d/`` in ``CHANGELOG.md``.

    python tools/release.py 0.2.0 [--date 2026-12-01]

Fragments that say that somebody recomputes come first; what is only new comes below. The fragments are removed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = {
    "pyproject.toml": r'(?m)^(version = ")[^"]+(")',
    "ggu_costs/_version.py": r'(?m)^(__version__ = ")[^"]+(")',
    "CITATION.cff": r"(?m)^(version: )\S+()",
    "conda/recipe.yaml": r'(?m)^(  version: ")[^"]+(")',
}
"""File -> where the version stands in it."""
_NOBODY = re.compile(r"(?i)nobody|nothing|none|no one")


def recomputes(text: str) -> str:
    """Return what a fragment says of who runs again; empty where nobody does, or where it does not say.

    Examples
    --------
    >>> recomputes("**Recompute**: everyone with a fee of 2024.")
    'everyone with a fee of 2024.'
    >>> recomputes("**Recompute**: nobody.")
    ''
    """
    said = re.search(r"\*\*(?:Recompute|Who recomputes)\*\*:\s*(.*?)(?=\n\n|\n- |\Z)", text, re.DOTALL)
    words = " ".join(said[1].split()) if said else ""
    return "" if not words or _NOBODY.match(words) else words


def entry(version: str, day: str, fragments: dict[str, str]) -> str:
    """Write the entry of a version."""
    who = {name: recomputes(text) for name, text in fragments.items()}
    order = sorted(fragments, key=lambda name: (not who[name], _number(name), name))
    lines = [f"## {version} ({day})", "", "### Who recomputes", ""]
    lines += [f"- {_title(name)}: {who[name]}" for name in order if who[name]] or ["Nobody."]
    lines += ["", "### What changed"]
    for name in order:
        text = re.sub(r"(?m)^#+ .*\n+", "", fragments[name]).strip()
        lines += ["", f"#### {_title(name)}", "", text]
    return "\n".join(lines) + "\n"


def _title(name: str) -> str:
    words = name.partition("-")[2].removesuffix(".md").replace("-", " ").capitalize()
    return f"{words} ({_number(name)})"


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def main() -> None:
    """Put the version in its places and the fragments in the changelog."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", help="such as 0.2.0")
    parser.add_argument("--date", default=str(date.today()))
    asked = parser.parse_args()
    if not re.fullmatch(r"\d+\.\d+\.\d+", asked.version):
        parser.error(f"{asked.version} is no version such as 0.2.0")
    for file, place in PLACES.items():
        path = ROOT / file
        text, found = re.subn(place, rf"\g<1>{asked.version}\g<2>", path.read_text(encoding="utf-8"), count=1)
        if not found:
            parser.error(f"{file} states no version")
        path.write_text(text, encoding="utf-8")
    paths = sorted((ROOT / "changelog.d").glob("[0-9]*-*.md"))
    fragments = {path.name: path.read_text(encoding="utf-8") for path in paths}
    changelog = ROOT / "CHANGELOG.md"
    head, mark, rest = changelog.read_text(encoding="utf-8").partition("\n## ")
    text = f"{head.rstrip()}\n\n{entry(asked.version, asked.date, fragments)}{mark}{rest}"
    changelog.write_text(text, encoding="utf-8")
    for path in paths:
        subprocess.run(["git", "-C", str(ROOT), "rm", "-q", "--force", str(path)], check=True)
    print(f"{asked.version}: {len(paths)} fragments; read CHANGELOG.md, then tools/package")


if __name__ == "__main__":
    main()
