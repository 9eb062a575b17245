"""Copies of the invented sample study, and the command beside the package."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import leitmotif
import pytest

SAMPLE = Path(__file__).parents[2] / "corpora" / "balint-online"

Run = Callable[..., subprocess.CompletedProcess[str]]


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Runs the command on a study, as ``python -m leitmotif`` does."""
    command = [sys.executable, "-m", "leitmotif", "--study", str(folder), "--coder", "ANN", *args]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def answer(folder: Path, *args: str) -> object:
    """What the command answers to a program."""
    ran = run(folder, *args, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="session")
def worked_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study with what is worked out of it, so that copies need not do it again."""
    folder = tmp_path_factory.mktemp("sample") / "balint"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".leitmotif"))
    study = leitmotif.open(folder)
    study.themes()
    study.search("camera")
    return folder


@pytest.fixture
def folder(worked_out: Path, tmp_path: Path) -> Path:
    """A study that nobody has coded, for one test."""
    return Path(shutil.copytree(worked_out, tmp_path / "balint"))


@pytest.fixture(scope="session")
def coded_once(worked_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(worked_out, tmp_path_factory.mktemp("coded") / "balint"))
    # Half of it: so there is talk that nobody has read.
    rows = (SAMPLE / "codes.csv").read_text(encoding="utf-8").splitlines()
    half = [row for row in rows if row.startswith(("transcript,", "participants/"))]
    codes = folder.parent / "codes.csv"
    codes.write_text("\n".join(half) + "\n", encoding="utf-8")
    ran = run(folder, "import", str(codes))
    assert ran.returncode == 0, ran.stderr
    for args in (["theme", "reject", "7", "--because", "two things"], ["memo", "add", "A note."]):
        ran = run(folder, *args)
        assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture
def coded(coded_once: Path, tmp_path: Path) -> Path:
    """A study in which two people have coded the participants, for one test."""
    return Path(shutil.copytree(coded_once, tmp_path / "coded"))
