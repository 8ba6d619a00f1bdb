"""Which numbers are not below 0, inside SPU; run where our packages are not."""

from typing import Any


def compute(np: Any, values: Any, _parameters: Any) -> Any:
    return (values["beyond"] >= 0).astype(np.int64)
