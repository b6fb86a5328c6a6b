"""Attributes written in JavaScript's manner: the two readers, Python's and the page's, agree on one list of cases."""

import json
from pathlib import Path

import pytest

from a2i_al.templates.lenient import parse_lenient
from a2i_al.templates.page import ELEMENTS

CASES = json.loads((Path(__file__).parent / "lenient_cases.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "value"), CASES["read"])
def test_python_reads_what_templates_write(text, value):
    assert parse_lenient(text) == value


@pytest.mark.parametrize("text", CASES["refuse"])
def test_python_refuses_what_cannot_be_read(text):
    with pytest.raises(ValueError, match=r"\w"):
        parse_lenient(text)


@pytest.mark.browser
def test_the_page_reads_the_same_cases_and_refuses_the_same(chromium_page):
    """The page's reader gives the same JSON for every case, and an error where Python's gives one."""
    source = (ELEMENTS / "shared" / "lenient.js").read_text("utf-8")
    texts = [text for text, _ in CASES["read"]] + CASES["refuse"]
    each = "texts.map((t) => { try { return JSON.stringify(parseLenient(t)); } catch { return 'refused'; } })"
    read = chromium_page.evaluate(f"(texts) => {{ {source}; return {each}; }}", texts)
    assert [json.loads(text) for text in read[: len(CASES["read"])]] == [value for _, value in CASES["read"]]
    assert read[len(CASES["read"]) :] == ["refused"] * len(CASES["refuse"])


def test_attributes_are_data_and_never_run():
    """The page's reader refuses an expression instead of evaluating it."""
    source = (ELEMENTS / "shared" / "lenient.js").read_text("utf-8")
    assert "eval" not in source.replace("evaluated", "")
    assert "Function(" not in source
