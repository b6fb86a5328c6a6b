"""Settings: an explicit argument wins over the environment, the environment over the default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

HOME_VARIABLE = "A2I_AL_HOME"


def home_directory(home: str | os.PathLike[str] | None = None) -> Path:
    """Return where this package keeps its state: the ledger, and the embedded A2I's files.

    Parameters
    ----------
    home : path-like, optional
        Wins if given; then the variable ``A2I_AL_HOME``; then ``~/.a2i-al``.

    Examples
    --------
    >>> home_directory("/data/reviews").as_posix()
    '/data/reviews'
    """
    return Path(home or os.environ.get(HOME_VARIABLE) or Path.home() / ".a2i-al").expanduser().absolute()


@dataclass(frozen=True)
class Credentials:
    """An access key; the secret stays out of every repr.

    Examples
    --------
    >>> Credentials("AKIDEXAMPLE", "do-not-print")
    Credentials(access_key_id='AKIDEXAMPLE')
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
