"""A study, what is asked of it, and its tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from operator import index
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, SupportsIndex

from leitmotif import _native
from leitmotif._errors import RequestError

Answer = dict[str, Any]


def _plain(value: Any) -> Any:
    """What JSON has no word for: paths, bytes, and the whole numbers of numpy and pandas."""
    if isinstance(value, PathLike):
        return fspath(value)
    return index(value) if isinstance(value, SupportsIndex) else list(value)


def open(
    path: str | PathLike[str],
    *,
    store: str | PathLike[str] | None = None,
    pseudonyms: bool = True,
    coder: str | None = None,
) -> Study:
    """Opens the study in a folder of transcripts, and reads what changed since last time.

    ``store`` is the folder to keep ``.leitmotif`` in, if not the study itself.
    ``pseudonyms=False`` shows real names although the study has a key of names.
    ``coder`` is who decides in :meth:`Study.act`; without it, ``LEITMOTIF_CODER`` or the
    user's name.

    Files that cannot be read are left out, each with a :class:`LeitmotifWarning`. Raises
    :class:`StudyError` if the folder holds no transcript, or if ``study.toml``, ``cases.csv``
    or the key of names has a mistake.

    >>> leitmotif.open("nowhere")
    Traceback (most recent call last):
    ...
    leitmotif.StudyError: `nowhere` is not a folder
      hint: give the folder that holds the transcripts
    """
    return Study(_native.open(path, store, pseudonyms, coder))


def schema(command: str) -> Answer:
    """The JSON Schema of an answer, with the meaning of every field.

    ``command`` is the command that prints the answer, such as ``themes`` or ``search --kwic``;
    or ``act``, for what :meth:`Study.act` can be given.
    Raises :class:`RequestError` if it has none.

    >>> leitmotif.schema("compare")["title"]
    'leitmotif compare'
    """
    answer: Answer = json.loads(_native.schema(command))
    return answer


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """A table of a study: columns with types, in which every value may be absent.

    Whatever reads Arrow streams takes it as it is, without a copy::

        polars.DataFrame(table)
        pyarrow.table(table)
        pandas.DataFrame.from_arrow(table)     # before pandas 3: pyarrow.table(table).to_pandas()
        duckdb.sql("SELECT * FROM table")      # by the name of the variable

    >>> table = study.table("candidates")
    >>> table
    <leitmotif.Table 'candidates': 51 rows, 24 columns>
    >>> table.made_by, table.key
    ('program', ('candidate',))
    >>> table.columns["n_cases"]
    'Cases that they are from.'
    """

    name: str
    """Its name, which is that of its file in ``leitmotif export tables``."""
    about: str
    """What a row is."""
    made_by: Literal["study", "program", "people"]
    """Who made what it holds: it stands in the files, is suggested, or was decided."""
    key: tuple[str, ...]
    """The columns that are different in every row."""
    links: tuple[tuple[str, str, str], ...]
    """Columns with the table and the column that they point to."""
    columns: dict[str, str]
    """Each column with what it means, its unit and range."""
    _native: _native.NativeTable

    def __repr__(self) -> str:
        return f"<leitmotif.Table {self.name!r}: {len(self)} rows, {len(self.columns)} columns>"

    def __len__(self) -> int:
        """How many rows it has."""
        return self._native.n_rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, for whatever reads Arrow streams. No other schema can be requested."""
        return self._native.stream()


