"""Figures that are computed once and kept apart from the data they follow from, which stays as it was made."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

T = TypeVar("T")


class remembered(Generic[T]):  # noqa: N801 (a decorator, used as property is)
    """A property that is computed on first use, and kept for as long as its object lives.

    Examples
    --------
    >>> class Circle:
    ...     radius = 1.0
    ...
    ...     @remembered
    ...     def area(self):
    ...         print("computed")
    ...         return 3.0 * self.radius**2
    >>> circle = Circle()
    >>> circle.area, circle.area, vars(circle)
    computed
    (3.0, 3.0, {})
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute, self.__doc__ = compute, compute.__doc__
        self._values: WeakKeyDictionary[Any, T] = WeakKeyDictionary()

    def __get__(self, instance: Any, owner: Any = None) -> T:
        if instance is None:  # asked of the class
            return cast("T", self)
        if instance not in self._values:
            self._values[instance] = self._compute(instance)
        return self._values[instance]
