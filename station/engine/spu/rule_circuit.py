"""Which numbers of a table may be shown (docs/protocols/grouped_counts.md), inside SPU, where our packages are not."""

from typing import Any


def compute(np: Any, values: Any, parameters: Any) -> Any:
    """``numbers``: a row of counts, then rows of shares within them, then rows of sums. One bit for each."""
    k, two_sided, numbers = parameters["k"], parameters["two_sided"], values["numbers"]
    count, last_share = numbers[0], 1 + parameters["shares"]
    stays = _stays(np, k, count, values["population"] if two_sided else None)
    bits = [stays]
    for place in range(1, last_share):
        bits.append(stays * _stays(np, k, numbers[place], count if two_sided else None))
    for place, least in enumerate(parameters["least"]):
        bits.append(stays * (numbers[last_share + place] >= least).astype(np.int64))
    return np.concatenate(bits)


def _stays(np: Any, k: int, count: Any, whole: Any) -> Any:
    stays = (count >= k).astype(np.int64)
    return stays if whole is None else stays * (whole - count >= k).astype(np.int64)
