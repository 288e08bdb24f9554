"""The version, below everything: results carry it in their provenance."""

__all__ = ["__version__"]

__version__ = "0.1.0"
