"""The distributions of drivers, one file a family; :mod:`ggu_costs.simulation.marginals` lists them.

To add one: write a file with a function that checks the parameters and a :class:`~.family.Continuous` or
:class:`~.family.Stepped` family, registered, and import the function in :mod:`ggu_costs.simulation.marginals`. Tables,
truncation, moments, fits and sensitivity read the registry. What a model file may say of it stands with the model file.
"""
