"""A real local cluster of Dask, with a worker killed in the middle, gives the bits of a single thread."""

from __future__ import annotations

import os
import signal
import warnings

import pytest
from oracles import impact_models as models

from ggu_costs.simulation.runs.engine import run

distributed = pytest.importorskip("distributed")


@pytest.mark.compiled
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_does_not_show():
    spec, how = models.r1(40), {"draws": 150_000, "seed": 6}
    alone = run(spec, threads=1, **how)
    killed = []
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        warnings.simplefilter("ignore")
        workers = {name: info["pid"] for name, info in enumerate(client.run(lambda: {"pid": os.getpid()}).values())}

        def progress(done, whole):
            del whole
            if not killed and done:
                os.kill(workers[0], signal.SIGKILL)
                killed.append(workers[0])

        result = run(spec, executor=client.get_executor(), task_draws=4096, in_flight=4, progress=progress, **how)
    assert killed
    assert result.digest() == alone.digest()
