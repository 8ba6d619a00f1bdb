"""Households below a norm, inside SPU; run where our packages are not (docs/protocols/household_threshold.md)."""

from typing import Any


def compute(np: Any, values: Any, parameters: Any) -> Any:
    """The counts per kind after the rule, and for a list one bit per household: found and looked at."""
    flags = (values["beyond"] < 0).astype(np.int64)
    marks = values["marks"]
    counts = np.sum(flags[:, None] * marks, axis=0)
    shown = counts * (counts >= parameters["k"]).astype(np.int64)
    if parameters["two_sided"]:
        shown = shown * (values["looked_at"] - counts >= parameters["k"]).astype(np.int64)
    return np.concatenate([shown, flags * np.sum(marks, axis=1)])
