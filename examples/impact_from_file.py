# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # An impact analysis, from file to figures
#
# What does the Omgevingswet cost municipalities, how sure are we, and on whom does it fall? The model file states the
# ranges that the studies of 2021 published, and every assumption that is not theirs: the shape of each range, and how
# the national total falls on municipalities.

# %%
import ggu_costs as ggu

programme = ggu.open_model("programmes/omgevingswet/2021")
for note in programme.definition.notes:
    print("-", note)

# %% [markdown]
# ## Simulate
#
# Seed, draws and method stand in the file; the same seed gives the same figures, on any number of threads.

# %%
result = programme.simulate()
result.national()

# %% [markdown]
# ## What was published, and what we make of it
#
# The source gives a range and no shape. The same table is therefore there for a second shape.

# %%
published = result.published()
published[["name", "low", "high", "p5", "p95", "shape", "shape_by", "second_shape", "second_p5", "second_p95"]]

# %%
assert (published["low"] <= published["p5"]).all()
assert (published["p95"] <= published["high"]).all()

# %% [markdown]
# ## On whom does it fall?
#
# Figures per municipality are indicative: they are broken down from national estimates, by an exponent of the number
# of inhabitants that is our own estimate.

# %%
result.by("size_class")

# %%
result.explain("GM0363")

# %% [markdown]
# ## How sure are we, and why?
#
# Every figure has its simulation error. That error says nothing about the assumptions: the sensitivities do.

# %%
result.probability("structural", above=0)

# %%
result.sensitivity()

# %%
result.plot.tornado()

# %%
result.plot.per_inhabitant()

# %% [markdown]
# ## The compensation that would be enough
#
# For the nation as a whole, and for at least nine in ten municipalities at once, if it is handed out by inhabitants.

# %%
nation = result.compensation_for(0.9, of="nation")
most = result.compensation_for(0.9, of=("share", 0.9))
print(
    f"nation: EUR {float(nation) / 1e6:,.0f} million; nine in ten municipalities: EUR {float(most) / 1e6:,.0f} million"
)
assert float(most) > float(nation)
