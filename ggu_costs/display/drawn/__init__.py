"""Plots drawn with matplotlib, which is loaded when a plot is asked for."""
