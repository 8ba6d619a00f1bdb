"""Least squares and logistic regression inside SPU, in fixed point; run where our packages are not.

Logistic: Newton's method for the likelihood (iteratively reweighted least squares: P. J. Green, Journal of the Royal
Statistical Society B 46, 1984). Both solve symmetric systems by Gauss-Jordan elimination, pivots in order.
"""

from typing import Any

SCALE = 2**16  # rows are given in units of this: 0 to 1 over the declared limits
SMALLEST_PIVOT = 1 / 512  # of what it was: a column that follows from others
STEADY = 1 / 32  # a last step of Newton's method is below this, or nothing is shown
NEWTON = 7


def compute(np: Any, values: Any, parameters: Any) -> Any:
    """``rows``: a mark, the predictors, the outcome; zeros where a row does not count. Coefficients in their last
    decimal, rows, explained thousandths, and whether anything shows; the rest is 0 when not."""
    rows = values["rows"]
    number, ones = np.sum(rows[:, 0]), np.sum(rows, axis=0)
    enough = [number >= parameters["least"]]
    for place in parameters["yes_or_no"]:
        enough += [ones[place] >= parameters["k"] * SCALE, (number - parameters["k"]) * SCALE >= ones[place]]
    kept = rows[:, 0].astype(np.float64)
    table = rows[:, 1:].astype(np.float64) * (1 / SCALE)
    x = np.concatenate([kept[:, None], table[:, :-1] - 0.5 * kept[:, None]], axis=1)
    y = table[:, -1]
    fit = _logistic if parameters["model"] == "logistic" else _linear
    beta, fitted, fine = fit(np, x, y, kept)
    size = rows.shape[0]
    left = np.sum(np.square(y - fitted)) * (1 / size)
    mean = np.sum(y) / number.astype(np.float64)
    whole = np.sum(np.square(y - kept * mean)) * (1 / size)
    units = _units(np, beta, parameters)
    fine += [left * 1000 >= whole, whole * size >= 0.01, np.max(np.abs(units)) < parameters["margin"]]
    shown = _all(np, [*enough, *fine])
    explained = np.floor(1000 * (1 - left / (whole + (1 - shown.astype(np.float64)))) + 0.5)
    found = np.concatenate([np.floor(units + 0.5).astype(np.int64), number[None], explained.astype(np.int64)[None]])
    return np.concatenate([found * shown, shown[None]])


def _linear(np: Any, x: Any, y: Any, kept: Any) -> Any:
    size = x.shape[0]
    beta, pivots = _solved(np, (x.T @ x) * (1 / size), (x.T @ y) * (1 / size))
    return beta, x @ beta, pivots


def _logistic(np: Any, x: Any, y: Any, kept: Any) -> Any:
    size, step = x.shape[0], None
    beta = np.zeros(x.shape[1])
    for _ in range(NEWTON):
        chance = 1 / (1 + np.exp(-np.clip(x @ beta, -12, 12)))
        weights = chance * (1 - chance)
        right = x.T @ (kept * (y - chance))
        step, pivots = _solved(np, (x.T @ (x * weights[:, None])) * (4 / size), right * (4 / size))
        step = np.clip(step, -3, 3)
        beta = beta + step
    chance = kept / (1 + np.exp(-np.clip(x @ beta, -12, 12)))
    return beta, chance, [*pivots, np.max(np.abs(step)) < STEADY]


def _solved(np: Any, matrix: Any, right: Any) -> Any:
    """The solution, and per pivot whether it is large enough."""
    size = right.shape[0]
    whole = [matrix[place, place] for place in range(size)]
    rest, fine = np.concatenate([matrix, right[:, None]], axis=1), []
    for place in range(size):
        pivot = rest[place, place]
        good = pivot >= whole[place] * SMALLEST_PIVOT
        fine.append(good)
        row = rest[place] / np.where(good, pivot, 1.0)
        swept = rest - rest[:, place][:, None] * row[None, :]
        rest = np.concatenate([swept[:place], row[None, :], swept[place + 1 :]], axis=0)
    return rest[:, -1], fine


def _units(np: Any, beta: Any, parameters: Any) -> Any:
    """From columns of 0 to 1 around their middle to the columns as they are, in the last decimal."""
    slopes = beta[1:] * np.array(parameters["factors"])
    middle = np.sum(beta[1:] * np.array(parameters["middles"]))
    start = beta[0] * parameters["unit"] + parameters["start"] - middle
    return np.concatenate([start[None], slopes])


def _all(np: Any, bits: Any) -> Any:
    found = bits[0].astype(np.int64)
    for bit in bits[1:]:
        found = found * bit.astype(np.int64)
    return found
