#!/usr/bin/env python3
"""Counts who says what, from the tables of a study, with pandas, polars and DuckDB.

  leitmotif --study interviews export tables tables --format parquet
  leitmotif --study interviews themes --format json > themes.json
  scripts/notebook/tables.py tables themes.json

Each library counts the same: of each theme, how many participants say it, in all and by
group. The last lines compare this with what `leitmotif themes` says.
"""
import json
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

folder, answer = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))

# pandas: evidence joins candidates by their id.
evidence = pd.read_parquet(folder / "evidence.parquet")
candidates = pd.read_parquet(folder / "candidates.parquet")
said = evidence[evidence["kind"] == "evidence"].merge(candidates, on="candidate")
with_pandas = said[said["under"].isna()].groupby("candidate")["case"].nunique()

# polars: a row for each participant and candidate, whether said or not.
people = pl.read_parquet(folder / "participants_candidates.parquet")
by_group = people.group_by("candidate", "group").agg(pl.col("says_it").sum(), pl.len().alias("of"))
with_polars = dict(people.group_by("candidate").agg(pl.col("says_it").sum()).iter_rows())

# DuckDB: the same in SQL, on the files themselves.
with_duckdb = dict(
    duckdb.sql(
        f"""
        select candidate, count(distinct "case")
        from '{folder / "evidence.parquet"}' where kind = 'evidence' group by candidate
        """
    ).fetchall()
)

print(f"{'theme':44} said by   " + "   ".join(sorted({group or "–" for group in by_group["group"]})))
for theme in answer["themes"]:
    key = str(theme["id"])
    counts = {with_pandas[key], with_polars[key], with_duckdb[key], theme["n_cases"]}
    if len(counts) > 1:
        sys.exit(f"theme {key}: the libraries count {counts}")
    groups = by_group.filter(pl.col("candidate") == key).sort("group")
    shares = "   ".join(f"{row['says_it']} of {row['of']}" for row in groups.iter_rows(named=True))
    print(f"{theme['label'][:44]:44} {theme['n_cases']} of {theme['of_cases']}   {shares}")
print("pandas, polars, DuckDB and leitmotif agree")
