"""Arguments are checked by name: what is right passes, what is not is an error that says what would be."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from a2i_al import arguments
from a2i_al.errors import InvalidInput

RUBBISH = [None, "junk", float("nan"), [], {}, object(), pd.DataFrame(), np.array([[np.nan]]), True]


@pytest.mark.parametrize("given", [0.9, np.float32(0.5), np.float64(0.5), Fraction(1, 2)])
def test_a_share_may_be_any_real_number_between_0_and_1(given):
    """Of Python or of numpy; it comes out as a float."""
    assert arguments.share("confidence", given) == pytest.approx(float(given))


@pytest.mark.parametrize("given", [*RUBBISH, 0, 1, -0.1, 95])
def test_what_is_no_share_is_refused(given):
    """With its name and an example."""
    with pytest.raises(InvalidInput, match=r"^confidence is .*Expected: a share between 0 and 1, such as 0.95\.$"):
        arguments.share("confidence", given)


@pytest.mark.parametrize(
    ("check", "right", "wrong", "expected"),
    [
        (arguments.fraction, [0, 1, np.float32(0.5)], [-0.1, 1.1], "a number from 0 to 1"),
        (arguments.amount, [0, 5, Fraction(1, 2)], [-1, np.inf], "a number, 0 or more"),
        (arguments.seconds, [0, 2.5, np.inf], [-1], "seconds, 0 or more"),
    ],
)
def test_a_number_has_its_range(check, right, wrong, expected):
    """Its ends are said, and whether they are in it; missing and True are in none."""
    assert [check("part", given) for given in right] == [pytest.approx(float(given)) for given in right]
    for given in (*RUBBISH, *wrong):
        with pytest.raises(InvalidInput, match=f"^part is .*Expected: {expected}"):
            check("part", given)


@pytest.mark.parametrize(
    ("given", "said"),
    [(10**400, "1000"), (-(10**5_000), "a number of thousands of digits")],
    ids=["large", "very large"],
)
def test_a_number_beyond_all_floats_is_refused_as_a_number(given, said):
    """Python would raise an OverflowError of its own, and from 4,300 digits on say nothing at all."""
    with pytest.raises(InvalidInput, match=f"^part is {said}.*Expected: a number from 0 to 1") as refused:
        arguments.fraction("part", given)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("given", [1, np.int64(7), 10**20])
def test_a_whole_number_may_be_of_numpy(given):
    """And as large as it likes."""
    assert arguments.whole("bins", given, least=1) == given


@pytest.mark.parametrize("given", [*RUBBISH, 0, -1, 2.0, "3"])
def test_what_is_no_whole_number_is_refused(given):
    """A float is none, even where it is whole; True is no 1."""
    with pytest.raises(InvalidInput, match=r"^window is .*Expected: at least 1 item\.$"):
        arguments.whole("window", given, 1, of="item")


@pytest.mark.parametrize("given", [*RUBBISH, ["up"]])
def test_what_is_none_of_the_options_is_refused(given):
    """The options are named; a list of one is not that one."""
    with pytest.raises(InvalidInput, match=r"^direction is .*one of 'up', 'down'"):
        arguments.one_of("direction", given, ("up", "down"))


@pytest.mark.parametrize("given", [None, 0, 1, "no", [], np.array([True])])
def test_a_flag_is_true_or_false(given):
    """Of Python or of numpy; what merely counts as one is refused by its name."""
    arguments.flags(proba=True, exact=np.bool_(False))
    with pytest.raises(InvalidInput, match=r"^exact is .*True or False"):
        arguments.flags(proba=True, exact=given)


@pytest.mark.parametrize("given", [None, 3, "a", b"a", pd.DataFrame({"a": [1]})])
def test_several_are_no_text_and_no_table(given):
    """Whose letters, or names of columns, would be gone through."""
    series = pd.Series(["a"])
    assert arguments.several("ids", series, "ids") is series
    with pytest.raises(InvalidInput, match=r"^ids is .*a list of ids"):
        arguments.several("ids", given, "ids")


@pytest.mark.parametrize("given", [None, "a", [("a", 1)], pd.DataFrame()])
def test_what_is_no_mapping_is_refused(given):
    """Pairs are none, though a dict could be made of them."""
    assert arguments.mapping("weights", {"a": 1}, "worker to weight") == {"a": 1}
    with pytest.raises(InvalidInput, match=r"^weights is .*a mapping of worker to weight"):
        arguments.mapping("weights", given, "worker to weight")


@pytest.mark.parametrize("given", [None, 3, "language", [3], ["language", None]])
def test_texts_are_several(given):
    """A single text is not taken for its letters, and each must be one."""
    with pytest.raises(InvalidInput, match=r"segments is .*a list of texts|one of segments is .*a text"):
        arguments.texts("segments", given)


@pytest.mark.parametrize("given", [None, "junk", object(), [[1], [1, 2]]])
def test_what_is_no_number_is_refused(given):
    """Text, objects and ragged lists; missing values are numbers."""
    if given is None:
        assert np.isnan(arguments.floats("errors", given))
        return
    with pytest.raises(InvalidInput, match="errors are no numbers"):
        arguments.floats("errors", given)


@pytest.mark.parametrize("given", [-1, 0.5, "junk"])
def test_what_seeds_no_generator_is_refused(given):
    """With what does."""
    with pytest.raises(InvalidInput, match=r"random_state is .*a whole number from 0, a numpy Generator, or None"):
        arguments.generator(given)


def test_a_generator_is_used_as_it_is():
    """So that draws of several calls differ."""
    draw = np.random.default_rng(0)
    assert arguments.generator(draw) is draw


def test_a_path_is_text_or_a_path():
    """And nothing else."""
    assert arguments.path("path", "a/b") == arguments.path("path", Path("a/b")) == Path("a/b")
    with pytest.raises(InvalidInput, match=r"path is 3.*a path"):
        arguments.path("path", 3)
    with pytest.raises(InvalidInput, match=r"path is empty.*current folder"):
        arguments.path("path", "")
    with pytest.raises(InvalidInput, match=r"path is 'a\\x00b'"):
        arguments.path("path", "a\0b")


def test_what_is_large_is_told_by_its_kind():
    """An error is a line: neither a table nor a page of text stands in it."""
    assert arguments.told(pd.DataFrame({"x": range(1000)})) == "a DataFrame"
    assert len(arguments.told("x" * 1000)) < 70
    assert arguments.told(np.float64(0.5)) == "0.5"
