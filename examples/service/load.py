"""Put the service under load: two workers, two clients each, every answer compared with that of this process.

    python examples/service/load.py --seconds 60

Of the questions 80 per cent are bills and explanations, 15 per cent splits and 5 per cent simulations of 10,000 draws.
It prints requests a second, the time of each kind, and the memory of the workers; the exit code is 1 where an answer
was an error or another one. On Linux, where memory can be read.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import app as service
import httpx

HERE = Path(__file__).parent
BILLS = ("funds/ggu/2018", "funds/ggu/2019", "funds/ggu/2020", "fees/vng-contributie/2024")
CODES = ("GM0345", "GM0363", "GM0518", "GM0599", "GM0088")
SPLITS = [("inhabitants", "procurement/gt-mobiel-1"), ("fixed_plus_volume", "procurement/gt-mobiel-1"),
          ("scrb", "procurement/gt-mobiel-1"), ("shapley", "procurement/gt-mobiel-1"),
          ("inhabitants", "procurement/example-ibd")]  # fmt: skip
PROGRAMME = "programmes/omgevingswet/2021"
QUESTIONS = {
    "bill": [f"/bills/{model}" for model in BILLS],
    "explanation": [f"/explanations/{code}/{model}" for model in BILLS for code in CODES],
    "split": [f"/splits/{rule}/{model}" for rule, model in SPLITS],
    "simulation": [f"/simulations/{PROGRAMME}?draws=10000&seed={seed}" for seed in range(5)],
}
MIX = {"bill": 40, "explanation": 40, "split": 15, "simulation": 5}
"""How many of a hundred questions are of each kind."""


@dataclass
class Outcome:
    """What a run of clients gave.

    Attributes
    ----------
    seconds
        How long they asked.
    times
        Seconds of every answer, by kind.
    answers
        SHA-256 of the answers to every question.
    wrong
        Questions whose answer was an error, or not that of one process.
    memory
        MiB of all workers together, every second.
    """

    seconds: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many questions were answered."""
        return sum(map(len, self.times.values()))

    @property
    def growth(self) -> float:
        """How much the memory of the last third is above that of the middle third, as a fraction."""
        third = len(self.memory) // 3
        if not third:
            return 0.0
        return statistics.mean(self.memory[-third:]) / statistics.mean(self.memory[third : 2 * third]) - 1.0


async def in_this_process(paths: Iterable[str]) -> dict[str, str]:
    """Answer questions here, one after another, with the same functions; SHA-256 by question."""
    found = {}
    transport = httpx.ASGITransport(app=service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here", timeout=600) as client:
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == 200, answer.text
            found[path] = sha256(answer.content).hexdigest()
    return found


@contextmanager
def serving(workers: int = 2) -> Iterator[tuple[str, int]]:
    """Start the service on a free port of this machine; give its address and the process that holds the workers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app:app", "--app-dir", str(HERE), "--workers", str(workers), "--host",
               "127.0.0.1", "--port", str(port), "--log-level", "warning"]  # fmt: skip
    server = subprocess.Popen(command)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{address}/schema", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("the service did not start")


def memory_of(process: int) -> float:
    """Return the MiB that the workers of a server hold; 0 where the system does not tell."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        pages = [int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children]
    except OSError:
        return 0.0
    return sum(pages) * os.sysconf("SC_PAGESIZE") / 2**20


async def _ask(address: str, seed: int, until: float, outcome: Outcome) -> None:
    """Ask one question after another until the time is over, each on a connection of its own, so that workers share."""
    draw = random.Random(seed)  # noqa: S311 (a mix of questions)
    while time.monotonic() < until:
        (kind,) = draw.choices(list(MIX), list(MIX.values()))
        path = draw.choice(QUESTIONS[kind])
        start = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=120) as client:
                answer = await client.get(address + path)
            if answer.status_code == 200:
                outcome.answers[path].add(sha256(answer.content).hexdigest())
            else:
                outcome.wrong.append(f"{path}: {answer.status_code}")
        except httpx.HTTPError as error:
            outcome.wrong.append(f"{path}: {error!r}")
        outcome.times[kind].append(time.monotonic() - start)


async def _watch(process: int, until: float, outcome: Outcome) -> None:
    while time.monotonic() < until:
        outcome.memory.append(memory_of(process))
        await asyncio.sleep(1)


async def _load(address: str, process: int, seconds: float, clients: int) -> Outcome:
    outcome, start = Outcome(), time.monotonic()
    until = start + seconds
    asking = [_ask(address, seed, until, outcome) for seed in range(clients)]
    await asyncio.gather(_watch(process, until, outcome), *asking)
    outcome.seconds = time.monotonic() - start
    return outcome


def load(seconds: float, *, workers: int = 2, clients: int = 4, warm: float = 0.0) -> Outcome:
    """Ask a service of some workers for some seconds, and compare every answer with that of this process.

    Parameters
    ----------
    warm
        Seconds of the same load before it, which are not counted: every worker has met every question.
    """
    with serving(workers) as (address, process):
        if warm:
            asyncio.run(_load(address, process, warm, clients))
        outcome = asyncio.run(_load(address, process, seconds, clients))
    expected = asyncio.run(in_this_process(outcome.answers))
    outcome.wrong += [f"{path}: another answer" for path, found in outcome.answers.items() if found != {expected[path]}]
    return outcome


def main() -> int:
    """Say what a load gave."""
    parser = argparse.ArgumentParser(description="Put the example service under load.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=4, help="in all; by default two a worker")
    parser.add_argument("--warm", type=float, default=15.0, help="seconds before it that are not counted")
    asked = parser.parse_args()
    outcome = load(asked.seconds, workers=asked.workers, clients=asked.clients, warm=asked.warm)
    rate = outcome.requests / outcome.seconds
    print(f"{outcome.requests} answers in {outcome.seconds:.1f} s: {rate:.1f} a second; {len(outcome.wrong)} wrong")
    for kind, times in sorted(outcome.times.items()):
        ordered = sorted(times)
        slow = ordered[int(0.95 * (len(ordered) - 1))]
        print(f"  {kind:<12}{len(times):>5}   median {statistics.median(times):.3f} s   95 per cent in {slow:.3f} s")
    if outcome.memory:
        print(f"memory of the workers: {outcome.memory[0]:.0f} MiB at first, {outcome.memory[-1]:.0f} at the end, "
              f"highest {max(outcome.memory):.0f}; last third against middle third {outcome.growth:+.1%}")  # fmt: skip
    for fault in outcome.wrong[:20]:
        print(f"  {fault}")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
