"""The examples in the documentation show what people see."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import leitmotif
import pytest
from conftest import SAMPLE

GUIDE = SAMPLE.parents[1] / "src" / "cli" / "guide" / "python.md"


def test_the_examples_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    names = {"leitmotif": leitmotif, "study": leitmotif.open("balint")}
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    told: list[str] = []
    for example in finder.find(leitmotif, "leitmotif", module=False, globs=names):
        runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)
    assert runner.tries > 20


def test_everything_that_people_use_is_explained() -> None:
    for thing in (leitmotif.Study, leitmotif.Table):
        for name, member in vars(thing).items():
            is_ours = not name.startswith("_") and name not in ("name", "about", "made_by")
            assert not is_ours or getattr(member, "__doc__", None), f"{thing.__name__}.{name}"


def test_the_guide_shows_what_people_see(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, GUIDE.name, str(GUIDE), 0)
    told: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)
    assert runner.tries > 15


def test_the_guide_names_every_method() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    methods = {name for name in vars(leitmotif.Study) if not name.startswith("_")}
    not_asked = {"path", "has_pseudonyms", "revision"}
    assert {name for name in methods - not_asked if f"{name}(" not in text} == set()


def test_every_act_is_described(folder: Path) -> None:
    acts = leitmotif.schema("act")["oneOf"]
    names = [act["properties"]["act"]["const"] for act in acts]
    assert all(act["description"] for act in acts)
    with pytest.raises(leitmotif.RequestError) as raised:
        leitmotif.open(folder).act({"act": "dance"})
    # The message lists those that there are.
    assert re.findall("`([a-z-]+)`", raised.value.problem)[1:] == names
