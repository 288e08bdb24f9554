"""A Monte Carlo engine for models of many units: any number of draws, exact figures, no data kept.

It knows units, drivers, terms and outputs; it knows no municipality, no file and no word.
"""
