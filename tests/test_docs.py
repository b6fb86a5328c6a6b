"""The pages in docs/ hold: their Python runs, their links lead somewhere, and the tables are those of the code."""

import importlib.util
import re
from pathlib import Path

import pytest

from a2i_al import Workflow

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))


def test_the_python_of_a_task_of_ones_own_runs(embedded, tmp_path, monkeypatch):
    """Block after block, in one notebook's worth of names, down to the second round's model."""
    monkeypatch.chdir(tmp_path)
    local = Workflow.local
    monkeypatch.setattr(Workflow, "local", lambda name, **more: local(name, home=embedded.home, **more))
    names = {}
    page = ROOT / "docs" / "own_task.md"
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        exec(compile(block, str(page), "exec"), names)  # noqa: S102 - the page is ours
    assert (tmp_path / "mails.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert names["labels"]["status"].eq("agreed").sum() == 60
    assert len(names["rounds"]) == 2
    assert names["rounds"]["accuracy"].iloc[-1] > 0.8


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "README.md", ROOT / "datasets" / "README.md"], ids=lambda page: page.stem
)
def test_links_lead_somewhere(page):
    """Every link to a file of this repository, pictures included."""
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_the_tables_are_those_of_the_code():
    """If not: python docs/tables.py."""
    spec = importlib.util.spec_from_file_location("docs_tables", ROOT / "docs" / "tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
