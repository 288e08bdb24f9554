# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Once for all, or each for itself?
#
# Alternatives of one file share their draws: where an overrun is large in one, it is large in the other. So their
# difference is far sharper than the two apart. The programme is fictitious, and says so on every output.

# %%
import ggu_costs as ggu

result = ggu.open_model("programmes/example-digital-identity").simulate()
result.alternatives

# %%
result.national()

# %%
together = result.alternative("eenmaal-voor-allen")
together.national()

# %% [markdown]
# ## The difference, draw by draw
#
# Each for itself minus once for all: plus is what doing it together saves.

# %%
saved = result.difference("eenmaal-voor-allen")
saved.national("net")

# %%
apart = (result.national("net")["sd"].iloc[0] ** 2 + together.national("net")["sd"].iloc[0] ** 2) ** 0.5
spread = saved.national("net")["sd"].iloc[0]
print(f"standard deviation {spread / 1e6:.1f} million; with separate draws {apart / 1e6:.1f} million")
assert spread < apart

# %% [markdown]
# ## Who gains?

# %%
saved.winners_and_losers()

# %%
saved.by("size_class")[["municipalities", "per_inhabitant", "p5", "p95", "probability_of_loss"]]

# %% [markdown]
# ## Is the compensation enough, and what does it mean for the budget?
#
# One-off and structural apart, after recoverable VAT.

# %%
together.adequacy()

# %%
together.budget(2025, 4)

# %%
together.plot.fan()

# %% [markdown]
# ## With only some municipalities
#
# A joint cost in pools, split by the Shapley value over those who take part; the others go on by themselves.

# %%
ground = ggu.open_model("programmes/example-common-ground").simulate(draws=20_000)
for name in ("eenmaal-voor-allen", "voorlopers"):
    difference = ground.difference(name)
    print(name, f"saves EUR {difference.national('net')['mean'].iloc[0] / 1e6:,.1f} million")
