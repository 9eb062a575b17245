"""Spark as several machines have it: a master and two workers, each a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark


class Processes:
    """A master and two workers, each with its children."""

    def __init__(self, folder: Path, memory: str) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        self.master = f"spark://127.0.0.1:{port}"
        self.all = [self._start("master.Master", "--port", str(port))]
        for _ in range(2):
            work = ["--work-dir", str(folder / "work"), "--cores", "1", "--memory", memory]
            self.all.append(self._start("worker.Worker", *work, self.master))

    def _start(self, what: str, *args: str) -> subprocess.Popen[bytes]:
        spark_class = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
        command = [spark_class, f"org.apache.spark.deploy.{what}", "--host", "127.0.0.1"]
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--webui-port", "0", *args],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, which: int) -> None:
        """Ends one at once, with what it runs: an executor is of the session of its worker."""
        os.killpg(self.all[which].pid, signal.SIGKILL)
        self.all[which].wait()


@contextmanager
def cluster(folder: Path, memory: str = "1g") -> Iterator[Processes]:
    """Starts them, with their logs in a folder, and ends them."""
    processes = Processes(folder, memory)
    try:
        yield processes
    finally:
        for which, process in enumerate(processes.all):
            if process.poll() is None:
                processes.kill(which)
