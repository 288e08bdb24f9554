# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is this region better off alone?
#
# Three services that all municipalities could share, in made-up figures (**FICTIEF VOORBEELD**): a security service,
# contract management for scarce specialised care, and facilities that are built once and taken up by many. The
# question is asked of every participant, every safety region and every group there is: would it pay less on its own?

# %%
import ggu_costs as ggu

care = ggu.open_model("procurement/example-specialised-care")
care.business_case().by("safety_region")

# %% [markdown]
# ## The largest complaint
#
# By inhabitants, some regions would pay less if they did it as a region: the test names them and the amount.

# %%
test = care.stability("inhabitants")
print(test)
assert not test.stable

# %%
test.members()

# %% [markdown]
# Under the rule of the file, a mixture by cost pool, and under the Shapley value:

# %%
for rule in (None, "shapley"):
    print(care.stability(rule))

# %%
compared = care.compare_rules()
compared.rules()[["words", "exists", "stable", "complaint", "way_out", "group_size", "reason"]]

# %%
compared.plot.complaints()

# %% [markdown]
# The rule and the test speak of one game: what a group could do without the others. The nucleolus makes the benefit
# of the group that gains least as large as can be.
#
# ## One region

# %%
region = ggu.municipalities(2024)["safety_region"]
drenthe = region.index[region == "Drenthe"]
shares = care.split("shapley").to_frame().loc[drenthe, ["name", "inhabitants", "share", "alone", "saving"]]
shares

# %%
alternative = next(found for found in care.setup.regional if found.label == "Drenthe")
together = shares["share"].sum()
print(f"in the joint service EUR {together:,.2f}; as a region EUR {alternative.cost:,.2f}")
assert together < alternative.cost

# %% [markdown]
# ## Hours as well as euros
#
# A shared security service saves work; hours times tariff, and the external hire that is avoided.

# %%
ibd = ggu.open_model("procurement/example-ibd").business_case()
ibd

# %%
ibd.plot.saving()

# %% [markdown]
# ## Built once, taken up by many
#
# Participation grows. One stand-alone cost was not given: it stays a memorandum item (PM), and whether everyone is
# better off is then reported as unknown, not as met.

# %%
once = ggu.open_model("procurement/example-once-for-all")
for year in once.definition.years:
    then = once.at(year).business_case()
    print(year, len(once.at(year).codes), f"participants, saving EUR {then.saving:,.0f}")

# %%
print(once.stability())
assert once.stability().individually_rational is None

# %% [markdown]
# Joint arrangements pass their share through to their members.

# %%
passed = once.split().pass_through().to_frame()
passed[passed["passed_on"] > 0]
