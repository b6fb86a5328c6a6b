"""A JupyterLab (or Notebook 7) of this environment on loopback, and notebooks opened in it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

from a2i_al import local

TOKEN = "a-token-of-the-tests"
SECONDS = 60


class Jupyter:
    """A running server.

    Attributes
    ----------
    url : str
        Without a slash at its end.
    root : Path
        The folder it shows.
    """

    def __init__(self, root, runtime):
        self.root = root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(runtime / "config"),
            "JUPYTER_DATA_DIR": str(runtime / "data"),
            "JUPYTER_RUNTIME_DIR": str(runtime / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(runtime / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(runtime / "workspaces"),
            "IPYTHONDIR": str(runtime / "ipython"),
            "A2I_AL_HOME": str(runtime / "home"),
        }
        options = [
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={root}",
            "--ServerApp.open_browser=False",
            "--ServerApp.allow_root=True",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
        ]
        self.log = (runtime / "log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=environment,
            cwd=root,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self._get("api")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.log.seek(0)
        pytest.fail(f"Jupyter does not start: {self.log.read()[-2000:]}")

    def _get(self, place):
        with urllib.request.urlopen(f"{self.url}/{place}?token={TOKEN}", timeout=9) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def wait_for_kernel(self, name):
        """Wait until a page is connected to the idle kernel of a notebook. What the page shows comes too early."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            kernels = self._kernels(name)
            if any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels):
                return
            time.sleep(0.1)
        pytest.fail(f"no page is connected to an idle kernel of {name}: {kernels}")

    def kernel(self, name):
        """Give what the server knows of a notebook's kernel."""
        (kernel,) = self._kernels(name)
        return kernel

    def _kernels(self, name):
        return [session["kernel"] for session in self._get("api/sessions") if session["path"] == name]

    def stop(self):
        """End it; it takes its kernels with it."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()

    def write(self, name, *cells):
        """Write a notebook of these code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
        nbformat.write(notebook, self.root / name)

    def choose_theme(self, theme):
        """Set the theme of what is opened from now on."""
        setting = json.dumps({"raw": json.dumps({"theme": theme})}).encode()
        place = f"{self.url}/lab/api/settings/@jupyterlab/apputils-extension:themes?token={TOKEN}"
        urllib.request.urlopen(urllib.request.Request(place, setting, method="PUT"), timeout=9).close()  # noqa: S310 - loopback

    def read(self, name):
        """Return a notebook as it was saved."""
        return json.loads((self.root / name).read_text())


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """Give the session's server: it takes seconds to start."""
    runtime = tmp_path_factory.mktemp("jupyter")
    root = runtime / "root"
    root.mkdir()
    (runtime / "settings" / "@jupyterlab" / "apputils-extension").mkdir(parents=True)
    notice = runtime / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    notice.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    server = Jupyter(root, runtime)
    yield server
    server.stop()
    local.stop(runtime / "home")  # what the notebooks have started
