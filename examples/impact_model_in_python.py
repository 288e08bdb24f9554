# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A programme in Python
#
# What a model file cannot say is written in Python: as terms of the engine, or as a function over arrays. The figures
# below are made up.

# %%
import numpy as np

import ggu_costs as ggu
from ggu_costs.impact import Driver, MadeLine, Term, marginals, programme_from_function, programme_from_parts

inhabitants = ggu.municipalities(2024)["inhabitants"]
people = inhabitants.to_numpy(dtype=float)

# %% [markdown]
# ## From terms
#
# A term is a number per municipality times drivers. The engine finds by itself what depends on the draw, on the
# municipality, or on both.

# %%
drivers = [
    Driver("price", marginals.pert(1.0, 1.8, 4.0)),
    Driver("own", marginals.lognormal(0.0, 0.2), "unit"),  # a draw for every municipality
]
lines = [
    MadeLine("cost", "Uitvoering", "cost", "structural", (Term("cost", people, factors=(("price", 1), ("own", 1))),)),
    MadeLine(
        "compensation", "Vergoeding", "compensation", "structural",
        (Term("compensation", people / people.sum(), constant=35e6),),
    ),
]  # fmt: skip
common = {"by": "an example", "inhabitants": inhabitants, "map_date": "2024-01-01", "illustrative": True}
terms = programme_from_parts("Voorbeeld", years=(2024,), drivers=drivers, lines=lines, **common)
result = terms.simulate(draws=50_000, seed=2024)
result.national()

# %% [markdown]
# ## From a function
#
# The function sees a block of draws and all municipalities together, so it can do what no term can: here nobody bears
# more than EUR 3 an inhabitant, and what goes above is shared by all.


# %%
def capped(drivers, municipalities):
    size = municipalities["inhabitants"].to_numpy()
    cost = drivers["price"] * drivers["own"] * size
    borne = np.minimum(cost, 3.0 * size)
    return {
        "cost": borne + (cost - borne).sum(axis=1, keepdims=True) * size / size.sum(),
        "compensation": np.broadcast_to(35e6 * size / size.sum(), cost.shape),
    }


plain = [MadeLine(line.id, line.name, line.kind, line.nature) for line in lines]
pooled = programme_from_function("Voorbeeld met een grens", capped, drivers=drivers, lines=plain, **common)
shared = pooled.simulate(draws=50_000, seed=2024)

# %% [markdown]
# Both rest on the same draws, so the nation pays the same in each draw; only the spread between municipalities
# differs.

# %%
assert np.isclose(shared.national("net")["mean"].iloc[0], result.national("net")["mean"].iloc[0])
print(result.by_municipality()["sd"].sum() / 1e6, shared.by_municipality()["sd"].sum() / 1e6)

# %%
result.sensitivity()
