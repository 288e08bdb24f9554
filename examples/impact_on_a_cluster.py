# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A run on a cluster
#
# `simulate` takes any executor of `concurrent.futures`. Dask's client gives one, and that is the way to a cluster of
# any size. The figures are the same bit for bit: on one thread, on processes, on workers of which one is lost.

# %%
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context

import ggu_costs as ggu


# %%
def main():
    programme = ggu.open_model("programmes/omgevingswet/2021")
    here = programme.simulate(draws=200_000, seed=1, threads=1)

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        processes = programme.simulate(draws=200_000, seed=1, executor=pool)
    assert processes.digest() == here.digest()
    print("processes:", processes.digest()[:16])

    # the extra 'dask': python -m pip install "ggu-costs[dask]"
    if find_spec("distributed"):
        from distributed import Client, LocalCluster

        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            workers = programme.simulate(draws=200_000, seed=1, executor=client.get_executor())
        assert workers.digest() == here.digest()
        print("dask:", workers.digest()[:16])
    return here


if __name__ == "__main__":
    result = main()
    print(result.national("net"))
