# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What another key does
#
# The GGU fund is shared in proportion to inhabitants. Suppose a fifth were shared equally: who pays more, who
# pays less, and how
# could one get there without shocks? The key of this notebook is an example, nobody proposed it.

# %%
import ggu_costs as ggu

fund = ggu.open_model("funds/ggu/2020")
now = fund.contributions()
other = fund.with_changes(key={"inhabitants": 0.8, "equal": 0.2}).contributions()

effect = ggu.redistribution(now, other)
effect

# %% [markdown]
# The differences add up to zero, to the cent: what some pay more, others pay less.

# %%
print(sum(effect.redistribution.values()), "cents")
assert sum(effect.redistribution.values()) == 0

# %%
effect.plot.effects()

# %% [markdown]
# ## On whom does it fall?

# %%
effect.by("size_class")

# %%
effect.by("province")

# %% [markdown]
# Your own groups work too, overlapping ones included.

# %%
effect.by(
    {
        "G4": ["GM0363", "GM0599", "GM0518", "GM0344"],
        "Waddeneilanden": ["GM0448", "GM0060", "GM0093", "GM0096", "GM0088"],
    }
)

# %% [markdown]
# ## Phase-in
#
# Nobody pays more than EUR 0.25 per inhabitant extra in each of four years; who gains receives the same part of
# the full gain.
# Every year is neutral to the cent. What is not reached after four years is shown, not hidden.

# %%
path = effect.phase_in(per_inhabitant_per_year=0.25, years=4)
path.summary()

# %%
path.plot.phase_in()

# %%
path.residual.nlargest(5)

# %% [markdown]
# ## The allocation core on its own
#
# The same rules work on any amount and key, with bounds that are met exactly.

# %%
inhabitants = ggu.municipalities(2020)["inhabitants"]
shares = ggu.allocate(1_000_000, inhabitants, minimum=500, maximum=25_000)
shares.to_frame()["amount"].describe()[["min", "max"]]
