"""The rated texts: what the loader makes of the published files, on files of the same make-up and on the real ones."""

import hashlib
import io
import tarfile

import numpy as np
import pytest

from a2i_al import datasets
from a2i_al.datasets import PackagedFile, ratings
from a2i_al.errors import DatasetUnavailable
from a2i_al.labels import consolidate
from a2i_al.tables import ANSWERS

FILES = {
    "tweets_GroundTruth": '1\t1.5\tGood “day”\r\n2\t-0.5\tsaid "no\r\n',
    "tweets_anonDataRatings": "1\t1.5\t0.5\t[1, 2]\r\n2\t-0.5\t1\t[-2, 0, 0]\r\n",
    "amazonReviewSnippets_GroundTruth": "1_1\t0\tmeh\r\n1_2\t4\twow\r\n",
    "amazonReviewSnippets_anonDataRatings": "\ufeff1_2\t4\t0\t[4]\r\n1_1\t0\t0\t[0, 0]\r\n",
}


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Keep a small file of the published make-up where the real one would be."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for stem in [
            f"{part}_{kind}" for part in ratings._PARTS.values() for kind in ("GroundTruth", "anonDataRatings")
        ]:
            data = FILES.get(stem, "").encode()
            member = tarfile.TarInfo(f"hutto_ICWSM_2014/{stem}.txt")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    data = packed.getvalue()
    file = PackagedFile("vaderSentiment", "0", "a/b.tar.gz", hashlib.sha256(data).hexdigest(), source=True)
    monkeypatch.setenv("A2I_AL_HOME", str(tmp_path))
    monkeypatch.setattr(ratings, "_FILE", file)
    file.cached.parent.mkdir(parents=True)
    file.cached.write_bytes(data)
    return datasets.load("sentiment_ratings")


def test_every_text_keeps_its_own_ratings_whatever_the_order_of_the_files(published):
    """Joined by id, and quotation marks are part of a text."""
    assert published.item_ids == ("tweets-1", "tweets-2", "products-1_1", "products-1_2")
    assert published.texts == ("Good “day”", 'said "no', "meh", "wow")
    assert published.source.tolist() == ["tweets", "tweets", "products", "products"]
    of = np.split(published.ratings, published.starts[1:-1])
    assert [own.tolist() for own in of] == [[1, 2], [-2, 0, 0], [0, 0], [4]]
    assert published.mean.tolist() == pytest.approx([1.5, -2 / 3, 0, 4])
    assert published.n_ratings.tolist() == [2, 3, 2, 1]
    assert published.labels == sorted(published.labels)
    assert repr(published) == "RatedTextSet('sentiment_ratings': 4 texts, 8 ratings)"


def test_items_and_answers_are_the_tables_of_the_flow(published):
    """An answer is the sign of a rating; consolidating them gives the majority's."""
    answers = published.answers()
    assert ANSWERS.check(answers).equals(answers)
    assert len(answers) == 8
    assert answers[answers["item_id"] == "tweets-2"]["value"].value_counts().to_dict() == {"neutral": 2, "negative": 1}
    assert answers["rating"].sum() == 1 + 2 - 2 + 4
    labels = consolidate(answers, "sentiment").set_index("item_id")["label"]
    assert labels[["tweets-1", "tweets-2", "products-1_1"]].tolist() == ["positive", "neutral", "neutral"]
    assert published.items().columns.tolist() == ["item_id", "text", "source"]


def test_fewer_reviewers_are_drawn_at_random_and_repeatably(published):
    """Every rating has its chance, none comes twice, and an item with fewer has all of its."""
    drawn = published.answers(2, random_state=1)
    assert drawn.groupby("item_id").size().to_dict() == {
        "products-1_1": 2, "products-1_2": 1, "tweets-1": 2, "tweets-2": 2
    }  # fmt: skip
    assert drawn.equals(published.answers(2, random_state=1))
    seen = {tuple(sorted(published.answers(1, random_state=s)["rating"])) for s in range(20)}
    assert len(seen) > 1
    assert set(published.answers(1)["worker_id"]) == {"rater-01"}


def test_offline_the_error_says_where_to_put_the_file(tmp_path, monkeypatch):
    """Without an index and without a kept file."""
    for name, value in {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PIP_FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("A2I_AL_HOME", str(tmp_path / "home"))
    with pytest.raises(DatasetUnavailable, match=r"vaderSentiment 3\.3\.2.*hutto_ICWSM_2014\.tar\.gz.*go online once"):
        datasets.load("sentiment_ratings")


def test_the_published_set_has_its_published_size():
    """23,703 texts with 15 to 99 ratings each, 536,520 in all; the file comes from pip's index."""
    data = datasets.load("sentiment_ratings")
    assert len(data.texts) == len(set(data.item_ids)) == len(data.n_ratings) == 23_703
    assert (len(data.ratings), data.n_ratings.min(), data.n_ratings.max()) == (536_520, 15, 99)
    assert set(data.ratings.tolist()) == set(range(-4, 5))
    assert not any(text.strip() == "" for text in data.texts)
    assert dict(zip(*np.unique(data.source, return_counts=True), strict=True)) == {
        "editorials": 5_190, "movies": 10_605, "products": 3_708, "tweets": 4_200
    }  # fmt: skip
