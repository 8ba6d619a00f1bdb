"""The catalogue: one folder per analysis. Delete the folder and the analysis is gone.

A folder holds ``analysis.py`` (the metadata that fills forms, DPIA and contract; imports no engine) and one program per
engine (``mpyc_program.py``), which only the station's engine process imports.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files

from station.analyses.analysis import Analysis
from station.reasons import Refused

__all__ = ["Analysis", "catalogue", "get"]


@cache
def catalogue() -> dict[str, Analysis]:
    """key -> analysis, for every folder beside this file that has an ``analysis.py``."""
    folders = sorted(entry.name for entry in files("station.analyses").iterdir() if (entry / "analysis.py").is_file())
    found = (import_module(f"station.analyses.{name}.analysis").ANALYSIS for name in folders)
    return {analysis.key: analysis for analysis in found}


def get(key: str) -> Analysis:
    """The analysis with this key; Refused when the catalogue does not hold it."""
    try:
        return catalogue()[key]
    except KeyError:
        raise Refused("analysis.unknown", analysis=key, known=", ".join(catalogue())) from None
