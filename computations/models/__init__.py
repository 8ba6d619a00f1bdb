from computations.models.drafts import SpecificationDraft
from computations.models.incidents import Incident
from computations.models.paper import CodeCompared
from computations.models.runs import Result, Run, Share, Statement, Task
from computations.models.schedules import Schedule
from computations.models.stations import Dataset, DataStation, EnrolmentToken, Nonce

__all__ = [
    "CodeCompared",
    "DataStation",
    "Dataset",
    "EnrolmentToken",
    "Incident",
    "Nonce",
    "Result",
    "Run",
    "Schedule",
    "Share",
    "SpecificationDraft",
    "Statement",
    "Task",
]  # fmt: skip
