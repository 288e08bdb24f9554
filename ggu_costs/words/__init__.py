"""The words of every output, Dutch and English, and how figures are written."""
