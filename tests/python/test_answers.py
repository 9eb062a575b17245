"""What Python answers is what the command answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import leitmotif
import pytest
from conftest import SAMPLE, answer, run

CODE = "Access > No travel and time saved"

QUESTIONS: list[tuple[Callable[[leitmotif.Study], Any], list[str]]] = [
    (lambda study: study.info(), ["info"]),
    (lambda study: study.themes(), ["themes"]),
    (lambda study: study.themes(5), ["themes", "--count", "5"]),
    (lambda study: study.growth(1), ["themes", "--since", "1"]),
    (lambda study: study.unassigned(), ["themes", "--unassigned"]),
    (lambda study: study.search("silence in the group"), ["search", "silence in the group"]),
    (
        lambda study: study.search("guilt", transcript="P07", limit=0, context=1, exact=True),
        ["search", "guilt", "--transcript", "P07", "--limit", "0", "-C", "1", "--exact"],
    ),
    (lambda study: study.concordance("silen*"), ["search", "silen*", "--kwic"]),
    (
        lambda study: study.concordance("silen*", sort="right", limit=0),
        ["search", "silen*", "--kwic", "--sort", "right", "--limit", "0"],
    ),
    (
        lambda study: study.similar(transcript="P07", lines=(27, 29), elsewhere=True),
        ["similar", "--transcript", "P07", "--lines", "27-29", "--elsewhere"],
    ),
    (
        lambda study: study.similar("I could hide behind the camera", limit=3),
        ["similar", "--text", "I could hide behind the camera", "--limit", "3"],
    ),
    (lambda study: study.propose(CODE), ["propose", "--code", CODE]),
    (
        lambda study: study.propose(CODE, uncoded=True, limit=3),
        ["propose", "--code", CODE, "--uncoded", "--limit", "3"],
    ),
    (lambda study: study.rejected_proposals(), ["propose", "rejected"]),
    (lambda study: study.compare(), ["compare"]),
    (lambda study: study.compare("region"), ["compare", "--by", "region"]),
    (
        lambda study: study.saturation("years-in-practice"),
        ["saturation", "--order", "years-in-practice"],
    ),
    (
        lambda study: study.saturation(base=5, run=3, candidates=True),
        ["saturation", "--base", "5", "--run", "3", "--candidates"],
    ),
    (lambda study: study.rejected_themes(), ["theme", "rejected"]),
    (lambda study: study.rule(CODE), ["code", "rule", CODE]),
    (lambda study: study.codings(), ["quote", "list"]),
    (lambda study: study.codings("Access"), ["quote", "list", "--code", "Access"]),
    (lambda study: study.codings(stale=True), ["quote", "list", "--stale"]),
    (lambda study: study.codebook(), ["codebook"]),
    (lambda study: study.memos(), ["memo", "list"]),
    (lambda study: study.log(), ["log"]),
    (lambda study: study.agreement(), ["agreement"]),
    (
        lambda study: study.agreement(["A", "B"], by_theme=True),
        ["agreement", "A", "B", "--by-theme"],
    ),
]


class Asked:
    """Notes which methods are asked."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., None]:
        self.names.add(name)
        return lambda *args, **params: None


def test_no_question_is_forgotten() -> None:
    asked = Asked()
    for ask, _ in QUESTIONS:
        ask(asked)  # type: ignore[arg-type]
    methods = {name for name in vars(leitmotif.Study) if not name.startswith("_")}
    # The others have tests of their own.
    others = {"act", "path", "proposal_agreement", "report", "table", "tables", "verify"}
    assert asked.names == methods - others - {"has_pseudonyms", "revision"}


def test_every_answer_is_that_of_the_command(coded: Path) -> None:
    study = leitmotif.open(coded)
    for ask, args in QUESTIONS:
        assert ask(study) == answer(coded, *args), args


def test_a_report_is_that_of_the_command_and_its_quotes_are_found(
    coded: Path, tmp_path: Path
) -> None:
    study = leitmotif.open(coded)
    path = tmp_path / "report.json"
    ran = run(coded, "export", str(path), "--memos", "--title", "Groups")
    assert ran.returncode == 0, ran.stderr
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert study.report("Groups", memos=True) == expected
    assert study.verify(path) == answer(coded, "verify", str(path))


def test_what_would_be_proposed_is_compared_as_the_command_does(folder: Path) -> None:
    rows = (SAMPLE / "codes.csv").read_text(encoding="utf-8").splitlines()
    codes = folder.parent / "codes.csv"
    # One code, since every code is learnt once for each transcript.
    codes.write_text("\n".join(rows[:1] + [row for row in rows if CODE in row]), encoding="utf-8")
    assert run(folder, "import", str(codes)).returncode == 0
    expected = answer(folder, "agreement", "A", "--with", "proposals", "--transcript", "P01")
    study = leitmotif.open(folder)
    assert study.proposal_agreement(["A"], transcripts=["P01"]) == expected


def test_schemas_are_those_of_the_command(folder: Path) -> None:
    ran = run(folder, "schema", "themes")
    assert leitmotif.schema("themes") == json.loads(ran.stdout)


def test_an_act_is_kept_told_and_undone(folder: Path) -> None:
    study = leitmotif.open(folder, coder="Efa")
    act = {"act": "add-code", "name": "Travel", "kind": "code", "notes": {}}
    done = study.act(act)
    assert (done["decision"], done["undo"], done["revision"]) == (1, 1, 1)
    assert done["says"] == "added code “Travel”"
    assert study.log() == answer(folder, "log")
    assert study.log()[0]["coder"] == "Efa"
    assert study.act({"act": "undo"}, coder="ANN")["revision"] == study.revision == 2
    assert study.codebook() == []


def test_what_others_decide_meanwhile_is_seen_and_not_overwritten(folder: Path) -> None:
    study = leitmotif.open(folder)
    seen = study.revision
    assert run(folder, "code", "add", "Travel").returncode == 0
    assert [code["name"] for code in study.codebook()] == ["Travel"]
    number = study.codebook()[0]["id"]
    assert run(folder, "code", "edit", "Travel", "--rename", "No travel").returncode == 0
    with pytest.raises(leitmotif.Conflict, match="ANN has decided meanwhile") as raised:
        study.act({"act": "remove-code", "code": number, "with_children": False}, revision=seen)
    assert raised.value.remedy == "look again, then decide"
    assert [code["name"] for code in study.codebook()] == ["No travel"]
