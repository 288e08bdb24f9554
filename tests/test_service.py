"""The example service: two workers, answers of threads and processes as those of one process, and faults as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ggu_costs.results import read_json, result_schema

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

SERVICE = Path(__file__).parents[1] / "examples" / "service"


@pytest.fixture(scope="module")
def load() -> Iterator[Any]:
    sys.path.insert(0, str(SERVICE))
    import load as module

    yield module
    sys.path.remove(str(SERVICE))
    for name in ("load", "app"):
        sys.modules.pop(name)


@pytest.mark.compiled
def test_answers_under_load_are_those_of_one_process(load: Any) -> None:
    """The minute of the whole load is run by hand: `python examples/service/load.py`."""
    outcome = load.load(2.0)
    assert outcome.wrong == []
    assert outcome.requests > 4
    assert sum(load.MIX.values()) == 100
    assert load.MIX["bill"] + load.MIX["explanation"] == 80


def ask(load: Any, path: str) -> Any:
    import asyncio

    async def asked() -> Any:
        transport = httpx.ASGITransport(app=load.service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path)

    return asyncio.run(asked())


def test_an_answer_follows_the_schema_it_publishes(load: Any) -> None:
    assert ask(load, "/schema").json() == result_schema()
    answer = ask(load, "/explanations/GM0345/funds/ggu/2020?lang=en")
    jsonschema.Draft202012Validator(result_schema()).validate(answer.json())
    assert read_json(answer.text).lang == "en"


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/bills/funds/ggu/1999", 404, "unknown model 'funds/ggu/1999'"),
        ("/bills/programmes/woo", 404, "unknown model 'programmes/woo'"),
        ("/bills/..%2Fsecret.toml", 404, "unknown model"),
        ("/explanations/GM9999/funds/ggu/2020", 404, "unknown municipality in this bill 'GM9999'"),
        ("/splits/shaply/procurement/gt-mobiel-1", 404, "shaply"),
        ("/simulations/programmes/omgevingswet/2021?draws=9000000", 422, "less_than_equal"),
        ("/bills/funds/ggu/2020?lang=fr", 422, "string_pattern_mismatch"),
    ],
)
def test_a_fault_is_told_as_json(load: Any, path: str, status: int, told: str) -> None:
    answer = ask(load, path)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text
