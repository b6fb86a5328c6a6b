"""The stage's public names are there, and reading the package loads none of its modules."""

import subprocess
import sys

import pytest

import a2i_al.sampling


def test_every_public_name_resolves():
    assert all(callable(getattr(a2i_al.sampling, name)) for name in a2i_al.sampling.__all__)
    assert dir(a2i_al.sampling) == sorted(a2i_al.sampling.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'smaple'"):
        _ = a2i_al.sampling.smaple


@pytest.mark.parametrize("stage", ["sampling", "labels", "metrics"])
def test_importing_a_pure_stage_loads_no_heavy_library(stage):
    code = (
        f"import sys, a2i_al.{stage} as stage; [getattr(stage, name) for name in stage.__all__];"
        "heavy = ('boto3', 'sklearn', 'matplotlib', 'scipy', 'numba', 'starlette');"
        "print([name for name in heavy if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
