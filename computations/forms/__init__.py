"""The pages on which a specification is filled in: one form per section."""

from __future__ import annotations

from computations.forms.analysis import AnalysisForm
from computations.forms.columns import ColumnsForm
from computations.forms.datasets import DatasetsForm
from computations.forms.output import OutputForm
from computations.forms.parties import PartiesForm
from computations.forms.purpose import PurposeForm
from computations.forms.section import SectionForm, Setting
from computations.forms.window import WindowForm

__all__ = ["FORMS", "SectionForm", "Setting"]

FORMS: dict[str, type[SectionForm]] = {
    "purpose": PurposeForm,
    "parties": PartiesForm,
    "datasets": DatasetsForm,
    "columns": ColumnsForm,
    "analysis": AnalysisForm,
    "output": OutputForm,
    "window": WindowForm,
}
