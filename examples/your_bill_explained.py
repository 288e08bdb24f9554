# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your bill explained
#
# What does a municipality pay into the GGU fund, how did that amount come about, and why did it change? This
# notebook follows
# Het Hogeland (GM1966), which was formed on 1 January 2019 from Bedum, De Marne, Eemsmond and most of Winsum.

# %%
import ggu_costs as ggu

fund = ggu.open_model("funds/ggu/2020")
bill = fund.contributions()
bill

# %% [markdown]
# The 355 amounts add up to the total of the fund, to the cent.

# %%
print(f"{len(bill.codes)} municipalities, EUR {bill.total:,.2f}")
assert bill.total == 52_300_000

# %% [markdown]
# ## From source to amount
#
# Every step says on what it rests. The counting date of the invoice was not published: it is an estimate of ours,
# and says so.

# %%
bill.explain("GM1966")

# %% [markdown]
# ## What is left after VAT recovery
#
# Which part of the contribution bears VAT is not known, so `net` is a memorandum item (PM). Someone who does know
# can say so; the
# figures below are an example, not a fact.

# %%
with_vat = ggu.open_model("funds/ggu/2020", data={"taxed_share": 0.9, "recoverable_share": 0.95}).contributions()
with_vat.to_frame().loc["GM1966", ["contribution", "vat", "recoverable_vat", "net"]]

# %%
with_vat.notes

# %% [markdown]
# ## Why it changed
#
# From 2018 to 2020 the total stayed the same, so growth elsewhere lowers the bill. The causes add up to the cent.

# %%
before = ggu.open_model("funds/ggu/2018").contributions()
change = bill.change_from(before)
change.explain("GM1966")

# %%
change.plot.causes("GM1966")

# %% [markdown]
# The membership fee is a separate bill, with a bracket tariff. Index and growth to cost cover ("ingroei") come
# from the model file.

# %%
fee = ggu.open_model("fees/vng-contributie/2024").fees()
last_year = ggu.open_model("fees/vng-contributie/2023").fees()
fee.change_from(last_year).explain("GM1966")
