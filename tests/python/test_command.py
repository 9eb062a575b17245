"""The wheel brings the command."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import leitmotif
from conftest import SAMPLE, run


def test_the_command_ends_with_its_exit_codes(folder: Path) -> None:
    assert run(folder, "info").returncode == 0
    assert run(folder, "show", "P99").returncode == 2
    assert run(folder, "themes", "--nonsense").returncode == 2
    assert run(folder, "--help").returncode == 0
    (folder / "participants" / "P11.docx").write_bytes(b"no archive")
    ran = run(folder, "info")
    assert ran.returncode == 1 and "P11.docx" in ran.stdout


def test_errors_of_the_command_name_commands(folder: Path) -> None:
    ran = run(folder, "propose", "--code", "Travel")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: there is no code `Travel`")
    assert "`leitmotif code add`" in ran.stderr


SCRIPT = """
import sys
from importlib.metadata import entry_points

(script,) = entry_points(group="console_scripts", name="leitmotif")
sys.argv = ["leitmotif", "--version"]
sys.exit(script.load()())
"""


def test_the_script_is_the_command() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout == f"leitmotif {leitmotif.__version__}\n"
    assert leitmotif.__version__ == version("leitmotif-qda")


def test_ctrl_c_ends_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".leitmotif"))
    command = [sys.executable, "-m", "leitmotif", "--study", str(folder), "themes"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as working:
        # It is at work once it keeps something.
        while working.poll() is None and not (folder / ".leitmotif").exists():
            time.sleep(0.01)
        working.send_signal(signal.SIGINT)
        assert working.wait(20) == -signal.SIGINT
