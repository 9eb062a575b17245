"""Spark's answers are those of one machine. Skipped where Spark or Java is not there."""

from __future__ import annotations

import doctest
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import leitmotif
import pyarrow
import pytest
from conftest import SAMPLE, answer, run

IS_THERE = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
if not IS_THERE:
    pytest.skip("no pyspark or no Java", allow_module_level=True)

from leitmotif.spark import Model, Settings, fit, ingest, passages  # noqa: E402
from pyspark.sql import DataFrame, SparkSession  # noqa: E402
from spark_cluster import cluster  # noqa: E402

SETTINGS = Settings.of(SAMPLE)
SCRIPT = str(Path(__file__).with_name("spark_job.py"))
GUIDE = SAMPLE.parents[1] / "src" / "cli" / "guide" / "spark.md"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    spark = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def transcripts(spark: SparkSession) -> DataFrame:
    return ingest(spark, SAMPLE, SETTINGS, partitions=2).persist()


@pytest.fixture(scope="module")
def model(transcripts: DataFrame) -> Model:
    return fit(transcripts, SETTINGS)


@pytest.fixture(scope="module")
def printed(worked_out: Path) -> dict[str, Any]:
    """What `leitmotif themes` prints."""
    told = answer(worked_out, "themes")
    assert isinstance(told, dict)
    return told


def rows(table: DataFrame) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = table.toArrow().to_pylist()
    return told


def quotes(themes: dict[str, Any]) -> list[list[str]]:
    return [[quote["text"] for quote in theme["quotes"]] for theme in themes["themes"]]


def themes_of(assigned: DataFrame) -> list[tuple[Any, ...]]:
    told = sorted(rows(assigned), key=lambda row: (row["transcript"], row["place"]))
    return [
        (row["transcript"], [row["first_line"], row["last_line"]], row["theme"]) for row in told
    ]


@pytest.mark.parametrize("partitions", [1, 2, 4])
def test_themes_are_those_of_the_command_and_of_python_however_many_parts(
    spark: SparkSession,
    transcripts: DataFrame,
    model: Model,
    worked_out: Path,
    printed: dict[str, Any],
    partitions: int,
) -> None:
    # Those of two parts are there already.
    if partitions != 2:
        transcripts = ingest(spark, SAMPLE, SETTINGS, partitions=partitions).persist()
        model = fit(transcripts, SETTINGS)
    themes = model.themes
    assert quotes(themes) == quotes(printed) == quotes(leitmotif.open(worked_out).themes())
    for here, there in zip(themes["themes"], printed["themes"], strict=True):
        for what in ("id", "label", "n_passages", "n_cases", "of_cases", "stability"):
            assert here[what] == there[what]

    here = themes_of(model.assign(transcripts))
    expected = sorted(
        ((it["transcript"], it["lines"], it["theme"]) for it in printed["passages"]), key=str
    )
    assert len(here) == len(expected)
    common = Counter(map(str, here)) & Counter(map(str, expected))
    assert common.total() >= 0.995 * len(expected)


def test_terms_stand_in_as_many_passages_as_are_counted_here(
    transcripts: DataFrame, model: Model
) -> None:
    counted = Counter(
        term["term"] for row in rows(passages(transcripts)) for term in row["terms"]
    )
    # What is the same in most transcripts carries no theme, and is known only to the fit.
    assert model.vocabulary.keys() <= counted.keys()
    assert all(n <= counted[term] for term, n in model.vocabulary.items())
    assert sum(model.vocabulary.values()) > 0.95 * counted.total()


def test_counts_of_the_engine_are_those_of_the_list(transcripts: DataFrame, model: Model) -> None:
    told = rows(model.prevalence(model.assign(transcripts)))
    listed = model.themes["themes"]
    what = ("n_passages", "n_cases", "of_cases")
    assert [[row[it] for it in what] for row in told] == [[it[n] for n in what] for it in listed]


def test_a_model_that_was_saved_assigns_the_same(
    transcripts: DataFrame, model: Model, tmp_path: Path
) -> None:
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert themes_of(loaded.assign(transcripts)) == themes_of(model.assign(transcripts))
    kept = tmp_path / "model" / "model.json"
    about = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**about, "format": 0}), encoding="utf-8")
    with pytest.raises(leitmotif.StudyError, match="format 0"):
        Model.load(tmp_path / "model")


