"""Compare every output of every shipped model with the frozen one: not one byte may change unnoticed.

``tests/frozen/`` holds a digest of each output, a file for each group of them. The texts behind the digests are kept in
``.freeze/``, so that the first difference can be shown; ``--against REV`` makes them from a revision. Simulated outputs
rest on numpy, numba and the processor: they are compared only where these are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir, contextmanager
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from outputs import asked, library

ROOT = Path(__file__).resolve().parent.parent
FROZEN = ROOT / "tests/frozen"
TEXTS = ROOT / ".freeze"
LANGUAGES = ("nl", "en")
NOTES_OF = ("GM0363", "GM0345", "GM0088")
KINDS = ("ballot", "bundle", "fee", "fund", "grant", "index", "joint-body", "procurement", "programme")
NEXT = {
    "ballots/next": "ballots/one-each",
    "bundles/next": "bundles/example-stapeling",
    "fees/vng-contributie/2025": "fees/vng-contributie/2024",
    "funds/ggu/2021": "funds/ggu/2020",
    "grants/next": "grants/gemeentefonds/septembercirculaire-2024/2025",
    "joint-bodies/2030": "joint-bodies/example-shared-services",
    "procurement/next": "procurement/example-ibd",
    "programmes/next": "programmes/omgevingswet/2021",
}
COMPARED = (
    "fees/vng-contributie/2023 fees/vng-contributie/2024",
    "funds/ggu/2018 funds/ggu/2020",
    "funds/ggu/2018 funds/ggu/2019 funds/ggu/2020",
    "funds/example-portfolio funds/example-portfolio --year 2022",
    "grants/gemeentefonds/meicirculaire-2024/2025 grants/gemeentefonds/septembercirculaire-2024/2025",
    "procurement/example-ibd procurement/example-specialised-care",
    "programmes/omgevingswet/2021 programmes/omgevingswet/2025",
    "programmes/example-common-ground programmes/example-digital-identity",
    "programmes/inburgering programmes/vroegsignalering programmes/woo",
)
NOTED = (
    "run funds/ggu/2020",
    "run fees/vng-contributie/2024",
    "run procurement/gt-mobiel-1",
    "run ballots/steps-example",
    "run grants/gemeentefonds/septembercirculaire-2024/2025",
    "run joint-bodies/example-shared-services",
    "run programmes/omgevingswet/2021 --draws 4096",
    "run programmes/woo --data municipal_share=0.5",
    "run bundles/example-stapeling --draws 4096",
    "compare funds/ggu/2018 funds/ggu/2020",
    "compare fees/vng-contributie/2023 fees/vng-contributie/2024",
)
FILLED_IN = (
    "run funds/ggu/2020 --data taxed_share=0.6 --data recoverable_share=0.8",
    "run procurement/gt-mobiel-1 --data taxed_share=1 --data recoverable_share=0.7",
    "run programmes/woo --data municipal_share=0.5 --seed 3",
    "run funds/ggu/2020 --groups groups.csv",
    "run programmes/inburgering --draws 4096 --groups groups.csv",
    "compare funds/ggu/2018 funds/ggu/2020 --groups groups.csv",
    "run fees/vng-contributie/2023 --boundaries boundaries.json",
)
FAULTY = (
    "run funds/ggu/2002 --out out",
    "run funds/ggu/2020 --out out --lang fr",
    "run funds/ggu/2020 --out out --data taxed=1 --draws 3",
    "run funds/ggu/2020 --out out --municipality GM9999",
    "run programmes/woo --out out --municipality GM0363",
    "compare funds/ggu/2018 fees/vng-contributie/2024 --out out",
    "compare procurement/example-ibd procurement/gt-mobiel-1 --out out",
    "check absent.toml",
    "schema loan",
)
BUNDLE = 500_000  # characters; a script of that length is not of this library


class Task(NamedTuple):
    """Outputs that are made together; those that are simulated rest on more than the code."""

    name: str
    make: Callable[[], Mapping[str, str]]
    simulated: bool = False


class Found(NamedTuple):
    """What a comparison found, by name of output."""

    changed: list[str]
    missing: list[str]
    new: list[str]
    left_out: list[str]

    @property
    def equal(self) -> bool:
        """Whether all that was compared is the same."""
        return not (self.changed or self.missing or self.new)


def tasks() -> list[Task]:
    """Return every task, those that take long first."""
    from ggu_costs import list_models

    kinds = dict(list_models()["kind"])
    lines = [
        *(("run", f"run {model}") for model in kinds),
        *(("compare", f"compare {models}") for models in COMPARED),
        *(("note", f"{line} --municipality {code}") for line in NOTED for code in NOTES_OF),
        *(("more", line) for line in FILLED_IN),
    ]
    found = [
        Task(f"{group}/{line.partition(' ')[2]}/{lang}", partial(written, f"{line} --out out --lang {lang}"),
             "programmes/" in line or "bundles/" in line)
        for group, line in lines for lang in LANGUAGES
    ]  # fmt: skip
    found += [
        Task(f"asked/{model}", partial(asked, model), kind in ("bundle", "programme")) for model, kind in kinds.items()
    ]
    found += [
        Task(f"new/{model}", partial(written, f"new {model} --from {NEXT[model]} --folder out")) for model in NEXT
    ]
    told = ["list", "check", *(f"show {model}" for model in kinds), *(f"schema {kind}" for kind in KINDS), *FAULTY]
    helped = ("", "check", "compare", "list", "new", "run", "schema", "show", "verify", "warmup")
    told += [f"{command} --help".strip() for command in helped]
    found += [Task(f"told/{line}", partial(written, line)) for line in told]
    found += [Task("library", library)]
    return sorted(found, key=lambda task: not task.simulated)


def written(line: str) -> dict[str, str]:
    """Run a command in a folder of its own; return what it says, and the text of each file it writes."""
    from typer.testing import CliRunner

    from ggu_costs.cli import app

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        write_own_files()
        result = CliRunner().invoke(app, line.split(), prog_name="ggu-costs", env={"COLUMNS": "100"})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        said = [shown.rpartition("\r")[2] for shown in result.stderr.split("\n")]  # without bars that were wiped out
        found = {"terminal": "\n".join([result.stdout, *said, f"exit code {result.exit_code}"])}
        for path in sorted(Path("out").rglob("*")):
            if path.is_file():
                found |= texts_of(path)
    return found


def write_own_files() -> None:
    """Write groups that overlap and leave out, and boundaries: squares side by side."""
    from ggu_costs import municipalities

    Path("groups.csv").write_text("code,group\nGM0363,G4\nGM0599,G4\nGM0344,G4\nGM0363,Noord-Holland\nGM0345,Klein\n")
    features = []
    for place, code in enumerate(municipalities(2023).index):
        x, y = 4 + place % 20 / 10, 51 + place // 20 / 10
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        features.append({"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    Path("boundaries.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def texts_of(path: Path) -> dict[str, str]:
    """Return a file as text: a workbook part by part, a page without scripts of others, a listing without SHA-256."""
    name = path.relative_to("out").as_posix()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
            listing = "\n".join(f"{part.filename} {part.file_size} {part.date_time}" for part in parts)
            return {name: listing} | {f"{name}/{part.filename}": book.read(part).decode() for part in parts}
    text = path.read_bytes().decode()
    if path.name == "provenance.json":  # outputs are frozen as text; their bytes rest on zlib and scripts too
        told = json.loads(text)
        told |= {"outputs": sorted(told.get("outputs", ())), "seal": ""}
        text = json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False)
    if path.suffix == ".html":  # its policy keeps the SHA-256 of what is taken out
        scripts = re.compile("(?<=<script>).*?(?=</script>)", re.DOTALL)
        text = scripts.sub(lambda found: "" if len(found[0]) > BUNDLE else found[0], text)
    return {name: text}


def platform() -> str:
    """Return what simulated figures rest on beside the code."""
    import llvmlite.binding as llvm
    import numba
    import numpy as np

    vectors = ("avx", "fma", "sse", "neon", "sve")
    features = sorted(name for name, has in llvm.get_host_cpu_features().items() if has and name.startswith(vectors))
    versions = f"numpy {np.__version__}, numba {numba.__version__}"
    return f"{versions}, {llvm.get_host_cpu_name()} ({' '.join(features)})"


def digest_of(text: str) -> str:
    """Return the digest by which a text is known."""
    return sha256(text.encode()).hexdigest()[:12]


def keep(text: str) -> str:
    """Keep a text under its digest, and return the digest."""
    digest = digest_of(text)
    path = TEXTS / digest
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(zlib.compress(text.encode(), 1))
        part.replace(path)
    return digest


def kept(output: str | None) -> str | None:
    """Return the text of an output, where it was kept."""
    path = TEXTS / (output or "absent").partition(" ")[0]
    return zlib.decompress(path.read_bytes()).decode() if path.exists() else None


def prepare(checkout: Path) -> None:
    """Let this process use the library of a checkout."""
    sys.path.insert(0, str(checkout))
    os.environ.pop("GGU_COSTS_MODELS", None)
    import ggu_costs

    if not Path(ggu_costs.__file__).is_relative_to(checkout):
        raise SystemExit(f"{ggu_costs.__file__} is not of {checkout}")


def outputs_of(task: Task) -> dict[str, str]:
    """Make the outputs of a task; return digests, with the platform where it counts. A failure is an output too."""
    import ggu_costs

    checkout = Path(ggu_costs.__file__).parent.parent.as_posix()  # faults name a model by its path
    end = f" {digest_of(platform())[:8]}" if task.simulated else ""
    try:
        texts = task.make()
    except Exception as error:  # what broke is told beside what did not
        texts = {"failed": f"{type(error).__name__}: {error}"}
    return {f"{task.name}/{name}": keep(text.replace(checkout, "CHECKOUT")) + end for name, text in texts.items()}


def make(checkout: Path, only: str, known: Sequence[str]) -> dict[str, str]:
    """Make the outputs of a checkout that match; tasks none of whose known outputs match are passed over."""
    prepare(checkout)
    from tqdm import tqdm

    TEXTS.mkdir(exist_ok=True)
    wanted = []
    for task in tasks():
        names = [name for name in known if name.startswith(f"{task.name}/")]
        if not names or any(fnmatchcase(name, only) for name in names):
            wanted.append(task)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), prepare, (checkout,)) as pool:
        made = list(tqdm(pool.map(outputs_of, wanted), total=len(wanted), disable=None))
    return {name: digest for name, digest in sorted(chain(*(part.items() for part in made))) if fnmatchcase(name, only)}


@contextmanager
def worktree(revision: str) -> Iterator[Path]:
    """Check a revision out beside this one, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve() / "tree"
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", tree, revision], check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", tree], check=True)


