"""Compiled loops work where nothing can be kept on disk, and who waits for them is told why."""

import logging

import pytest
from numba.core import config, event
from numba.core.caching import FunctionCache

from a2i_al.compute.compiling import Announcer, compiled


def test_a_function_is_kept_on_disk_where_there_is_a_place():
    """So that the next process need not compile it."""
    assert isinstance(compiled(twice)._cache, FunctionCache)


def test_without_any_place_for_the_cache_it_is_compiled_all_the_same(monkeypatch):
    """A read-only installation with a read-only home."""
    monkeypatch.setattr(FunctionCache._impl_class, "_locator_classes", [])
    assert compiled(twice)(21) == 42


@pytest.fixture
def told(caplog, monkeypatch, tmp_path):
    """Give the log of a process that has compiled nothing yet, and keeps what it compiles in a folder of its own."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setitem(event._registered, "numba:compile", [Announcer()])
    monkeypatch.setattr(twice, "__module__", "a2i_al.twice")
    caplog.set_level(logging.INFO, logger="a2i_al.compute.compiling")
    return caplog


def test_the_first_compilation_is_announced_once(told, tmp_path):
    """With the folder where it is kept; another function, or another type, is part of the same wait."""
    function = compiled(twice)
    assert function(21) == 42
    assert function(0.5) == 1
    (message,) = told.messages
    assert message.startswith("compiling loops")
    assert str(tmp_path) in message


def test_what_is_read_from_disk_is_not_announced(told, monkeypatch):
    """As nobody waits for it."""
    compiled(twice)(21)
    monkeypatch.setitem(event._registered, "numba:compile", [Announcer()])
    assert compiled(twice)(21) == 42
    assert len(told.messages) == 1


def test_where_nothing_can_be_kept_the_announcement_says_so(told, monkeypatch):
    """And how to name a folder."""
    monkeypatch.setattr(FunctionCache._impl_class, "_locator_classes", [])
    compiled(twice)(21)
    assert "NUMBA_CACHE_DIR" in told.messages[0]


def test_what_others_compile_is_their_own_business(told, monkeypatch):
    """Numba tells of that, too."""
    monkeypatch.setattr(twice, "__module__", "somebody.else")
    compiled(twice)(21)
    assert told.messages == []


def twice(number):
    return 2 * number
