"""A small service over the library: bills, explanations, splits and simulations as JSON.

    pip install 'ggu-costs[service]'
    uvicorn app:app --app-dir examples/service --workers 2

Every request is computed anew; nothing is kept. Endpoints are plain functions, which FastAPI runs in threads, here two
a worker: results of the library may be asked by several of them. Only ids of models are taken, never paths: a caller
cannot read files.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from anyio import to_thread
from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response

import ggu_costs as ggu
from ggu_costs.catalogue import model_files
from ggu_costs.results import result_schema

MOST_DRAWS = 100_000  # of one request: a caller cannot keep a worker busy for hours

THREADS = 2
"""Questions that a worker answers at once; more wait.

By default there may be forty threads, which come and go; each may leave an arena of memory behind, and so a service
seems to grow for as long as new threads meet big answers.
"""


@asynccontextmanager
async def bounded(_: FastAPI) -> AsyncIterator[None]:
    """Bound the threads of this worker."""
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


app = FastAPI(title="ggu_costs", version=ggu.__version__, lifespan=bounded)

Lang = Annotated[str, Query(pattern="^(nl|en)$")]


def opened(model: str, kinds: tuple[str, ...]) -> Any:
    """Open a model by its id, of a kind that the question fits."""
    names = [name for name in model_files() if name.startswith(kinds)]
    if model not in names:
        raise ggu.UnknownNameError("model", model, names)
    return ggu.open_model(model)


def billed(model: str) -> Any:
    """Return the bill of a fund or fee."""
    asked = opened(model, ("funds/", "fees/"))
    return asked.bill() if model.startswith("fees/") else asked.contributions()


def told(result: Any, lang: str) -> Response:
    """Answer with the JSON of a result."""
    return Response(result.to_json(lang=lang), media_type="application/json")


@app.exception_handler(ggu.GguCostsError)
def refused(_: Request, error: ggu.GguCostsError) -> JSONResponse:
    """Tell a fault with all that the library knows of it."""
    status = 404 if isinstance(error, ggu.UnknownNameError | ggu.OutsidePeriodError) else 422
    faults = [{"where": one.where, "found": one.found, "allowed": one.allowed} for one in error.faults]
    return JSONResponse({"error": error.message, "remedy": error.remedy, "faults": faults}, status_code=status)


@app.get("/schema")
def schema() -> dict[str, Any]:
    """Return the JSON Schema of every answer."""
    return result_schema()


@app.get("/bills/{model:path}")
def bill(model: str, lang: Lang = "nl") -> Response:
    """Say what every municipality pays."""
    return told(billed(model), lang)


@app.get("/explanations/{code}/{model:path}")
def explanation(code: str, model: str, lang: Lang = "nl") -> Response:
    """Say every step to the amount of one municipality."""
    return told(billed(model).explain(code), lang)


@app.get("/splits/{rule}/{model:path}")
def split(rule: str, model: str, lang: Lang = "nl") -> Response:
    """Split the cost of a joint procurement by a rule."""
    return told(opened(model, ("procurement/",)).split(rule), lang)


@app.get("/simulations/{model:path}")
def simulation(
    model: str,
    draws: Annotated[int, Query(ge=1, le=MOST_DRAWS)] = 10_000,
    seed: Annotated[int, Query(ge=0)] = 0,
    lang: Lang = "nl",
) -> Response:
    """Simulate what a programme costs, on one thread: the workers share the machine."""
    return told(opened(model, ("programmes/",)).simulate(draws=draws, seed=seed, threads=1), lang)
