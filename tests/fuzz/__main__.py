"""Fuzzers on demand: ``python -m tests.fuzz [--minutes 30] [--count 2000] [--only NAME] [--seed 0] [--replay FILE]``.

Every module of this folder that has a NAME is a fuzzer. Inputs that end in a raw error, a wrong sum, a hang, a crash or
the refusal of a valid file are kept in FUZZ_KEPT, by default ``ggu-fuzz`` among the temporary files.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from dataclasses import fields
from pathlib import Path
from types import ModuleType

_HERE = Path(__file__).parent


def fuzzers() -> dict[str, ModuleType]:
    """Return the fuzzers there are, by name."""
    modules = [importlib.import_module(f"{__package__}.{path.stem}") for path in sorted(_HERE.glob("[!_]*.py"))]
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


def main(arguments: list[str] | None = None) -> int:
    """Run the fuzzers asked for; 1 where anything ended badly."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, help="go on with new seeds for so long")
    parser.add_argument("--count", type=int, default=2_000, help="cases of each fuzzer a round")
    parser.add_argument("--only", action="append", help="name of a fuzzer; may be given again")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--replay", type=Path, help="a kept input, tried in this process; with --only")
    options = parser.parse_args(arguments)
    known = fuzzers()
    chosen = options.only or list(known)
    if wrong := [name for name in chosen if name not in known]:
        parser.error(f"no fuzzer {', '.join(wrong)}; there are: {', '.join(known)}")
    if options.replay:
        return _replay(known[chosen[0]], options.replay)
    from .counts import Counts

    until = time.monotonic() + 60 * (options.minutes or 0)
    total = {name: Counts() for name in chosen}
    seed = options.seed
    while True:
        for name in chosen:
            total[name] += known[name].fuzz(options.count, seed)
            _say(name, total[name])
        seed += 1
        if time.monotonic() >= until:
            break
    for path in (path for counts in total.values() for path in counts.kept):
        print(path)  # noqa: T201
    return int(any(counts.bad for counts in total.values()))


def _say(name: str, counts: object) -> None:
    figures = ", ".join(f"{each.name} {getattr(counts, each.name):,}" for each in fields(counts)[:-1])  # type: ignore[arg-type]
    print(f"{name}: {figures}", flush=True)  # noqa: T201


def _replay(fuzzer: ModuleType, path: Path) -> int:
    from .counts import Case, outcome

    case = Case(path.read_bytes(), path.suffix, path.name.startswith("valid-"))
    kind, told = outcome(fuzzer.attempt, case)
    print(kind, told, sep="\n")  # noqa: T201
    return int(kind != "fine" and (kind != "refused" or case.valid))


if __name__ == "__main__":
    sys.path.insert(0, str(_HERE.parent))  # what tests share
    sys.exit(main())
