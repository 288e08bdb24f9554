"""A run: leaves shared out over workers, folded into one state, and what is read from it."""
