"""How figures look to people: number formats, words, HTML tables for notebooks and plots.

Nothing here computes a result. Importing a module of this room is cheap; matplotlib is loaded when a plot is asked for.
"""
