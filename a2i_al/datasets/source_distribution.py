"""A package's source distribution in, as a file; run by pip's own Python in a process of its own, and nothing else.

``pip download`` builds a source distribution's metadata, which runs the package's code. This only finds the file with
pip's finder and fetches it through pip's session: the index, find-links, proxy, certificates and credentials that pip
is set up with, and no code of the package. Both are internals of pip, there and alike from pip 22 to 26.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def fetch(package: str, version: str, folder: str) -> None:
    """Put the source distribution of this release into a folder, as it was published.

    Parameters
    ----------
    package, version : str
        As pip names them.
    folder : str
        Exists.

    Raises
    ------
    LookupError
        If no index that pip is set up with has it.
    """
    # By name: what is internal to pip has no types to rely on, and is loaded in this process only.
    create_command: Any = import_module("pip._internal.commands").create_command
    specifiers: Any = import_module("pip._vendor.packaging.specifiers")
    requests: Any = import_module("pip._vendor.requests")

    command = create_command("download")
    options, _ = command.parse_args(["--no-binary", ":all:", "--disable-pip-version-check"])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session)  # noqa: SLF001 - pip's `index` does so
        best = finder.find_best_candidate(package, specifiers.SpecifierSet(f"=={version}")).best_candidate
        if best is None:
            raise LookupError(f"no source distribution of {package} {version} was found")
        try:
            # As it is: a server that compresses on the way would give another file.
            response = session.get(best.link.url_without_fragment, headers={"Accept-Encoding": "identity"})
            response.raise_for_status()
        except requests.RequestException as error:
            raise LookupError(str(error)) from error
        Path(folder, best.link.filename).write_bytes(response.content)


if __name__ == "__main__":
    try:
        fetch(*sys.argv[1:])
    except LookupError as error:
        sys.exit(f"ERROR: {error}")
