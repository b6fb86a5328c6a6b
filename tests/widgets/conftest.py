"""Workflows with something to answer."""

import uuid

import pandas as pd
import pytest

from a2i_al.workflow import Workflow

ITEMS = pd.DataFrame({"item_id": ["1", "2", "3"], "text": ["You have won!", "Lunch at one?", "Click <here>"]})


@pytest.fixture
def flow(embedded):
    """Give a workflow of this test's own with three items waiting."""
    made = Workflow.local(
        f"spam-{uuid.uuid4().hex[:8]}", template="text-classification", labels=["spam", "ham"], home=embedded.home
    )
    made.submit(ITEMS, progress=False)
    return made
