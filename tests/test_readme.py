"""The README's Python runs, block after block, on a little set of support tickets."""

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from a2i_al import InProcessTrainer, SimulatedReviewer, Workflow, predictions_of, templates

README = Path(__file__).parents[1] / "README.md"
LABELS = np.array(["billing", "bug", "other"])


@pytest.fixture
def names(embedded, tmp_path, monkeypatch):
    """Give what the README takes for granted: a pool, a model, and this session's service for a home."""
    rng = np.random.default_rng(0)
    features, truth = rng.normal(size=(120, 3)), rng.choice(LABELS, 120)
    model, learnt = (
        LogisticRegression().fit(features, truth),
        InProcessTrainer(LogisticRegression()).fit(features, truth),
    )
    proba, ids = model.predict_proba(features), [f"t-{number}" for number in range(120)]
    (tmp_path / "pool").mkdir()
    larger = pd.DataFrame(np.tile(proba, (10, 1)), columns=[f"proba_{label}" for label in LABELS])
    larger.assign(item_id=[f"p-{number}" for number in range(1200)]).to_parquet(tmp_path / "pool" / "part.parquet")
    monkeypatch.chdir(tmp_path)
    local, submit = Workflow.local, Workflow.submit
    people = [SimulatedReviewer(name, _answer) for name in ("Ana", "Ben")]
    monkeypatch.setattr(Workflow, "local", lambda name, **more: local(name, home=embedded.home, reviewers=2, **more))
    # The page's people answer at once.
    monkeypatch.setattr(
        Workflow, "submit", lambda flow, *given, **more: (submit(flow, *given, **more), flow.simulate(people))[0]
    )
    return {
        "features": features,
        "model": model,
        "proba": proba,
        "ids": ids,
        "items": pd.DataFrame({"item_id": ids, "text": [f"Ticket {number}" for number in range(120)]}),
        "predictions": predictions_of(learnt, ids, proba),
        "seen": features[:20],
        "known": truth[:20],
        "seeds": dict(zip(ids[:20], truth[:20], strict=True)),
        "customers": np.arange(120) % 40,
        "source": templates.load("text-classification").source,
        "item": {"text": "The invoice is wrong"},
    }


def _answer(shown):
    return {"category": {"label": str(LABELS[int(shown["text"].split()[-1]) % 3])}}


def test_every_block_of_python_runs(names):
    """In the order of the page, in one notebook's worth of names."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), flags=re.DOTALL)
    assert len(blocks) > 2
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)  # noqa: S102 - the page is ours
    assert names["labels"]["status"].eq("agreed").sum() == 50
    # Towards the end of the day, when there is enough left for everybody.
    late = datetime.now(UTC).replace(hour=23, minute=59)
    assert names["router"].decide({"predicted_label": "bug", "confidence": 0.1}, item_id="x", now=late).review
