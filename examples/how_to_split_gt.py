# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How should we split GT?
#
# A joint purchase of mobile telephony with 283 participants: 241 municipalities and 42 other organisations. How many
# took part and what the project claims to have saved was published; who they were, their volumes, the tariffs and the
# project cost were not. Those are made up here (**FICTIEF VOORBEELD**), so this shows how one decides, not what
# anyone paid.

# %%
import ggu_costs as ggu

case = ggu.open_model("procurement/gt-mobiel-1")
outcome = case.business_case()
outcome

# %% [markdown]
# ## Does it pay, and for whom?
#
# Together against each for itself, by size class; *overige deelnemers* are the organisations that are no municipality.

# %%
outcome.by("size_class")

# %%
outcome.plot.saving()

# %% [markdown]
# The claim of the project is shown beside the outcome. The example was not tuned to it.

# %%
outcome.claimed()

# %% [markdown]
# From how many participants on does it pay? That depends on who comes first.

# %%
for found in outcome.break_even:
    print(f"{found.order} first: {found.number} participants")

# %% [markdown]
# ## Every serious rule, side by side
#
# For each rule: what everyone pays, and the group with the largest complaint among all groups there are. The
# complaint is what that group would pay less on its own; below zero every group is better in.

# %%
compared = case.compare_rules()
compared.rules()[["words", "exists", "stable", "complaint", "way_out", "group_size", "individually_rational"]]

# %%
compared.plot.complaints()

# %% [markdown]
# By inhabitants, the municipalities would carry the organisations that have none. In equal parts, the small would
# carry the large. A fixed part each plus a price by use, and the Shapley value, leave no group worse off in this
# example.

# %%
test = case.stability(case.split("inhabitants"))
print(test)
assert not test.stable
assert case.stability(case.split("shapley")).stable

# %% [markdown]
# ## One participant, step by step

# %%
case.split("shapley").explain("GM0599")

# %% [markdown]
# A mixture, one rule for each cost pool, is a split as well.

# %%
mixture = case.split({"project": "inhabitants", "implementation": "equal", "traffic": "shapley"})
print(case.stability(mixture))

# %% [markdown]
# ## After the first year: everyone at the lowest tariff
#
# At the end of a year all tariffs of a supplier become the lowest that anyone pays that supplier (*kliksysteem*).

# %%
case.ratchet().by_supplier()

# %% [markdown]
# ## Leaving, joining, settling
#
# What would have to be paid so that the others are no worse off. Whether the contract allows it was not tested.

# %%
case.exit("GM0599")

# %%
outsider = next(code for code in case.everyone.codes if code not in case.codes)
case.entry(outsider)

# %% [markdown]
# Advances follow the forecast, the bill follows use. Suppose that everyone used a tenth less, and Rotterdam what was
# forecast:

# %%
forecast = case.split().to_frame()["volume"]
use = (0.9 * forecast).round()
use["GM0599"] = forecast["GM0599"]
settlement = case.settle(use)
print(f"together EUR {settlement.total:,.2f}")
settlement.to_frame().loc[["GM0599"], ["forecast", "use", "advance", "final", "settlement"]]
