"""Every task type of the catalogue: submitted, answered with what its page gives, output.json, answers table."""

import pandas as pd
import pytest

from a2i_al import templates
from a2i_al.harvest.parse import simplify
from a2i_al.local import SimulatedReviewer
from a2i_al.workflow import Workflow


@pytest.mark.parametrize("name", templates.catalogue()["name"])
def test_what_the_page_gives_is_what_the_table_holds(embedded, name):
    """Nothing of the answer is lost or changed between the worker's page and the DataFrame."""
    task = templates.load(name)
    flow = Workflow.local(f"trip-{name}", template=task.source, home=embedded.home)
    items = pd.DataFrame([{"item_id": "i1", **task.sample_input}])
    batch = flow.submit(items, progress=False)
    flow.simulate([SimulatedReviewer("Ana", lambda _: task.sample_answer)])
    answers = batch.harvest()
    assert batch.quarantine.empty
    assert dict(zip(answers["field"], answers["value"], strict=True)) == {
        field: simplify(value) for field, value in task.sample_answer.items()
    }
    assert set(answers["item_id"]) == {"i1"}
    assert set(answers["field"]) <= set(flow.fields)
