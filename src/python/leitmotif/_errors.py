"""What is raised and warned of, with what helps against it."""

from __future__ import annotations

import sys
import warnings


class _Told(Exception):
    """A problem, where it is, and what helps."""

    problem: str
    place: str | None
    remedy: str | None

    def __init__(self, problem: str, place: str | None = None, remedy: str | None = None) -> None:
        super().__init__(problem, place, remedy)
        self.problem = problem
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        remedy = f"\n  hint: {self.remedy}" if self.remedy else ""
        return f"{place}{self.problem}{remedy}"


class LeitmotifError(_Told):
    """Something that could not be done.

    ``problem`` says what is wrong, ``place`` the file and line (``study.toml:3``) where one
    can be named, ``remedy`` what helps where something does.
    """


class StudyError(LeitmotifError):
    """The study cannot be read, or what was decided cannot be kept."""


class RequestError(LeitmotifError, ValueError):
    """What was asked for is not there, or cannot be asked for like this."""


class Conflict(LeitmotifError):
    """Somebody has changed since what an act is about. Nothing was done: look again."""


class LeitmotifWarning(_Told, UserWarning):
    """Something that was left out, such as a file that could not be read."""


def warn(problem: str, place: str | None, remedy: str | None) -> None:
    """Warns, as of the line that called the package."""

    def is_ours(module: str) -> bool:
        return module.split(".")[0] == "leitmotif"

    level, frame = 1, sys._getframe()
    while frame.f_back is not None and is_ours(frame.f_globals["__name__"]):
        level, frame = level + 1, frame.f_back
    warnings.warn(LeitmotifWarning(problem, place, remedy), stacklevel=level)
