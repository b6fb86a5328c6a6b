"""Truths about the house itself: the public names, light import, runnable examples, and layers that can be broken."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import a2i_al

HEAVY = [
    "boto3",
    "botocore",
    "sagemaker",
    "sklearn",
    "matplotlib",
    "starlette",
    "uvicorn",
    "liquid",
    "ipywidgets",
    "pandas",
]
FOUND = sorted(pkgutil.walk_packages(a2i_al.__path__, "a2i_al."), key=lambda module: module.name)
MODULES = [module.name for module in FOUND if not module.name.endswith("__main__")]
PACKAGES = [module.name for module in FOUND if module.ispkg]


def test_import_is_light():
    """`import a2i_al` alone loads none of the heavy packages."""
    code = f"import sys, a2i_al; print([m for m in {HEAVY} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize("stage", ["sampling", "routing", "labels", "metrics", "templates"])
def test_pure_stages_load_no_service_or_plotting_library(stage):
    """A stage that only computes loads nothing that talks or draws."""
    heavy = ["boto3", "sklearn", "matplotlib", "starlette", "obstore", "liquid"]
    code = f"import sys, a2i_al.{stage}; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize("name", a2i_al.__all__)
def test_every_public_name_is_there_and_documented(name):
    """Each name loads and says what it is for."""
    assert (getattr(a2i_al, name).__doc__ or "").strip()


def test_every_public_object_shows_as_itself():
    """In a notebook's cell it says what it is, not where it lies; who derives from `Rule` makes a dataclass."""
    packages = [a2i_al, *map(importlib.import_module, PACKAGES)]
    public = {getattr(package, name) for package in packages for name in getattr(package, "__all__", ())}
    bare = {thing for thing in public if isinstance(thing, type) and thing.__repr__ is object.__repr__}
    assert bare == {a2i_al.routing.Rule}


def test_the_public_names_are_the_lazy_ones():
    """The list that people read and the table that loads are the same names."""
    assert sorted(a2i_al.__all__) == sorted(a2i_al._HOME)
    assert dir(a2i_al) == sorted(a2i_al.__all__)
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = a2i_al.nothing_here


def test_imports_for_types_make_no_circles():
    """But for results that draw themselves, and rules that are joined by operators: either half knows the other."""
    known = {name: _imported(name) for name in MODULES}
    circles = set()
    for name, direct in known.items():
        reached = new = direct
        while new:
            new = {further for one in new for further in known[one]} - reached
            reached = reached | new
        circles |= {name} & reached
    drawn = {name for name in circles if name.startswith("a2i_al.metrics.")}
    assert circles - drawn == {"a2i_al.routing.joined", "a2i_al.routing.rule"}


def _imported(name):
    """Return the modules that a module imports; of a package, not those that its lazy names lie in."""
    tree = ast.parse(inspect.getsource(importlib.import_module(name)))
    found = set()
    for node in tree.body if name in PACKAGES else ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{each.name}" for each in node.names}
            found |= {module if module in MODULES else node.module for module in whole}
    return (found & {*MODULES}) - {name}


def test_the_names_of_a_package_live_in_it():
    """A lazy name is an import that no linter sees: from next door, it would close a circle."""
    strays = []
    for package in map(importlib.import_module, PACKAGES):
        for name in getattr(package, "__all__", ()):
            value = getattr(package, name)
            home = getattr(value, "__module__", None) or getattr(value, "__name__", package.__name__)
            strays += [] if home.startswith(package.__name__) else [f"{package.__name__}.{name} is in {home}"]
    assert strays == []


def test_a_public_name_is_never_shadowed_by_a_module():
    """Loading every module leaves the public functions callable."""
    code = (
        "import importlib, a2i_al\n"
        f"for m in {MODULES}: importlib.import_module(m)\n"
        "print([n for n in a2i_al.__all__ if type(getattr(a2i_al, n)).__name__ == 'module'])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['aws', 'datasets', 'errors', 'metrics', 'routing', 'sampling', 'tables', 'templates']"


@pytest.mark.parametrize("name", MODULES)
def test_every_docstring_example_runs(name):
    """The examples in the documentation give what they show."""
    failed, _ = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    )
    assert not failed
