"""Starts a JupyterLab that has nobody's settings, for tests and measurements that open notebooks in a browser."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request

_SETTINGS = {
    # All outputs stay on the page, where a test can see them.
    "notebook-extension/tracker.jupyterlab-settings": '{"windowingMode": "none"}',
    "apputils-extension/notification.jupyterlab-settings": '{"fetchNews": "false", "checkForUpdates": false}',
}
_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


@contextlib.contextmanager
def running(folder, notebooks, without=(), settings=None):
    """Run a JupyterLab.

    Parameters
    ----------
    folder : pathlib.Path
        Where it keeps what it writes.
    notebooks : pathlib.Path
        What it opens.
    without : iterable of str
        Variables of the environment that its kernels are not to have.
    settings : dict, optional
        More settings of its own: the name of a plugin's file → the text in it.

    Yields
    ------
    str
        Its address.

    Raises
    ------
    RuntimeError
        If it does not start; the message has the end of its log.
    """
    for name, text in (_SETTINGS | (settings or {})).items():
        path = folder / "settings" / "@jupyterlab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key not in without}
    environment |= {key: str(folder / name) for key, name in _FOLDERS.items()}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={notebooks}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    log = folder / "lab.log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(address, server, log):
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
