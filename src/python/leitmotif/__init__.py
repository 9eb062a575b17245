"""Candidate themes in interview transcripts, with their evidence, and quotes found again.

Everything happens on this computer. No transcript is ever changed.

>>> import leitmotif
>>> study = leitmotif.open("balint")
>>> len(study.info()["transcripts"])
16

Answers are what the command ``leitmotif`` prints with ``--format json``, as dictionaries and
lists; :func:`schema` explains every field. Tables are Arrow streams that pandas, polars,
DuckDB and pyarrow read.

Where the study has a key of names, every answer, table and message shows pseudonyms.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from leitmotif._errors import Conflict, LeitmotifError, LeitmotifWarning, RequestError, StudyError
from leitmotif._study import Study, Table, open, schema

try:
    __version__ = version("leitmotif-qda")
except PackageNotFoundError:  # the sources, without an installation
    __version__ = "0"

for _public in (Conflict, LeitmotifError, LeitmotifWarning, RequestError, Study, StudyError, Table):
    # What people read in a traceback is what they can write.
    _public.__module__ = "leitmotif"

__all__ = [
    "Conflict",
    "LeitmotifError",
    "LeitmotifWarning",
    "RequestError",
    "Study",
    "StudyError",
    "Table",
    "open",
    "schema",
]
