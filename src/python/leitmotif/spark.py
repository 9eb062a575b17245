"""Studies that do not fit one machine, on Spark or an engine that answers as Spark does.

>>> from leitmotif.spark import Settings, fit, ingest
>>> settings = Settings.of("balint")
>>> transcripts = ingest(spark, "balint", settings)
>>> model = fit(transcripts, settings)
>>> for theme in model.themes["themes"][:3]:
...     print(theme["id"], theme["label"], "|", theme["n_cases"], "of", theme["of_cases"])
1 faces, screen, heads | 16 of 16
2 door, room, home | 16 of 16
3 waiting room, questions, camera | 16 of 16

The engine does what engines do: it spreads rows, sends functions to them, adds up, and does
again what a lost machine was doing. A row is a transcript, so that no answer is cut from its
question. What the functions do is what the command does; up to the size of the sample
(:func:`fit`) the themes are those of ``leitmotif themes``.

Needs ``pyspark`` 4 and ``pyarrow``, and this package on every machine. Keys of names are not
read: tables and themes show what stands in the files. An index of a study that has a key is
shown only with it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow
from pyspark.sql import Column, DataFrame, SparkSession, Window, functions

from leitmotif import _native
from leitmotif._errors import RequestError, StudyError, warn

Batches = Iterator[pyarrow.RecordBatch]
Row = tuple[Any, ...]
Reads = Callable[[Batches], Iterator[Row]]
Columns = dict[str, str]
Folder = str | PathLike[str]

_ARROW = {
    "string": pyarrow.string(),
    "binary": pyarrow.binary(),
    "int": pyarrow.int32(),
    "long": pyarrow.int64(),
}
_TRANSCRIPTS: Columns = {
    "path": "string",
    "transcript": "string",
    "problem": "string",
    "language": "string",
    "n_passages": "int",
    "n_words": "int",
    "known": "binary",
    "talk": "binary",
    "text": "binary",
    "settings": "string",
}
_COUNTED: Columns = {"stem": "string", "form": "string", "n": "long"}
_WEIGHED: Columns = {"path": "string", "transcript": "string", "weights": "binary"}
_PRODUCTS: Columns = {"block": "int", "part": "string", "content": "binary"}
_SUMS: Columns = {"block": "int", "content": "binary"}
_POINTS: Columns = {"transcript": "string", "points": "binary"}
_PASSAGES = (
    "transcript string, place int, speaker string, first_line int, last_line int, n_words int, "
    "text string, terms array<struct<term: string, n: int>>"
)
_ASSIGNED = (
    "transcript string, place int, first_line int, last_line int, case string, theme int, "
    "weight double, also int, evidence array<int>, is_sampled boolean"
)
_PROPOSED = (
    "code string, transcript string, place int, first_line int, last_line int, case string, "
    "percent int, score double, n_quoted int, is_rough boolean, is_free boolean"
)
_AT_ONCE = 64
"""Transcripts that are handed over at once."""


@dataclass(frozen=True)
class Settings:
    """What researchers decide about a study as a whole, as the texts of its two files."""

    study: str = ""
    """The text of ``study.toml``."""
    cases: str = ""
    """The text of ``cases.csv``."""
    hides_names: bool = False
    """Whether the study has a key of names. It is not read here, but what
    :meth:`Model.search_index` writes is shown with it only."""

    @classmethod
    def of(cls, folder: Folder) -> Settings:
        """Those in a folder; what is not there is empty. Warns if names are on a key."""
        hides_names = _native.has_key(folder)
        if hides_names:
            warn(
                "the study has a key of names, which is not read here: tables and themes show "
                "names as they stand in the files",
                None,
                None,
            )
        study, cases = (_native.own_text(folder, name) for name in ("study.toml", "cases.csv"))
        return cls(study, cases, hides_names)

    def _native(self) -> _native.NativeSetup:
        return _native.NativeSetup(self.study, self.cases)


def ingest(
    spark: SparkSession,
    files: Folder | DataFrame,
    settings: Settings | None = None,
    *,
    partitions: int | None = None,
) -> DataFrame:
    """Reads files: a row a file, with its transcript, passages and words.

    ``files`` is a folder that every machine sees, or a table with the columns ``path`` (inside
    the study: ``leaders/L01.vtt``) and ``content`` (bytes), such as Spark's ``binaryFile``
    gives. Files that are to be ignored, or are no transcripts by their names, are left out;
    of others that cannot be read ``problem`` says why. The columns ``known``, ``talk`` and
    ``text`` are for :func:`passages`, :func:`fit` and :meth:`Model.assign`, of the same
    version of this package.

    Unless ``study.toml`` names the language, files are read twice: what is not clear from a
    file is taken to be in the language of most.
    """
    settings = settings or Settings()
    setup = settings._native()
    if isinstance(files, DataFrame):
        table, read = files, _contents
    else:
        root = Path(files).resolve()
        paths = sorted(path for path in root.rglob("*") if path.is_file())
        inside = [path.relative_to(root).as_posix() for path in paths]
        listed = [(path, str(root / path)) for path in inside if setup.reads(path)]
        if not listed:
            raise StudyError(f"no transcript in `{root}`", None, "give the folder that holds them")
        table = spark.createDataFrame(listed, "path string, location string")
        partitions = partitions or max(4, len(listed) // 256)
        read = _files
    if partitions:
        table = table.repartition(partitions, "path")
    usual = None
    if not setup.has_language:
        told = table.mapInArrow(partial(_tell, settings=settings, read=read), "language string")
        told = told.groupBy("language").count()
        usual = _native.usual_language([(row[0], row[1]) for row in told.collect()])
    step = partial(_read, settings=settings, read=read, usual=usual)
    return table.mapInArrow(step, _typed(_TRANSCRIPTS))


def passages(transcripts: DataFrame) -> DataFrame:
    """The passages of transcripts (:func:`ingest`): a row each, with the stems that may be
    terms of a theme, and how often each is said."""
    talk = transcripts.filter("problem IS NULL").select("transcript", "talk", "text")
    return talk.mapInArrow(_passages, _PASSAGES)


def fit(
    transcripts: DataFrame,
    settings: Settings | None = None,
    count: int | None = None,
    *,
    sample: int = 60_000,
    work: str | None = None,
) -> Model:
    """Finds candidate themes.

    Terms are counted and the singular vectors found over all transcripts, by sums over parts.
    Themes are found on the driver in a sample of whole transcripts, each group its share: as
    one machine finds them, with their evidence, quotes and doubts. A study of no more than
    ``sample`` passages is its own sample, and its themes are those of ``leitmotif themes``.

    ``count`` is how many themes; without it their number is chosen from the data. ``work`` is
    a folder that every machine sees, for what is needed again and again; without it the engine
    keeps that as it can (``persist``).
    """
    if sample < 1:
        raise RequestError("a sample has no passages", None, "give `sample` a number above 0")
    settings = settings or Settings()
    plan = _plan(transcripts, settings, sample)
    sampled = plan.sample()
    spark = transcripts.sparkSession

    def of_sample(table: DataFrame) -> DataFrame:
        if sampled is None:
            return table
        paths = spark.createDataFrame([(path,) for path in sampled], "path string")
        return table.join(paths, "path", "left_semi")

    talk = transcripts.filter("problem IS NULL").select("path", "transcript", "talk", "text")
    plan.hear(_rows(of_sample(talk).select("path", "talk", "text")))
    heard = _with_voices(talk.drop("text"), plan)

    said = heard.mapInArrow(_count, _typed(_COUNTED))
    said = said.groupBy("stem", "form").agg(functions.sum("n").alias("n"))
    fitting = _native.NativeFitting(_rows(said), plan.n_passages)
    weighed = heard.mapInArrow(partial(_weigh, terms=fitting.terms()), _typed(_WEIGHED))
    weighed = _keep(weighed, work, "weights")
    while fitting.is_moving():
        fitting.turn(_summed(weighed, fitting.asked()))
    fitted = fitting.end(_summed(weighed, fitting.asked()))
    place = partial(_place, placing=fitted[1])
    points = of_sample(weighed).mapInArrow(place, _typed(_POINTS))
    native = plan.suggest(fitted, dict(_rows(points)), count)
    if work is None:
        weighed.unpersist()
    return Model(settings, native)


class Model:
    """Themes, and what places further passages among them. :func:`fit` makes one."""

    settings: Settings
    """Those that it was fitted with."""
    themes: dict[str, Any]
    """The themes of the sample, as ``leitmotif themes --format json`` prints them:
    ``leitmotif.schema("themes")`` explains every field."""

    def __init__(self, settings: Settings, native: _native.NativeModel) -> None:
        self.settings = settings
        self.themes = json.loads(native.answer)
        self._native = native

    def __repr__(self) -> str:
        themes = self.themes["themes"]
        return f"<leitmotif.spark.Model: {len(themes)} themes, {len(self.vocabulary)} terms>"

    @property
    def vocabulary(self) -> dict[str, int]:
        """The stems of all transcripts, each with the number of passages it stands in."""
        return dict(self._native.vocabulary)

    def assign(self, transcripts: DataFrame) -> DataFrame:
        """The participants' passages of transcripts, with their themes: a row each.

        ``theme`` is the one it belongs to with ``weight``, ``also`` a second one, ``evidence``
        those that its own words say, which is what is counted. What the themes were found in
        (``is_sampled``) keeps its place; any other passage joins the theme that it lies nearest
        to, and is evidence if its words are near enough. Of such passages no second theme is
        told, and no small talk.

        Who is a participant is settled over all ``transcripts``, so give them together.
        """
        plan = _plan(transcripts, self.settings, 0)
        talk = transcripts.filter("problem IS NULL").select("path", "transcript", "talk")
        heard = _with_voices(talk, plan)
        return heard.mapInArrow(partial(_assign, model=self._native.packed()), _ASSIGNED)

    def propose(
        self, transcripts: DataFrame, study: Folder, code: str | None = None
    ) -> DataFrame:
        """Passages of transcripts in which codes probably occur: a row each.

        ``study`` is the folder of a study on this computer in which some of the interviews are
        coded, in whatever way ``leitmotif import`` or people put their codings there. ``code``
        is a code of it; without it, all with three quotations or more. What is learnt, and how
        a passage is scored, is as in ``leitmotif propose`` on one study with all the
        interviews, but for the rules that are kept with codes.

        ``probability`` is in hundredths; ``turn`` tells how often its case comes up for the
        code up to this passage, quotations counted: of equally probable passages those with
        the lowest are read first. Sorted so, code by code. Nothing is coded by it.
        """
        plan = _plan(transcripts, self.settings, 0)
        model = self._native.packed()
        talk = transcripts.filter("problem IS NULL").select("path", "transcript", "talk")
        heard = _with_voices(talk, plan)
        said = heard.mapInArrow(partial(_count_words, model=model), _typed(_COUNTED))
        said = said.groupBy("stem", "form").agg(functions.sum("n").alias("n"))
        coded = _native.open(study, None, True, None)
        teaching = _native.NativeTeaching(coded, code, _rows(said), plan)
        spread = partial(_spread, model=model, questions=teaching.questions())
        parts = heard.mapInArrow(spread, _typed(_PRODUCTS))
        (sums,) = _rows(parts.groupBy("block").applyInArrow(_add_up, _typed(_SUMS)))
        proposals = teaching.end(sums[1])
        step = partial(_propose, model=model, proposals=proposals)
        best: list[str | Column] = [functions.desc("percent"), functions.desc("score")]
        best += ["transcript", "place"]
        of_case = functions.row_number().over(Window.partitionBy("code", "case").orderBy(*best))
        proposed = heard.mapInArrow(step, _PROPOSED).withColumn("turn", of_case)
        proposed = proposed.withColumn("turn", functions.expr("turn + n_quoted"))
        proposed = proposed.withColumn("probability", functions.expr("percent / 100"))
        columns = ["code", "transcript", "place", "first_line", "last_line", "case"]
        columns += ["probability", "turn", "score", "is_rough"]
        order: list[str | Column] = ["code", functions.desc("probability"), "turn", *best[1:]]
        return proposed.filter("is_free").select(*columns).orderBy(*order)

    def search_index(self, transcripts: DataFrame, folder: Folder) -> None:
        """Writes an index of transcripts: a shard a partition, all read by one ``leitmotif
        search --index FOLDER "query"``, which needs neither Spark nor the files.

        It finds and ranks what it would in a study of all the files, and shows with each quote
        the themes that :meth:`assign` finds it evidence of. ``folder`` is one that every
        machine sees; it is new or empty, or holds an earlier index, which is replaced. It holds
        what people said: keep it as you keep the transcripts.
        """
        plan = _plan(transcripts, self.settings, 0)
        place = str(Path(folder).resolve())
        _native.begin_index(place)
        talk = transcripts.filter("problem IS NULL").select("path", "known", "talk", "text")
        heard = talk.join(_voices(transcripts.sparkSession, plan), "path")
        step = partial(_index, model=self._native.packed(), folder=place)
        shards = {name for (name,) in _rows(heard.mapInArrow(step, "shard string"))}
        plan.end_index(place, self._native, sorted(shards), self.settings.hides_names)

    def prevalence(self, assigned: DataFrame) -> DataFrame:
        """How many passages and cases are evidence of each theme, of how many cases: a row a
        theme, by its number, of what :meth:`assign` gave."""
        of_cases = assigned.select(functions.countDistinct("case").alias("of_cases"))
        says = assigned.select("case", functions.explode("evidence").alias("theme"))
        counted = says.groupBy("theme").agg(
            functions.count("*").alias("n_passages"),
            functions.countDistinct("case").alias("n_cases"),
        )
        labels = [(theme["id"], theme["label"]) for theme in self.themes["themes"]]
        named = assigned.sparkSession.createDataFrame(labels, "theme int, label string")
        joined = named.join(counted, "theme", "left").crossJoin(of_cases)
        return joined.fillna(0, ["n_passages", "n_cases"]).orderBy("theme")

    def save(self, folder: Folder) -> None:
        """Writes the model into a folder, which is made: ``model.json`` for people and
        programs, ``model.parquet`` for :meth:`load`. They quote what people said."""
        import pyarrow.parquet

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        content = self._native.packed()
        about = {
            "format": _native.NativeModel.FORMAT,
            "settings": asdict(self.settings),
            "content": sha256(content).hexdigest(),
            "themes": self.themes,
        }
        # Each is whole under its name, and the one tells which other belongs to it.
        half = {name: folder / f".{name}.half" for name in ("model.parquet", "model.json")}
        pyarrow.parquet.write_table(pyarrow.table({"content": [content]}), half["model.parquet"])
        half["model.json"].write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        for name, path in half.items():
            path.replace(folder / name)

    @classmethod
    def load(cls, folder: Folder) -> Model:
        """A model that was saved. Raises :class:`leitmotif.StudyError` if it is of another
        version, or its files are of two models."""
        import pyarrow.parquet

        folder = Path(folder)
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if about["format"] != _native.NativeModel.FORMAT:
            raise StudyError(
                f"the model has the format {about['format']}, and this version reads "
                f"{_native.NativeModel.FORMAT}",
                str(folder),
                "fit it again",
            )
        content = pyarrow.parquet.read_table(folder / "model.parquet")["content"][0].as_py()
        if about.get("content", sha256(content).hexdigest()) != sha256(content).hexdigest():
            raise StudyError("it was not saved whole", str(folder), "save the model again")
        return cls(Settings(**about["settings"]), _native.NativeModel(content))


def _plan(transcripts: DataFrame, settings: Settings, sample: int) -> _native.NativePlan:
    """Who is who, from what is known of all transcripts without their texts."""
    read = transcripts.filter("problem IS NULL").select("path", "n_passages", "known", "settings")
    rows = _rows(read)
    if not rows:
        raise StudyError("there is no transcript", None, "look at the column `problem`")
    key = settings._native().key
    if any(row[3] != key for row in rows):
        raise RequestError(
            "the transcripts were read with other settings", None, "give the same to both"
        )
    known = [(path, n_passages, known) for path, n_passages, known, _ in rows]
    return _native.NativePlan((settings.study, settings.cases), known, sample)


def _voices(spark: SparkSession, plan: _native.NativePlan) -> DataFrame:
    """What no transcript can tell by itself, with its place among all."""
    rows = [(path, number, voices) for number, (path, voices) in enumerate(plan.voices())]
    return spark.createDataFrame(rows, "path string, number int, voices binary")


def _with_voices(talk: DataFrame, plan: _native.NativePlan) -> DataFrame:
    """Each transcript with what it cannot tell by itself."""
    return talk.join(_voices(talk.sparkSession, plan).drop("number"), "path")


def _keep(table: DataFrame, work: str | None, name: str) -> DataFrame:
    if work is None:
        return table.persist()
    place = f"{work.rstrip('/')}/{name}"
    table.write.mode("overwrite").parquet(place)
    return table.sparkSession.read.parquet(place)


def _summed(weighed: DataFrame, asked: bytes) -> list[bytes]:
    """What all transcripts add up to, its blocks in order."""
    step = partial(_multiply, asked=asked)
    parts = weighed.mapInArrow(step, _typed(_PRODUCTS))
    summed = parts.groupBy("block").applyInArrow(_add_up, _typed(_SUMS))
    return [content for _, content in sorted(_rows(summed))]


def _typed(columns: Columns) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _rows(table: DataFrame) -> list[Row]:
    """All rows of a table, on the driver."""
    return list(zip(*(column.to_pylist() for column in table.toArrow().columns), strict=True))


# What follows is sent to the rows. An engine hands them over in batches of its own size.


def _each(batches: Batches) -> Iterator[Row]:
    for batch in batches:
        for start in range(0, batch.num_rows, _AT_ONCE):
            columns = batch.slice(start, _AT_ONCE).columns
            yield from zip(*(column.to_pylist() for column in columns), strict=True)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if len(held) == _AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def _batches(rows: Iterable[Row], columns: Columns) -> Batches:
    schema = pyarrow.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
    for chunk in _chunks(rows):
        values = [list(column) for column in zip(*chunk, strict=True)]
        arrays = [pyarrow.array(of, kind) for of, kind in zip(values, schema.types, strict=True)]
        yield pyarrow.RecordBatch.from_arrays(arrays, schema=schema)


def _files(batches: Batches) -> Iterator[Row]:
    """The path inside the study and the bytes of each file that is named by its place, or why
    they cannot be had."""
    for path, location in _each(batches):
        try:
            yield path, Path(location).read_bytes()
        except OSError as error:
            yield path, f"the file cannot be read: {error.strerror}"


def _contents(batches: Batches) -> Iterator[Row]:
    """The same of files that came with the rows."""
    for batch in batches:
        yield from _each(iter([batch.select(["path", "content"])]))


def _tell(batches: Batches, *, settings: Settings, read: Reads) -> Batches:
    setup = settings._native()
    files = ((path, content) for path, content in read(batches) if setup.reads(path))
    files = ((path, content) for path, content in files if isinstance(content, bytes))
    told = ((setup.told_language(path, content),) for path, content in files)
    yield from _batches((row for row in told if row[0]), {"language": "string"})


def _read(batches: Batches, *, settings: Settings, read: Reads, usual: str | None) -> Batches:
    setup = settings._native()

    def row(path: str, content: bytes | str) -> Row:
        if isinstance(content, str):
            return path, path.rpartition(".")[0], content, "", 0, 0, b"", b"", b"", setup.key
        return path, *setup.read(path, content, usual), setup.key

    rows = (row(path, content) for path, content in read(batches) if setup.reads(path))
    yield from _batches(rows, _TRANSCRIPTS)


def _passages(batches: Batches) -> Batches:
    for chunk in _chunks(_each(batches)):
        yield from pyarrow.table(_native.passages_of(chunk)).to_batches()


def _count(batches: Batches) -> Batches:
    tally = _native.NativeTally()
    for _, _, talk, voices in _each(batches):
        tally.add(talk, voices)
    yield from _counted(tally)


def _counted(tally: _native.NativeTally) -> Batches:
    stems, forms, numbers = tally.counted()
    if stems:
        schema = pyarrow.schema([(name, _ARROW[kind]) for name, kind in _COUNTED.items()])
        yield pyarrow.RecordBatch.from_arrays(
            [pyarrow.array(of, kind) for of, kind in zip((stems, forms, numbers), schema.types)],
            schema=schema,
        )


def _weigh(batches: Batches, *, terms: bytes) -> Batches:
    lexicon = _native.NativeTerms(terms)
    rows = ((path, id, lexicon.weigh(talk, voices)) for path, id, talk, voices in _each(batches))
    yield from _batches(rows, _WEIGHED)


def _multiply(batches: Batches, *, asked: bytes) -> Batches:
    # In one order, so that sums are the same wherever the rows were.
    weighed = sorted((path, weights) for path, _, weights in _each(batches))
    if weighed:
        rows = _native.NativeRows()
        for _, weights in weighed:
            rows.add(weights)
        part = weighed[0][0]
        products = ((block, part, content) for block, content in rows.products(asked))
        yield from _batches(products, _PRODUCTS)


def _add_up(blocks: pyarrow.Table) -> pyarrow.Table:
    columns = (blocks[name].to_pylist() for name in ("block", "part", "content"))
    in_order = sorted(zip(*columns, strict=True))
    sums = [(in_order[0][0], _native.add_up([content for _, _, content in in_order]))]
    return pyarrow.Table.from_batches(_batches(sums, _SUMS))


def _place(batches: Batches, *, placing: bytes) -> Batches:
    places = _native.NativePlacing(placing)
    rows = ((id, places.place(weights)) for _, id, weights in _each(batches))
    yield from _batches(rows, _POINTS)


def _count_words(batches: Batches, *, model: bytes) -> Batches:
    tally, native = _native.NativeTally(), _native.NativeModel(model)
    for _, id, talk, voices in _each(batches):
        tally.add_words(native, id, talk, voices)
    yield from _counted(tally)


def _spread(batches: Batches, *, model: bytes, questions: bytes) -> Batches:
    # In one order, so that sums are the same wherever the rows were.
    heard = sorted(_each(batches))
    if heard:
        spread, native = _native.NativeSpread(questions), _native.NativeModel(model)
        for _, id, talk, voices in heard:
            spread.add(native, id, talk, voices)
        yield from _batches([(0, heard[0][0], spread.sums())], _PRODUCTS)


def _propose(batches: Batches, *, model: bytes, proposals: bytes) -> Batches:
    native, learnt = _native.NativeModel(model), _native.NativeProposals(proposals)
    transcripts = ((id, talk, voices) for _, id, talk, voices in _each(batches))
    for chunk in _chunks(transcripts):
        yield from pyarrow.table(learnt.of(native, chunk)).to_batches()


def _index(batches: Batches, *, model: bytes, folder: str) -> Batches:
    shard = None
    for _, known, talk, text, number, voices in _each(batches):
        shard = shard or _native.NativeShard(folder, model)
        shard.add(number, known, talk, text, voices)
    if shard:
        # Under a word of its own: somebody may be writing the same, taken for lost.
        yield from _batches([(shard.finish(uuid.uuid4().hex),)], {"shard": "string"})


def _assign(batches: Batches, *, model: bytes) -> Batches:
    native = _native.NativeModel(model)
    transcripts = ((id, talk, voices) for _, id, talk, voices in _each(batches))
    for chunk in _chunks(transcripts):
        yield from pyarrow.table(native.assign(chunk)).to_batches()
