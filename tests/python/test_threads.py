"""Other threads go on while a study works, and Ctrl-C ends the waiting."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import leitmotif
import pytest
from conftest import SAMPLE


def fresh(tmp_path: Path) -> leitmotif.Study:
    """A study of which nothing is worked out yet."""
    folder = shutil.copytree(
        SAMPLE, tmp_path / "fresh", ignore=shutil.ignore_patterns(".leitmotif")
    )
    return leitmotif.open(folder)


def test_other_threads_go_on(tmp_path: Path) -> None:
    study = fresh(tmp_path)
    worker = threading.Thread(target=study.themes)
    worker.start()
    turns = 0
    while worker.is_alive():
        time.sleep(0.001)
        turns += 1
    assert turns > 50, turns


def test_a_study_may_be_asked_from_many_threads(folder: Path) -> None:
    study = leitmotif.open(folder)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(study.search, word, limit=3) for word in ("camera", "silence") * 8]
    answers = [one.result() for one in asked]
    assert answers == [study.search(word, limit=3) for word in ("camera", "silence") * 8]


def test_an_interrupt_ends_a_long_call_and_the_study_stays_whole(tmp_path: Path) -> None:
    study = fresh(tmp_path)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        study.saturation(candidates=True)
    waited = time.monotonic() - start
    # Ten times less than it takes.
    assert waited < 1.0, waited
    assert len(study.search("camera", limit=3)) == 3
