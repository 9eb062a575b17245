"""Tables come out as CSV and Parquet have them, and everything that reads Arrow reads them."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import leitmotif
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest
from conftest import run


def cell(value: object) -> str:
    """A value as CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_tables_are_those_that_are_exported(coded: Path, tmp_path: Path) -> None:
    study = leitmotif.open(coded)
    tables = study.tables()
    for kind in ("csv", "parquet"):
        ran = run(coded, "export", "tables", str(tmp_path / kind), "--format", kind)
        assert ran.returncode == 0, ran.stderr
    files = {path.stem for path in (tmp_path / "csv").glob("*.csv")}
    assert set(tables) == files
    for name, table in tables.items():
        arrow = pyarrow.table(table)
        assert arrow.equals(pyarrow.parquet.read_table(tmp_path / "parquet" / f"{name}.parquet"))
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert head == arrow.column_names == list(table.columns)
        assert len(rows) == len(table) == arrow.num_rows
        columns = [[cell(value) for value in column.to_pylist()] for column in arrow.columns]
        for row, expected in zip(zip(*columns, strict=True), rows, strict=True):
            assert [number(it) for it in row] == [number(it) for it in expected], name
        keys = set(zip(*(arrow[column].to_pylist() for column in table.key), strict=True))
        assert not table.key or len(keys) == len(table), name
        for column, other, of in table.links:
            known = set(pyarrow.table(tables[other])[of].to_pylist()) | {None}
            assert set(arrow[column].to_pylist()) <= known, (name, column)
    assert len(tables["codings"]) > 100 and tables["codings"].made_by == "people"


def number(text: str) -> object:
    """A number, however many digits it is written with."""
    try:
        return float(text)
    except ValueError:
        return text


def test_pandas_polars_duckdb_and_pyarrow_read_a_table(folder: Path) -> None:
    study = leitmotif.open(folder)
    evidence = study.table("evidence")
    themes = {str(theme["id"]): theme["n_cases"] for theme in study.themes()["themes"]}

    frame = polars.DataFrame(evidence).filter(polars.col("kind") == "evidence")
    said = frame.group_by("candidate").agg(polars.col("case").n_unique())
    assert {one: n for one, n in said.rows() if one in themes} == themes

    data = pandas.DataFrame.from_arrow(evidence)
    counts = data[data["kind"] == "evidence"].groupby("candidate")["case"].nunique()
    assert {one: n for one, n in counts.items() if one in themes} == themes

    rows = duckdb.sql(
        'SELECT candidate, count(DISTINCT "case") FROM evidence '
        "WHERE kind = 'evidence' GROUP BY candidate"
    ).fetchall()
    assert {one: n for one, n in rows if one in themes} == themes

    table = pyarrow.table(evidence)
    meaning = table.schema.field("kind").metadata[b"about"].decode()
    assert meaning == evidence.columns["kind"]
    # A stream can be taken more than once.
    assert pyarrow.table(evidence).equals(table)


def test_numbers_of_a_table_name_what_is_decided_on(coded: Path) -> None:
    study = leitmotif.open(coded)
    quotation = pandas.DataFrame.from_arrow(study.table("quotations"))["quotation"].iloc[3]
    done = study.act({"act": "set-stance", "quotation": quotation, "stance": "benefit"})
    assert done["says"] == f"set the stance of quotation {quotation} to benefit"
    stances = pandas.DataFrame.from_arrow(study.table("quotations")).set_index("quotation")
    assert stances.loc[quotation, "stance"] == "benefit"


def test_a_table_that_nobody_took_is_let_go(folder: Path) -> None:
    table = leitmotif.open(folder).table("terms")
    for _ in range(1000):
        table.__arrow_c_stream__()


def test_an_unknown_table_is_refused(folder: Path) -> None:
    with pytest.raises(leitmotif.RequestError, match="there is no table `letters`") as raised:
        leitmotif.open(folder).table("letters")
    assert raised.value.remedy is not None and "passages" in raised.value.remedy
