"""A workflow of the test's own on the session's embedded A2I, whose page fails for some items, and a patient clock."""

import pandas as pd
import pytest

from a2i_al.local import SimulatedReviewer
from a2i_al.workflow import Workflow

# grant_read_access refuses what is no S3 URI: the loops of such items fail as they do at A2I.
TEMPLATE = """<crowd-form><img src="{{ task.input.image | grant_read_access }}">{{ task.input.text }}
<crowd-input name="answer"></crowd-input></crowd-form>"""


@pytest.fixture
def flow(embedded, request):
    """Give a workflow."""
    return Workflow.local(f"batch-{abs(hash(request.node.name)) % 10**8}", template=TEMPLATE, home=embedded.home)


@pytest.fixture
def items():
    """Give four items, of which two have no picture."""
    image = ["s3://a2i-al/a.png", " ", "s3://a2i-al/b.png", " "]
    return pd.DataFrame({"item_id": list("abcd"), "text": "What is it?", "image": image})


@pytest.fixture
def answer(flow):
    """Let somebody answer so many tasks, who remembers what was seen."""

    def answer(limit=None):
        def look(task):
            answer.seen.append(task)
            return {"answer": "a dog"}

        return flow.simulate([SimulatedReviewer("Ana", look)], limit=limit)

    answer.seen = []
    return answer


class Busy:
    """A clock on which waiting takes no time, and during which something is done."""

    def __init__(self, do):
        self.do, self.time, self.waits = do, 0.0, 0

    def now(self):
        return self.time

    def wait(self, seconds, halt=None):  # noqa: ARG002  # the clock's protocol
        if seconds > 0:
            self.time += seconds
            self.waits += 1
            self.do()


@pytest.fixture
def busy():
    """Make clocks."""
    return Busy
