"""The version, below everything: results carry it in their provenance."""

__version__ = "0.2.0"
