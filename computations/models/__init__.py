from computations.models.drafts import SpecificationDraft
from computations.models.runs import Result, Run, Share, Statement, Task
from computations.models.stations import Dataset, DataStation, EnrolmentToken, Nonce

__all__ = [
    "DataStation", "Dataset", "EnrolmentToken", "Nonce", "Result", "Run", "Share", "SpecificationDraft", "Statement",
    "Task",
]  # fmt: skip
