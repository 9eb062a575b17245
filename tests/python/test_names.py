"""With a key of names, no name on it reaches Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import leitmotif
import pyarrow
import pytest
from conftest import run
from test_answers import QUESTIONS

Ask = Callable[[leitmotif.Study], Any]

# Who asks, a place that is a value of an attribute, and a name that only a code has.
NAMES = {"Ruth": "Q", "Calloway": "Q", "Wales": "[country]", "Mfanwy": "P90"}


def questions_with(name: str) -> list[Ask]:
    """What is asked and done with a name in it; most of it is refused."""
    roles = [{"speaker": "Nobody", "role": "other", "transcript": name}]
    return [
        lambda study: study.search(f"speaker:{name} transcript:"),
        lambda study: study.search("x", transcript=name),
        lambda study: study.search(name),
        lambda study: study.propose(name),
        lambda study: study.compare(name),
        lambda study: study.act({"act": name}),
        lambda study: study.act({"act": "remove-pseudonym", "name": f"{name} {name}"}),
        lambda study: study.act({"act": "set-roles", "roles": roles}),
    ]


def everything(study: leitmotif.Study) -> str:
    """All that can be seen of a study, and all that is refused."""
    seen, n_refused = [], 0
    # Fewer themes are made of the same words, and take long to find.
    asked = [ask for ask, args in QUESTIONS if "--count" not in args]
    for ask in asked + [ask for name in NAMES for ask in questions_with(name)]:
        try:
            seen.append(json.dumps(ask(study), ensure_ascii=False))
        except leitmotif.LeitmotifError as error:
            seen.append(f"{error} {error.args}")
            n_refused += 1
    assert n_refused > 20, n_refused
    for table in study.tables().values():
        arrow = pyarrow.table(table)
        seen += [repr(arrow.to_pylist()), str(arrow.schema), repr(table)]
    seen.append(json.dumps(study.report(memos=True, candidates=True), ensure_ascii=False))
    return "\n".join(seen)


def test_no_name_on_the_key_reaches_python(coded: Path) -> None:
    assert run(coded, "code", "add", "Mfanwy").returncode == 0
    for name, pseudonym in NAMES.items():
        assert run(coded, "pseudonyms", "add", name, pseudonym).returncode == 0
    study = leitmotif.open(coded)
    assert study.has_pseudonyms
    seen = everything(study)
    assert not [name for name in NAMES if name in seen]
    originals = leitmotif.open(coded, pseudonyms=False)
    assert not originals.has_pseudonyms
    shown = json.dumps([originals.info(), originals.codebook()], ensure_ascii=False)
    assert [name for name in NAMES if name in shown] == list(NAMES)
    with (coded / "study.toml").open("a", encoding="utf-8") as file:
        file.write('other = ["Mfanwy"]\n')
    with pytest.raises(leitmotif.StudyError, match="`P90` speaks in no transcript") as raised:
        leitmotif.open(coded)
    assert "Mfanwy" not in f"{raised.value} {raised.value.args}"
    assert "Mfanwy" not in run(coded, "info").stderr


def test_a_name_that_is_added_is_hidden_from_then_on(folder: Path) -> None:
    study = leitmotif.open(folder)
    assert "Calloway" in json.dumps(study.info())
    act = {"act": "add-pseudonym", "name": "Calloway", "pseudonym": "Q", "with_capital": False}
    done = study.act(act)
    assert done["decision"] is None and done["says"] == "changed the key of names"
    assert "Calloway" not in json.dumps(study.info())
