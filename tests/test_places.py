"""Where something is kept: a place that cannot be written is an error of ours, by the argument's name, and no other."""

from pathlib import Path

import pytest

from a2i_al import places
from a2i_al.errors import InvalidInput


@pytest.fixture
def there(tmp_path):
    """Give a folder with a file and a folder in it."""
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    return tmp_path


def test_a_folder_is_made_and_a_file_is_not(there):
    """A folder may be there already, with others between it and what there is; a file is for its writer to make."""
    assert places.folder("directory", str(there / "a" / "b")) == places.folder("directory", there / "a" / "b")
    assert (there / "a" / "b").is_dir()
    assert places.file("path", str(there / "new.html")) == there / "new.html"
    assert places.file("path", there / "file") == there / "file"
    assert not (there / "new.html").exists()


def test_the_users_home_is_meant_by_its_sign(there, monkeypatch):
    """And no folder of that name in the current one; whose home is not known is said."""
    monkeypatch.setenv("HOME", str(there))
    assert places.folder("directory", "~/cycle") == there / "cycle"
    assert places.file("path", "~/report.html") == there / "report.html"
    with pytest.raises(InvalidInput, match="directory is ~nobody-of-that-name/cycle"):
        places.folder("directory", "~nobody-of-that-name/cycle")


@pytest.mark.parametrize(
    ("find", "place", "why"),
    [
        (places.folder, "file", "that is a file"),
        (places.folder, "file/below/it", r"\S+file is a file"),
        (places.folder, "n" * 300, "File name too long"),
        (places.file, "folder", "that is a folder"),
        (places.file, "file/report.html", r"\S+file is a file"),
        (places.file, "nowhere/report.html", r"there is no folder \S+nowhere"),
        (places.file, "n" * 300, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_is_told_from_its_reason(there, find, place, why):
    """With what was expected and what to do; what is in the way stays as it was."""
    with pytest.raises(InvalidInput, match=rf"^what is \S+: {why}\. Expected: .*written.* To fix: choose another"):
        find("what", there / place)
    assert (there / "file").read_text() == "kept"


def test_what_the_system_says_while_writing_is_told_too():
    """A full disk or a missing right comes late; what is no fault of the place goes on as it is."""
    with pytest.raises(InvalidInput, match=r"^path is x\.html: No space left.*To fix: buy a larger one"):  # noqa: SIM117
        with places.written("path", Path("x.html"), fix="buy a larger one"):
            raise OSError(28, "No space left on device")
    with pytest.raises(ZeroDivisionError), places.written("path", Path("x.html")):
        raise ZeroDivisionError
