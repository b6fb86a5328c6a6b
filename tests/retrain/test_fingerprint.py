"""The version of a model: the same in every process, another one for whatever makes another model."""

import os
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from a2i_al.retrain.fingerprint import fingerprint, stable_text

X, Y = np.eye(2), np.array(["no", "yes"])

ELSEWHERE = """
import numpy as np
from functools import partial
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from a2i_al.retrain.fingerprint import fingerprint

def scaled(x, by=2):
    return x * by if str(by) not in {"a", "b", "c"} else x

class Plain:
    pass

steps = [lambda x: x + 1, scaled, partial(scaled, by=3)]
for words in ({"a", "b", "c"}, Plain()):
    model = make_pipeline(*(FunctionTransformer(step, kw_args={"of": words}) for step in steps), LogisticRegression())
    print(fingerprint(model, np.eye(2), np.array(["no", "yes"])))
"""


def elsewhere(seed):
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_another_process_comes_to_the_same_version():
    """Functions, sets and objects without a repr in a pipeline: a round that is resumed asks nothing twice."""
    once, again = elsewhere("1"), elsewhere("2")
    assert once == again
    assert len(set(once)) == 2


def version(step, **settings):
    return fingerprint(make_pipeline(FunctionTransformer(step, **settings), LogisticRegression()), X, Y)


def test_a_function_counts_by_what_it_does():
    """Defined again it is the same; another constant, name, default, closure or argument makes another version."""

    def closing(over):
        return lambda x: x * over

    def default(x, by=1):
        return x * by

    def other_default(x, by=2):
        return x * by

    steps = [
        lambda x: x + 1,
        lambda x: x + 2,
        lambda x: np.abs(x) + 0,
        lambda x: np.sign(x) + 0,
        closing(1),
        closing(2),
        default,
        other_default,
        partial(default, by=5),
        partial(default, by=6),
        np.abs,
    ]
    assert len({version(step) for step in steps}) == len(steps)
    assert version(lambda x: x + 1) == version(steps[0])
    assert version(closing(2)) == version(steps[5])


def test_a_method_counts_with_its_object():
    """Of two objects that show what they are, the same method is not the same step."""

    class Scale:
        def __init__(self, by):
            self.by = by

        def __repr__(self):
            return f"Scale({self.by})"

        def __call__(self, x):
            return x * self.by

        def times(self, x):
            return x * self.by

    assert version(Scale(1).times) == version(Scale(1).times) != version(Scale(2).times)
    assert version(Scale(1)) == version(Scale(1)) != version(Scale(2))


def test_an_array_counts_by_all_its_values():
    """Its repr leaves out the middle of a long one."""
    long = np.zeros(5_000)
    other = long.copy()
    other[2_500] = 1
    assert stable_text(long) == stable_text(long.copy()) != stable_text(other)


@pytest.mark.parametrize("of", ["function", "list"])
def test_what_holds_itself_has_an_end(of):
    """A function that calls itself by name closes over itself."""

    def again(x):
        return again(x - 1) if x.any() else x

    holds = [1]
    holds.append(holds)
    assert "…" in stable_text({"function": again, "list": holds}[of])