def made_at(revision: str, only: str) -> dict[str, str]:
    """Make the outputs of a revision with its own library, in a process of its own."""
    with worktree(revision) as tree:
        told = tree / "outputs.json"
        subprocess.run([sys.executable, __file__, "--checkout", tree, "--only", only, "--json", told], check=True)
        found: dict[str, str] = json.loads(told.read_text())
    return found


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Found:
    """Compare outputs by name; simulated ones of another platform are left out."""
    both = sorted(old.keys() & new.keys())
    left_out = [name for name in both if old[name].partition(" ")[2] != new[name].partition(" ")[2]]
    changed = [name for name in both if old[name] != new[name] and name not in set(left_out)]
    return Found(changed, sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys()), left_out)


def first_difference(old: str, new: str, around: int = 60) -> str:
    """Return the first line that differs, old and new, cut around the place where they part."""
    was, now = old.split("\n"), new.split("\n")
    line = next((at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
    a, b = (lines[line] if line < len(lines) else "(no such line)" for lines in (was, now))
    column = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    start = max(0, column - around)
    cut = [f"{'...' if start else ''}{text[start : column + around]}" for text in (a, b)]
    return f"line {line + 1}, column {column + 1}\n    - {cut[0]}\n    + {cut[1]}"


def tell(found: Found, old: Mapping[str, str], new: Mapping[str, str], most: int) -> Iterator[str]:
    """Write what a comparison found; the first differences of the first few outputs."""
    for name in found.changed:
        yield f"changed  {name}"
    for name in found.missing:
        yield f"missing  {name}"
    for name in found.new:
        yield f"new      {name}"
    for name in found.changed[:most]:
        was, now = kept(old[name]), kept(new[name])
        lost = "the old text is not kept: say --against REV"
        yield f"  {name}: {lost if was is None or now is None else first_difference(was, now)}"
    if found.left_out:
        yield f"{len(found.left_out)} simulated outputs left out: frozen with another numpy, numba or processor"
    same = len(new) - len(found.changed) - len(found.new) - len(found.left_out)
    counts = f"{len(found.changed)} changed, {len(found.missing)} missing, {len(found.new)} new, {same} equal"
    yield f"all {same} outputs that were compared are equal" if found.equal else counts


def frozen() -> tuple[dict[str, str], dict[str, str]]:
    """Return the platforms and the outputs that are frozen."""
    platforms: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for path in sorted(FROZEN.glob("*.json")):
        held = json.loads(path.read_text(encoding="utf-8"))
        platforms |= held["platforms"]
        outputs |= held["outputs"]
    return platforms, outputs


def freeze(made: Mapping[str, str], only: str) -> None:
    """Write the files anew, or that part of them which matches."""
    platforms, outputs = frozen()
    here = platform()
    platforms |= {digest_of(here)[:8]: here}
    outputs = {name: digest for name, digest in outputs.items() if not fnmatchcase(name, only)} | dict(made)
    groups: dict[str, dict[str, str]] = {}
    for name, digest in outputs.items():
        groups.setdefault(name.partition("/")[0], {})[name] = digest
    FROZEN.mkdir(exist_ok=True)
    for path in FROZEN.glob("*.json"):
        if path.stem not in groups:
            path.unlink()
    for group, part in groups.items():
        used = {digest.partition(" ")[2] for digest in part.values()}
        held = {"outputs": part, "platforms": {key: name for key, name in platforms.items() if key in used}}
        text = json.dumps(held, indent=0, sort_keys=True, ensure_ascii=False)
        (FROZEN / f"{group}.json").write_text(text + "\n", encoding="utf-8")


def tidy(*states: Mapping[str, str]) -> None:
    """Remove texts that none of these outputs has."""
    used = {digest.partition(" ")[0] for state in states for digest in state.values()}
    for path in TEXTS.iterdir():
        if path.name not in used:
            path.unlink(missing_ok=True)


def main() -> int:
    """Compare, or write; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="outputs by name, such as 'run/funds/*'")
    parser.add_argument("--write", action="store_true", help="freeze what the library gives now")
    parser.add_argument("--against", metavar="REV", help="compare with the outputs of a revision, made here and now")
    parser.add_argument("--most", type=int, default=10, help="of how many outputs the first difference is shown")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="whose library is used; this one by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the digests to a file and compare nothing")
    given = parser.parse_args()
    known = frozen()[1]
    made = make(given.checkout.resolve(), given.only, list(known))
    if not made and not any(fnmatchcase(name, given.only) for name in known):
        parser.error(f"no output is named {given.only}: see the names in {FROZEN.relative_to(ROOT)}")
    failed = [name for name in made if name.endswith("/failed")]
    if given.json:
        given.json.write_text(json.dumps(made))
        return 0
    if given.write and not failed:
        freeze(made, given.only)
        print(f"{len(made)} outputs frozen")
    old = {name: digest for name, digest in frozen()[1].items() if fnmatchcase(name, given.only)}
    if given.against:
        old = made_at(given.against, given.only)
    found = compare(old, made)
    print("\n".join(tell(found, old, made, given.most)))
    for name in failed:
        print(f"  {name}: {kept(made[name])}")
    tidy(frozen()[1], old, made)
    return 0 if found.equal and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
