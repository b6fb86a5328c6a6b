"""The page: self-contained, escaped, with what there is to say and nothing where there is nothing."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import Comparison, compare

BAD = '<script>alert("x")</script>'


def compared(n=120, classes=("cat", "dog"), versions=("v1",), **columns):
    """Return a comparison with confidences, times and segments."""
    rng = np.random.default_rng(0)
    ids = [f"i{k:03d}" for k in range(n)]
    label = rng.choice(classes, n)
    said = [
        pd.DataFrame(
            {
                "item_id": ids,
                "predicted_label": np.where(rng.random(n) < 0.8, label, rng.choice(classes, n)),
                "model_version": version,
                "confidence": rng.uniform(0.5, 1, n),
            }
            | columns
        )
        for version in versions
    ]
    seen = pd.Timestamp("2026-11-01", tz="UTC") + pd.to_timedelta(np.arange(n), unit="h")
    items = pd.DataFrame({"item_id": ids, "language": rng.choice(["en", BAD], n), "seen_at": seen})
    return compare(pd.concat(said), pd.DataFrame({"item_id": ids, "label": label}), items=items)


def headings(page):
    return re.findall("<h2>(.*?)</h2>", page)


def test_all_that_there_is_to_say_has_a_section():
    """Versions, classes, confidence, segments, drift."""
    page = compared(versions=("v1", "v2")).to_html(segments=["language"], time="seen_at", title="Cats & dogs")
    assert headings(page) == [
        "How often they differ",
        "Is the new model better?",
        "Where they differ",
        "Does the model know when it is right?",
        "For which items",
        "Has it changed?",
    ]
    assert "<h1>Cats &amp; dogs</h1>" in page
    assert "of model version v2" in page
    assert page.count("<figure>") == 6


def test_what_there_is_not_has_none():
    """One version, no confidence, no segments, no time."""
    page = compared(confidence=np.nan).to_html()
    assert headings(page) == ["How often they differ", "Where they differ"]


def test_what_a_notebook_would_be_warned_of_is_on_the_page():
    """Once each: items without confidence, and a label that the model cannot give."""
    result = compared(proba_cat=0.5)
    table = result.table.assign(confidence=result.table["confidence"].where(result.table.index > 3))
    page = Comparison(table).to_html()
    assert headings(page)[-1] == "Look out for"
    assert page.count("4 of 120 items have no confidence") == 1
    assert page.count("People gave labels that the model cannot give") == 1


def test_it_is_one_file_that_loads_nothing(tmp_path):
    """Pictures are in it, with words for who cannot see them; no script, no address but data."""
    page = compared().to_html(tmp_path / "report.html", segments=["language"])
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page
    assert not re.search(r"<script|<link|<iframe|@import|url\(", page)
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert len(re.findall(r'<img alt="[^"]+"', page)) == len(sources)
    assert "prefers-color-scheme: dark" in page


def test_a_place_that_cannot_be_written_is_said_before_the_page_is_made(tmp_path, monkeypatch):
    """A page takes seconds; what only shows while it is written is said as well."""
    with monkeypatch.context() as without_pages:
        without_pages.setattr("a2i_al.metrics.page.page", lambda *_, **__: pytest.fail("the page was made"))
        with pytest.raises(InvalidInput, match=r"^path is .*: that is a folder"):
            compared().to_html(tmp_path)

    def no_room(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", no_room)
    with pytest.raises(InvalidInput, match=r"^path is .*: No space left"):
        compared().to_html(tmp_path / "report.html")


def test_the_same_comparison_gives_the_same_page():
    """So that two reports can be told apart by what they say."""
    assert compared().to_html() == compared().to_html()


def test_whatever_comes_from_the_data_is_escaped():
    """Labels, versions, segments and the title."""
    page = compared(classes=(BAD, "dog"), versions=(BAD, "v2")).to_html(title=BAD, segments=["language"])
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_few_items_of_one_class_make_a_page():
    """Where most numbers are not defined."""
    page = compared(n=2, classes=("cat",)).to_html(time="seen_at")
    assert "They differ nowhere." in page
    assert "Too early to say: that takes over 100 items." in page
    assert "Cohen" not in page.split("<details>")[0]


def test_the_headline_is_that_of_the_draws_where_there_are_some():
    """The audit slice's rate, and the words that it is about the pool; what was chosen is in the table only."""
    ids = [f"i{n}" for n in range(40)]
    result = compare(
        pd.DataFrame({"item_id": ids, "predicted_label": "a", "model_version": "v1"}),
        pd.DataFrame({"item_id": ids, "label": ["a", "b"] * 10 + ["b"] * 20}),
        pd.DataFrame({"item_id": ids, "inclusion_probability": [0.5] * 20 + [np.nan] * 20}),
    )
    headline = result.to_html().split("<section>")[0]
    assert "<b>50.0 %</b>" in headline
    assert "estimates the pool" in headline
    assert "100.0 %" in result.to_html()


def test_no_items_make_a_page_too():
    """An audit slice before its first answer."""
    ids = ["i"]
    result = compare(
        pd.DataFrame({"item_id": ids, "predicted_label": "a", "model_version": "v1"}),
        pd.DataFrame({"item_id": ids, "label": "a"}),
        pd.DataFrame({"item_id": ids}),
    ).only(scope="audit slice")
    assert headings(result.to_html()) == ["How often they differ"]


def test_columns_and_versions_that_are_not_there_are_refused():
    """With those that are."""
    with pytest.raises(InvalidInput, match="no column 'country'"):
        compared().to_html(segments=["country"])
    with pytest.raises(InvalidInput, match="no column 'when'"):
        compared().to_html(time="when")
    with pytest.raises(InvalidInput, match="model_version is 'v9'"):
        compared().to_html(model_version="v9")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen_in_both_schemes(chromium_page, tmp_path, scheme):
    """At 360 px nothing but a table scrolls sideways, and every picture is drawn."""
    compared(versions=("v1", "v2")).to_html(tmp_path / "report.html", segments=["language"], time="seen_at")
    chromium_page.emulate_media(color_scheme=scheme)
    chromium_page.set_viewport_size({"width": 360, "height": 800})
    chromium_page.goto((tmp_path / "report.html").as_uri())
    assert chromium_page.evaluate("document.documentElement.scrollWidth") <= 360
    assert chromium_page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    background = chromium_page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(245, 247, 250)", "dark": "rgb(21, 21, 21)"}[scheme]