def test_an_index_in_shards_finds_what_the_command_finds(
    transcripts: DataFrame, model: Model, worked_out: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    model.search_index(transcripts, index)
    answer(worked_out, "themes")  # so that hits of the study have the themes of now
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for query in ("silence in the group", '"sitting back" OR lurk*', "group:leaders theme:2"):
        told = [
            run(folder, "search", query, "--format", "jsonl", "--limit", "0", *more).stdout
            for folder, more in ((worked_out, ()), (nowhere, ("--index", str(index))))
        ]
        assert told[0] == told[1] and told[0].count("\n") > 5, query
    # Written again, in other shards; and never over files of something else.
    model.search_index(transcripts.repartition(5), index)
    assert len(list((index / "shards").iterdir())) <= 5
    with pytest.raises(leitmotif.StudyError, match="something else"):
        model.search_index(transcripts, worked_out)


def test_codes_are_carried_to_the_passages_that_the_command_proposes(
    transcripts: DataFrame, model: Model, coded: Path
) -> None:
    expected = answer(coded, "propose", "--limit", "0")
    assert isinstance(expected, dict)
    known = [
        (it["code"], it["transcript"], *it["lines"], it["probability"])
        for it in expected["proposals"]
    ]
    columns = ["code", "transcript", "first_line", "last_line", "probability"]
    told = model.propose(transcripts, coded).select(*columns)
    here = [tuple(row[it] for it in columns) for row in rows(told)]
    common = Counter(here) & Counter(known)
    assert common.total() >= 0.995 * len(known) and len(here) == len(known) > 1000
    for code in {row[0] for row in known}:
        first = [[row for row in of if row[0] == code][:5] for of in (here, known)]
        assert first[0] == first[1]
    with pytest.raises(leitmotif.StudyError, match="no code"):
        model.propose(transcripts, coded, "Tarvel")


def test_names_on_a_key_are_told_of_and_hidden_in_an_index(
    transcripts: DataFrame, model: Model, folder: Path, tmp_path: Path
) -> None:
    ran = run(folder, "pseudonyms", "add", "Tunde Akinwale", "Member 7")
    assert ran.returncode == 0, ran.stderr
    with pytest.warns(leitmotif.LeitmotifWarning, match="key of names"):
        settings = Settings.of(folder)
    index = tmp_path / "index"
    Model(settings, model._native).search_index(transcripts, index)
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    search = ("search", "--index", str(index), "speaker:Tunde", "--format", "jsonl")
    refused = run(nowhere, *search)
    assert refused.returncode == 2 and not refused.stdout
    assert "nothing is shown" in refused.stderr and "Tunde" not in refused.stderr
    told = run(folder, *search)
    assert told.returncode == 0 and "Member 7" in told.stdout and "Tunde" not in told.stdout
    assert "Tunde" in run(nowhere, *search, "--originals").stdout


def test_one_passage_and_empty_parts_are_a_study_too(spark: SparkSession, tmp_path: Path) -> None:
    files = [("p/Zoë 🙂.txt", "Interviewer: And?\nZoë 🙂: It was odd, very odd 🫖.\n".encode())]
    table = spark.createDataFrame(files, "path string, content binary")
    transcripts = ingest(spark, table, Settings('language = "en"'), partitions=7)
    model = fit(transcripts, Settings('language = "en"'))
    assert model.themes["themes"] == []
    assert len(rows(model.assign(transcripts))) == 1
    model.search_index(transcripts, tmp_path / "index")
    told = run(tmp_path, "search", "--index", str(tmp_path / "index"), "odd", "--format", "jsonl")
    assert json.loads(told.stdout.splitlines()[0])["speaker"] == "Zoë 🙂"


def test_a_study_larger_than_its_sample_places_every_passage(transcripts: DataFrame) -> None:
    model = fit(transcripts, SETTINGS, count=6, sample=150)
    assert any("transcripts" in note for note in model.themes["notes"])
    told = rows(model.assign(transcripts))
    n_sampled = sum(row["is_sampled"] for row in told)
    assert 0 < n_sampled < 0.5 * len(told)
    joined = [row for row in told if not row["is_sampled"]]
    assert sum(row["theme"] is not None for row in joined) > 0.9 * len(joined)
    assert 0 < sum(bool(row["evidence"]) for row in joined) < len(joined)
    # Both groups are in the sample.
    groups = {row["transcript"].split("/")[0] for row in told if row["is_sampled"]}
    assert groups == {"participants", "leaders"}


def test_files_come_as_bytes_too_and_one_that_cannot_be_read_says_why(spark: SparkSession) -> None:
    files = [(f"{name}.txt", f"Interviewer: And?\n{name}: It was odd.\n".encode()) for name in "AB"]
    table = spark.createDataFrame(
        [*files, ("C.docx", b"no archive"), ("notes.csv", b"")], "path string, content binary"
    )
    told = {row["transcript"]: row for row in rows(ingest(spark, table, partitions=1))}
    assert told["A"]["n_passages"] == 2 and told["A"]["problem"] is None
    assert told["C"]["problem"] and told.keys() == {"A", "B", "C", "notes"}


def test_other_settings_than_the_files_were_read_with_are_refused(transcripts: DataFrame) -> None:
    with pytest.raises(leitmotif.RequestError, match="other settings"):
        fit(transcripts, Settings('stop_words = ["odd"]'))


def test_arrow_tables_of_passages_hold_the_words(transcripts: DataFrame) -> None:
    told: pyarrow.Table = passages(transcripts).toArrow()
    first = told.to_pylist()[0]
    assert first["n_words"] > 0 and first["text"] and first["terms"]


def test_the_guide_shows_what_people_see(
    spark: SparkSession, worked_out: Path, coded: Path, tmp_path: Path
) -> None:
    shutil.copytree(worked_out, tmp_path / "balint")
    text = GUIDE.read_text(encoding="utf-8").replace("/data/", f"{tmp_path}/")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    names = {"spark": spark}
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), names, GUIDE.name, None, 0)
    told: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)
    assert runner.tries > 15
    shell = re.compile(r"```sh\nleitmotif ([^\n]*)\n```\n\n```text\n(.*?)```", re.DOTALL)
    command, shown = shell.findall(text)[0]
    assert run(tmp_path, *shlex.split(command)).stdout == shown


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    transcripts: DataFrame, model: Model, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    with cluster(tmp_path) as processes:
        job = subprocess.Popen(
            [sys.executable, SCRIPT, processes.master, str(SAMPLE), str(out)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert job.stdout is not None
        for line in job.stdout:
            if line.startswith("read"):
                time.sleep(2)
                processes.kill(1)
        assert job.wait() == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["themes"] == model.themes
    expected = [[id, theme] for id, _, theme in themes_of(model.assign(transcripts))]
    assert [[row[0], row[2]] for row in told["passages"]] == expected
