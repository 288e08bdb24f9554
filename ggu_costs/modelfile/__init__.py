"""Model files: TOML that becomes checked definitions.

A model file holds decisions and assumptions, never facts: facts live in the reference tables. Every value in it carries
unit, source, status, price level and VAT state where they apply; a file without a source does not load; and all faults
of a file are reported at once, each with its dotted key.
"""

from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.inputs import Inputs
from ggu_costs.modelfile.loader import Loaded, RawModel, check_definition, header_faults, read_raw
from ggu_costs.modelfile.opened import OpenedModel
from ggu_costs.modelfile.sources import Source
from ggu_costs.modelfile.values import Value

__all__ = [
    "Header",
    "Inputs",
    "Loaded",
    "OpenedModel",
    "RawModel",
    "Source",
    "Value",
    "check_definition",
    "header_faults",
    "read_raw",
]
