"""The distributions of drivers, one file a family; every file of this package is read.

To add one: write a file with a function that checks the parameters and a :class:`~.family.Continuous` or
:class:`~.family.Stepped` family, registered. Tables, truncation, moments, fits and sensitivity read the registry. What
a model file may say of it stands with the model file. Functions that users name are in :mod:`ggu_costs.simulation` too.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
