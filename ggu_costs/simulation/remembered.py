"""Figures that are computed once and kept apart from the data they follow from, which stays as it was made."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

T = TypeVar("T")
_NOTHING: Any = object()


class remembered(Generic[T]):  # noqa: N801 (a decorator, used as property is)
    """A property that is computed on first use, and kept for as long as its object lives.

    Threads that ask at the same time get one value, whoever computed it.

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
        found = self._values.get(instance, _NOTHING)  # what equals it may go between two looks
        return cast("T", found if found is not _NOTHING else self._values.setdefault(instance, self._compute(instance)))
