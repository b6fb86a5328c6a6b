"""Compiled loops work where nothing can be kept on disk."""

from numba.core.caching import FunctionCache

from a2i_al.compute.compiling import compiled


def test_a_function_is_kept_on_disk_where_there_is_a_place():
    """So that the next process need not compile it."""
    assert isinstance(compiled(twice)._cache, FunctionCache)


def test_without_any_place_for_the_cache_it_is_compiled_all_the_same(monkeypatch):
    """A read-only installation with a read-only home."""
    monkeypatch.setattr(FunctionCache._impl_class, "_locator_classes", [])
    assert compiled(twice)(21) == 42


def twice(number):
    return 2 * number
