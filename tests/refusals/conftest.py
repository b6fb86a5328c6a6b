"""Rubbish for every argument of every public call: the tables of calls are in the tests, one file per room."""

import inspect
import re
import warnings

import pandas as pd
import pytest

from a2i_al.errors import A2IError

RUBBISH = {
    "none": None,
    "text": "junk",
    "blank": "",
    "negative": -1,
    "nan": float("nan"),
    "three": 3,
    "list": [],
    "dict": {},
    "object": object(),
    "empty_table": pd.DataFrame(),
    "table": pd.DataFrame({"wrong": [1.5, 2.5]}),
}


def pytest_generate_tests(metafunc):
    """Give a test that asks for a `name` each call of its module's CALLS; and each `argument` of it, if it asks."""
    if "argument" in metafunc.fixturenames:
        pairs = [(name, argument) for name, (_, given, *_) in metafunc.module.CALLS.items() for argument in given]
        metafunc.parametrize(("name", "argument"), pairs)
    elif "name" in metafunc.fixturenames:
        metafunc.parametrize("name", metafunc.module.CALLS)


@pytest.fixture(scope="session")
def faults():
    """Give the function that tells what is wrong with how a call takes rubbish; nothing, where it refuses it well."""
    return _faults


def _faults(call, argument):
    """List what is taken that should not be, refused by Python's own errors, or refused without the argument's name.

    A call is a function, its arguments, what of the rubbish is right for which of them (None always is where it is the
    default), and what the errors call an argument, where that is not its name or its name's plural.
    """
    function, given, right, called = (*call, {}, {})[:4]
    default = inspect.signature(function).parameters.get(argument)
    allowed = {*right.get(argument, "").split(), *(["none"] if default is not None and default.default is None else [])}
    name = re.compile(called.get(argument, argument[:-1].replace("_", "[_ ]")))
    found = []
    for kind in RUBBISH.keys() - allowed:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                function(**{**given, argument: RUBBISH[kind]})
            found.append(f"{kind} is taken")
        except A2IError as error:
            if not name.search(str(error)) or not (error.expected or error.fix):
                found.append(f"{kind}: {error}")
        except Exception as error:  # noqa: BLE001 - whatever comes from inside is what is looked for
            found.append(f"{kind}: {error!r}")
    return found
