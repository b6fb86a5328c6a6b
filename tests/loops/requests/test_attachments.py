"""Files: what becomes one, under which name, and that it is stored once."""

import json
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from a2i_al.errors import InvalidPayload
from a2i_al.loops.requests.attachments import File, as_file, folder, store
from a2i_al.storage import Store, file_uri

PLACE = "s3://b/inputs"
PIXELS = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def png(image, **options):
    file = BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("value", "suffix", "content"),
    [
        (b"\x89PNG...", ".png", b"\x89PNG..."),
        (bytearray(b"\xff\xd8\xff..."), ".jpg", b"\xff\xd8\xff..."),
        (memoryview(b"%PDF-1.7"), ".pdf", b"%PDF-1.7"),
        (b"RIFF....WAVEfmt ", ".wav", b"RIFF....WAVEfmt "),
        (b"anything", ".bin", b"anything"),
        (b"", ".bin", b""),
    ],
)
def test_bytes_are_always_files_of_their_kind(value, suffix, content):
    """JSON has no bytes, whatever the column is called."""
    file = as_file(PLACE, value, named=False)
    assert file.uri.startswith(f"{PLACE}/")
    assert file.uri.endswith(suffix)
    assert file.content() == content


def test_a_path_is_the_file_that_it_names(tmp_path):
    """With its own suffix; the name follows from the content, not from the place."""
    (tmp_path / "a.JPEG").write_bytes(b"same")
    (tmp_path / "b.jpeg").write_bytes(b"same")
    files = [as_file(PLACE, tmp_path / name, named=False) for name in ("a.JPEG", "b.jpeg")]
    assert files[0].uri == files[1].uri
    assert files[0].uri.endswith(".jpeg")
    assert files[0].content() == b"same"


def test_a_picture_is_named_by_its_pixels(tmp_path):
    """However it was compressed; other pixels, another name."""
    image = Image.fromarray(PIXELS)
    small, large = (Image.open(BytesIO(png(image, compress_level=level))) for level in (9, 0))
    files = [as_file(PLACE, picture, named=False) for picture in (image, small, large)]
    assert len({file.uri for file in files}) == 1
    assert np.array_equal(np.asarray(Image.open(BytesIO(files[0].content()))), PIXELS)
    assert as_file(PLACE, Image.fromarray(PIXELS[::-1].copy()), named=False).uri != files[0].uri
    assert as_file(PLACE, PIXELS, named=True).uri == files[0].uri


@pytest.mark.parametrize("mode", ["CMYK", "F", "P", "1", "L", "RGBA", "I"])
def test_a_picture_of_any_mode_has_a_file(mode):
    """PNG has not all of them; the others become RGB."""
    file = as_file(
        PLACE, Image.fromarray(PIXELS).convert("L" if mode in {"F", "I"} else "RGB").convert(mode), named=False
    )
    assert Image.open(BytesIO(file.content())).size == (4, 4)


@pytest.mark.parametrize(
    ("value", "suffix", "content"),
    [
        ("Grüße", ".txt", "Grüße".encode()),
        ([{"x": 1}], ".json", b'[{"x": 1}]'),
        (np.array([0.5, 1.5]), ".json", b"[0.5, 1.5]"),
    ],
)
def test_in_a_named_column_texts_and_arrays_are_files_too(value, suffix, content):
    """And nowhere else."""
    file = as_file(PLACE, value, named=True)
    assert file.uri.endswith(suffix)
    assert file.content() == content
    assert as_file(PLACE, value, named=False) is None


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), pd.NA, pd.NaT, "s3://b/already.png", "s3://b/two words.png", "https://example.org/a.png"],
)
def test_what_is_missing_or_a_link_already_stays(value):
    """There is nothing to store."""
    assert as_file(PLACE, value, named=True) is None


@pytest.mark.parametrize("value", [7, {"x": object()}, [float("inf")]])
def test_what_has_no_form_as_a_file_is_refused_by_name(value):
    """With item and column, as all that cannot be sent."""
    with pytest.raises(InvalidPayload, match="item 'a', column 'x'"):
        as_file(PLACE, value, named=True, where="item 'a', column 'x'")


def test_a_text_that_begins_with_a_link_is_a_text():
    """A column is a file for every item or for none: the page reads it in one way only."""
    text = "https://example.org/7 says otherwise."
    assert as_file(PLACE, text, named=True).content() == text.encode()


def test_what_cannot_be_written_or_read_is_refused_for_that_item_alone(tmp_path):
    """Half of a character, or a picture that is cut off: an error that names the item, not one of Python's."""
    cut = tmp_path / "cut.png"
    cut.write_bytes(png(Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)))[:5000])
    with Image.open(cut) as picture:
        for value in ("\ud800", picture):
            with pytest.raises(InvalidPayload, match="item 'i'"):
                as_file(PLACE, value, named=True, where="item 'i'")


@pytest.mark.parametrize("becomes", [b"another", None])
def test_a_file_that_changes_under_way_is_not_stored_under_the_name_of_what_it_was(tmp_path, becomes):
    """Between the plan and the call there may be an hour."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"what was hashed")
    file = as_file(PLACE, path, named=False, where="item 'i'")
    if becomes is None:
        path.unlink()
    else:
        path.write_bytes(becomes)
    with pytest.raises(InvalidPayload, match="changed or removed"):
        file.content()


def test_files_lie_beside_the_outputs():
    """Where the execution role may read; in our own bucket if the outputs are in none."""
    assert folder("s3://reviews/digits") == "s3://reviews/digits/inputs"
    assert folder(file_uri("/data")) == "s3://a2i-al/inputs"


def test_a_file_is_sent_once_and_a_large_one_only_if_it_is_not_there(tmp_path, monkeypatch):
    """However many items show it, in however many rounds."""
    place = file_uri(tmp_path)
    sent = []
    put = Store.put
    monkeypatch.setattr(Store, "put", lambda objects, key, *a, **k: (sent.append(key), put(objects, key, *a, **k))[1])
    large = json.dumps(list(range(20_000)))
    files = [as_file(place, text, named=True) for text in (large, large, "small")]
    for _ in range(2):
        store(files, None, max_workers=2)
    assert len(sent) == 3
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == sorted([large, "small"])


def test_nothing_to_store_asks_nobody():
    """Most submissions have no files: they need no bucket."""
    store([], None, max_workers=2)
    assert File("s3://b/x", bytes).content() == b""