class Study:
    """An open study. :func:`leitmotif.open` makes one; it may be asked from several threads.

    Every answer is of the transcripts as they were when it was opened, and of what people have
    decided until now, in the workbench and elsewhere too. A question that takes long ends with
    Ctrl-C.

    What cannot be asked raises :class:`RequestError`; what cannot be read :class:`StudyError`.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.NativeStudy) -> None:
        self._native = native

    def __repr__(self) -> str:
        return f"<leitmotif.Study {fspath(self.path)!r}>"

    @property
    def path(self) -> Path:
        """The folder of the transcripts."""
        return Path(self._native.root)

    @property
    def has_pseudonyms(self) -> bool:
        """Whether names are replaced by pseudonyms in what is shown."""
        return self._native.has_pseudonyms

    @property
    def revision(self) -> int:
        """How many decisions the study holds; see :meth:`act`."""
        return self._native.revision

    def _ask(self, ask: str, **params: Any) -> Any:
        return json.loads(self._native.ask(json.dumps({"ask": ask, **params}, default=_plain)))

    def info(self) -> Answer:
        """The transcripts, who is who in them and why, and what was not read.

        As ``leitmotif info``; remedies name calls instead of commands.

        >>> study.info()["transcripts"][0]["id"]
        'leaders/L01'
        """
        answer: Answer = self._ask("info")
        return answer

    def themes(self, count: int | None = None, *, afresh: bool = False) -> Answer:
        """Candidate themes, each with its evidence and how sure it is.

        ``count`` is the number of themes, from 1; without it, it is chosen from the data, and
        the list is kept as the version ``["version"]``, so that :meth:`act` can name its
        candidates. ``afresh`` gives them new numbers and names.

        Of each theme, ``n_cases`` of ``of_cases`` participants say it; ``largest_share`` and
        ``stability`` lie in 0 to 1. As ``leitmotif themes``.

        >>> theme = study.themes(3)["themes"][1]
        >>> theme["label"], theme["n_cases"], theme["of_cases"]
        ("asked: “What happens with silence, when it's online?”", 16, 16)
        """
        answer: Answer = self._ask("themes", count=count, afresh=afresh)
        return answer

    def growth(self, since: int, count: int | None = None) -> Answer:
        """What has changed in the themes since a version.

        Raises :class:`RequestError` if that version is not kept. As ``leitmotif themes
        --since``.
        """
        answer: Answer = self._ask("growth", since=since, count=count)
        return answer

    def unassigned(self, count: int | None = None) -> list[Answer]:
        """The participants' passages that fit no theme, in the order of the study.

        As ``leitmotif themes --unassigned``.
        """
        answer: list[Answer] = self._ask("unassigned", count=count)
        return answer

    def search(
        self,
        query: str,
        *,
        transcript: str | None = None,
        limit: int = 10,
        context: int = 0,
        exact: bool = False,
    ) -> list[Answer]:
        """Where something is said; the best passage of each person first, then further ones.

        ``query`` is written as ``leitmotif help search`` explains. ``limit=0`` gives all,
        ``context`` is the number of turns before and after each hit. With ``exact`` words of
        the same family and of near meaning are not found.

        ``lines`` count from 1, both ends included; ``highlights`` are half-open and count
        Unicode scalar values, as Python's strings do.

        >>> hit = study.search('"sitting back"')[0]
        >>> [hit["text"][first:last] for first, last in hit["highlights"]]
        ['sitting back']
        """
        answer: list[Answer] = self._ask(
            "search",
            query=query,
            transcript=transcript,
            limit=limit,
            context=context,
            exact=exact,
        )
        return answer

    def concordance(
        self,
        query: str,
        *,
        transcript: str | None = None,
        limit: int = 100,
        sort: Literal["place", "left", "right"] = "place",
    ) -> list[Answer]:
        """Every match with the words around it, in the order of the transcripts, or by the
        words to the left or right of it. ``limit=0`` gives all. As ``leitmotif search --kwic``.

        >>> len(study.concordance("silen*", limit=5))
        5
        """
        answer: list[Answer] = self._ask(
            "concordance", query=query, transcript=transcript, limit=limit, sort=sort
        )
        return answer

    def similar(
        self,
        text: str | None = None,
        *,
        transcript: str | None = None,
        lines: int | tuple[int, int] | None = None,
        elsewhere: bool = False,
        from_other_groups: bool = False,
        limit: int = 10,
        context: int = 0,
    ) -> list[Answer]:
        """Participants' passages that are similar to a quote, the most similar first.

        The quote is a text of your own, or ``lines`` of a ``transcript``, both ends included.
        ``elsewhere`` looks only in other transcripts, ``from_other_groups`` only at what other
        groups say. As ``leitmotif similar``.

        >>> hits = study.similar("I could hide behind the camera", limit=3)
        >>> [hit["rank"] for hit in hits]
        [1, 2, 3]
        """
        answer: list[Answer] = self._ask(
            "similar",
            text=text,
            transcript=transcript,
            lines=(lines, lines) if isinstance(lines, int) else lines,
            elsewhere=elsewhere,
            from_other_groups=from_other_groups,
            limit=limit,
            context=context,
        )
        return answer

    def propose(
        self,
        code: str | None = None,
        *,
        transcript: str | None = None,
        uncoded: bool = False,
        limit: int = 10,
    ) -> Answer:
        """Passages in which a code probably occurs, each with its ``probability`` (0 to 1) and
        the reason; learnt from the quotations that people coded.

        ``code`` is a name or path (``Joining > No travel``); without it, every code that has
        three quotations. ``uncoded`` looks only in transcripts without any quotation.
        ``limit=0`` gives all. Nothing is coded by it. As ``leitmotif propose``.

        >>> study.propose("No travel")
        Traceback (most recent call last):
        ...
        leitmotif.RequestError: there is no code `No travel`
          hint: there are no codes yet; add one: `study.act({"act": "add-code", …})`
        """
        answer: Answer = self._ask(
            "propose", code=code, transcript=transcript, uncoded=uncoded, limit=limit
        )
        return answer

    def rejected_proposals(self) -> list[Answer]:
        """The proposals that people rejected. As ``leitmotif propose rejected``."""
        answer: list[Answer] = self._ask("rejected_proposals")
        return answer

    def compare(self, by: str = "group", *, count: int | None = None) -> Answer:
        """How many participants of each group speak of each theme, and in which words.

        ``by`` is the attribute whose values are the groups: the sub-folder (``group``), or a
        column of cases.csv. As ``leitmotif compare``.

        >>> [group["name"] for group in study.compare()["groups"]]
        ['leaders', 'participants']
        """
        answer: Answer = self._ask("compare", by=by, count=count)
        return answer

    def saturation(
        self,
        order: str | None = None,
        *,
        by: str | None = None,
        base: int = 4,
        run: int = 2,
        candidates: bool = False,
        count: int | None = None,
    ) -> Answer:
        """How many new codes (or themes, if nothing is coded) each interview adds.

        ``order`` is the column of cases.csv that gives the order of the interviews; without
        it, the dates of the files. A ``run`` of 2 or 3 interviews is compared with the first 4
        to 6 (``base``). As ``leitmotif saturation``.

        >>> study.saturation(base=3)
        Traceback (most recent call last):
        ...
        leitmotif.RequestError: there is no saturation with base=3 and run=2
          hint: base is 4 to 6, run is 2 or 3
        """
        answer: Answer = self._ask(
            "saturation",
            order=order,
            by=by,
            base=base,
            run=run,
            candidates=candidates,
            count=count,
        )
        return answer

    def rejected_themes(self) -> list[Answer]:
        """The candidates that people rejected. As ``leitmotif theme rejected``."""
        answer: list[Answer] = self._ask("rejected_themes")
        return answer

    def rule(self, code: str, *, limit: int = 3) -> Answer:
        """A query that says what the quotations of a code have in common, and the one that is
        kept with it; ``limit`` of what they miss are listed. As ``leitmotif code rule``."""
        answer: Answer = self._ask("rule", code=code, limit=limit)
        return answer

    def codings(self, code: str | None = None, *, stale: bool = False) -> list[Answer]:
        """What people coded: quotations with their codes, who gave them, and where they are.

        ``code`` leaves only quotations with that code or one under it; ``stale`` only those
        that are not found any more in a changed transcript. As ``leitmotif quote list``.

        >>> study.codings()
        []
        """
        answer: list[Answer] = self._ask("codings", code=code, stale=stale)
        return answer

    def codebook(self) -> list[Answer]:
        """Themes and codes, with how many participants are quoted under each. As ``leitmotif
        codebook``."""
        answer: list[Answer] = self._ask("codebook")
        return answer

    def memos(self) -> list[Answer]:
        """The notes that people wrote. As ``leitmotif memo list``."""
        answer: list[Answer] = self._ask("memos")
        return answer

    def log(self) -> list[Answer]:
        """All decisions, with time (UTC) and person. As ``leitmotif log``."""
        answer: list[Answer] = self._ask("log")
        return answer

    def report(
        self, title: str | None = None, *, memos: bool = False, candidates: bool = False
    ) -> Answer:
        """The report as data: themes with every quote and its place, codebook, methods.

        As ``leitmotif export report.json``.
        """
        answer: Answer = self._ask("report", title=title, memos=memos, candidates=candidates)
        return answer

    def verify(self, path: str | PathLike[str]) -> Answer:
        """The quotes of a report, each compared with the transcripts. As ``leitmotif verify``.

        Raises :class:`RequestError` if the report cannot be read.
        """
        answer: Answer = self._ask("verify", path=path)
        return answer

    def agreement(
        self,
        coders: Sequence[str] = (),
        *,
        files: Sequence[str | PathLike[str]] = (),
        with_suggestion: bool = False,
        transcripts: Sequence[str] = (),
        by_theme: bool = False,
    ) -> Answer:
        """How well coders agree, on lines and on characters of participants' talk.

        ``files`` are tables of coders beside those of the codebook; ``transcripts`` are those
        that all have read (without it, those in which two have coded); ``by_theme`` counts
        codes under a theme as the theme. As ``leitmotif agreement``.
        """
        answer: Answer = self._ask(
            "agreement",
            coders=list(coders),
            files=list(files),
            with_suggestion=with_suggestion,
            transcripts=list(transcripts),
            by_theme=by_theme,
        )
        return answer

    def proposal_agreement(
        self, coders: Sequence[str] = (), *, transcripts: Sequence[str] = ()
    ) -> Answer:
        """What would be proposed for each code, learnt from other transcripts, against what
        people coded. As ``leitmotif agreement --with proposals``."""
        answer: Answer = self._ask(
            "proposal_agreement", coders=list(coders), transcripts=list(transcripts)
        )
        return answer

    def tables(self) -> dict[str, Table]:
        """The whole study as tables that join, by name: those of ``leitmotif export tables``.

        What people decided and what the program suggests are in different tables, or a column
        tells them apart. The list of candidates is kept as a version, as :meth:`themes` does.

        >>> list(study.tables())[:3]
        ['transcripts', 'speakers', 'cases']
        """
        tables = {}
        for native in self._native.tables():
            about = json.loads(native.about)
            tables[about["name"]] = Table(
                name=about["name"],
                about=about["about"],
                made_by=about["made_by"],
                key=tuple(about["key"]),
                links=tuple(tuple(link) for link in about["links"]),
                columns={name: meaning for name, _, meaning in about["columns"]},
                _native=native,
            )
        return tables

    def table(self, name: str) -> Table:
        """One of :meth:`tables`. Raises :class:`RequestError` if there is none of this name.

        >>> len(study.table("transcripts"))
        16
        """
        tables = self.tables()
        if name not in tables:
            known = ", ".join(tables)
            raise RequestError(f"there is no table `{name}`", None, f"choose one of {known}")
        return tables[name]

    def act(
        self, act: dict[str, Any], *, coder: str | None = None, revision: int | None = None
    ) -> Answer:
        """Carries out what a person decided; it is on the disk when this returns.

        ``act`` says what is done, as ``{"act": "add-code", "name": …}``; all that can be done
        is in ``leitmotif.schema("act")``. ``revision`` is the :attr:`revision` of the study that
        its person looked at; without it, what this process saw last. Raises :class:`Conflict`
        if somebody has changed since what the act is about, :class:`RequestError` if it cannot
        be done.

        The answer: ``decision``, the number of the decision (``None`` for what the log does not
        hold); ``says``, what was done; ``undo``, the decision that undoing would take back now;
        ``skipped``, what was asked for and not done; ``notes``; and the new ``revision``.

        Candidates are named by the version of :meth:`themes` and their number:

        >>> themes = study.themes()
        >>> done = study.act({
        ...     "act": "accept-theme",
        ...     "candidate": {"version": themes["version"], "number": 1},
        ...     "name": "The face on the screen",
        ...     "n_quotes": 6,
        ... }, coder="ANN")
        >>> done["decision"], done["says"]
        (1, 'accepted theme “The face on the screen” from candidate 1, with 6 quotations')
        >>> study.act({"act": "undo"}, coder="ANN")["revision"]
        2
        """
        done: Answer = json.loads(
            self._native.act(json.dumps(act, default=_plain), coder, revision)
        )
        return done
