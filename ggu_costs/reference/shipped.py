"""The shipped tables as plain functions: the methods of :data:`~ggu_costs.reference.reference.SHIPPED`."""

from ggu_costs.reference.reference import SHIPPED

carried_codes = SHIPPED.carried_codes
carry = SHIPPED.carry
carry_between = SHIPPED.carry_between
check_codes = SHIPPED.check_codes
column_kind = SHIPPED.column_kind
ever_existed = SHIPPED.ever_existed
figures = SHIPPED.figures
groups = SHIPPED.groups
inhabitants_on = SHIPPED.inhabitants_on
known_years = SHIPPED.known_years
map_day = SHIPPED.map_day
map_period = SHIPPED.map_period
member_codes = SHIPPED.member_codes
members = SHIPPED.members
municipalities = SHIPPED.municipalities
names_of = SHIPPED.names_of
outlines = SHIPPED.outlines
positions = SHIPPED.positions
read_labels = SHIPPED.read_labels
read_table = SHIPPED.read_table
regions = SHIPPED.regions
steps = SHIPPED.steps
table_hashes = SHIPPED.table_hashes
transfer = SHIPPED.transfer
with_blanks = SHIPPED.with_blanks
