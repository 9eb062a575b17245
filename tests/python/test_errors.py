"""What cannot be done says why and what helps, and names no command."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import leitmotif
import pytest

REFUSED: list[tuple[Callable[[leitmotif.Study], Any], str]] = [
    (lambda study: study.themes(0), "expected a whole number from 1"),
    (lambda study: study.themes("x"), "expected a whole number from 1"),  # type: ignore[arg-type]
    (lambda study: study.growth(99), "there is no version 99"),
    (lambda study: study.search('"sitting'), "the query cannot be read"),
    (lambda study: study.search("x", transcript="P99"), "did you mean `P09`?"),
    (lambda study: study.concordance("x", sort="up"), "unknown variant `up`"),  # type: ignore[arg-type]
    (lambda study: study.similar(), "give a text alone"),
    (lambda study: study.similar("x", transcript="P01", lines=3), "give a text alone"),
    (lambda study: study.similar(transcript="P01", lines=(3, 2)), "give a text alone"),
    (lambda study: study.similar(transcript="P01", lines=(9998, 9999)), "`participants/P01`"),
    (lambda study: study.propose("Travel"), 'study.act({"act": "add-code", …})'),
    (lambda study: study.compare("shoe size"), "shoe size"),
    (lambda study: study.saturation(base=3), "base is 4 to 6"),
    (lambda study: study.saturation("shoe size"), "shoe size"),
    (lambda study: study.verify("nowhere.docx"), "`nowhere.docx` cannot be read"),
    (lambda study: study.agreement(), "cod"),
    (lambda study: study.act({"act": "dance"}), "unknown variant `dance`"),
    (lambda study: study.act({"act": "remove-code", "code": 7, "with_children": True}), "7"),
    (lambda study: leitmotif.schema("themse"), "did you mean `themes`?"),
]


def test_what_cannot_be_asked_says_why(folder: Path) -> None:
    study = leitmotif.open(folder)
    for ask, told in REFUSED:
        with pytest.raises(leitmotif.RequestError) as raised:
            ask(study)
        error = raised.value
        assert isinstance(error, leitmotif.LeitmotifError) and isinstance(error, ValueError)
        assert told in str(error), error
        assert error.problem and error.problem in str(error)
        # Commands are named on the command line.
        assert "`leitmotif " not in str(error) and "--" not in str(error), error
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def test_a_study_that_cannot_be_opened_says_where(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(leitmotif.StudyError, match="is not a folder"):
        leitmotif.open(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(leitmotif.StudyError, match="no transcript in") as raised:
        leitmotif.open(tmp_path / "empty")
    assert raised.value.remedy is not None and "leitmotif.open(path)" in raised.value.remedy
    (folder / "study.toml").write_text('language = "en"\nlanguge = "en"\n', encoding="utf-8")
    with pytest.raises(leitmotif.StudyError) as raised:
        leitmotif.open(folder)
    assert raised.value.place == "study.toml:2"


def test_a_damaged_file_is_warned_of_and_the_others_are_read(folder: Path) -> None:
    (folder / "participants" / "P11.docx").write_bytes(b"no archive")
    with pytest.warns(leitmotif.LeitmotifWarning, match="P11.docx") as warned:
        study = leitmotif.open(folder)
    assert len(study.info()["transcripts"]) == 16
    # The warning is of the line that opened the study.
    assert warned[0].filename == __file__
