"""Ending: each loop one call, and what came of it told apart."""

import pytest

from a2i_al.errors import AccessDenied
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.following.ending import end


class Ends:
    """A service that stops and deletes, but for names that begin with what is wrong with them."""

    def __init__(self, error):
        self.ended, self.error, self.slow = [], error, 3
        self.a2i_once = self

    def stop_human_loop(self, *, HumanLoopName):  # noqa: N803
        wrong = {
            "finished": "ValidationException",
            "gone": "ResourceNotFoundException",
            "mine": "AccessDeniedException",
        }
        code = wrong.get(HumanLoopName.partition("-")[0])
        if self.slow:
            self.slow -= 1
            code = "ThrottlingException"
        if code:
            raise self.error(code)
        self.ended.append(HumanLoopName)

    delete_human_loop = stop_human_loop


@pytest.fixture
def ends(error):
    return Ends(error)


@pytest.mark.parametrize("how", ["stop", "delete"])
@pytest.mark.parametrize("workers", [1, 4])
def test_what_was_done_what_is_gone_and_what_was_refused_are_told_apart(ends, hands, how, workers):
    """Throttling is waited out; a loop that finished in the meantime is no error."""
    names = ["a", "finished-1", "gone-1", "b"]
    came = end(ends, names, how, max_workers=workers, progress=False, rate=RateController(hands))
    assert came == {"a": "done", "finished-1": "refused", "gone-1": "gone", "b": "done"}
    assert sorted(ends.ended) == ["a", "b"]


def test_what_stops_it_is_an_error(ends, hands):
    """Without a permission, nothing is said to have been stopped."""
    with pytest.raises(AccessDenied):
        end(ends, ["mine-1"], "stop", progress=False, rate=RateController(hands))


def test_nothing_to_end_is_nothing(ends, hands):
    """No call at all."""
    assert end(ends, [], "stop", progress=False, rate=RateController(hands)) == {}
    assert ends.slow == 3
