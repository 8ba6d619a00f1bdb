"""The identification number of an organisation (OIN): twenty digits that say in which register it is found.

Eight digits name the register, then the number in that register, then zeros: three after a number of nine digits, four
after one of eight (the trade register's). An RSIN carries a check digit, so a slip of the pen in one is seen here.
"""

from __future__ import annotations

import re

from station.reasons import Refused

RSIN, TRADE_REGISTER = "00000001", "00000003"
_FORM = re.compile(r"(?P<register>000000\d\d)(?P<number>\d{9})(?P<tail>000)")


def checked(text: str) -> str:
    """The number without the spaces people write in it; refused when it cannot be one. Empty stays empty."""
    oin = re.sub(r"[\s.]", "", text)
    if not oin:
        return ""
    if not re.fullmatch(r"[0-9]{20}", oin):
        raise Refused("oin.digits", length=len(oin))
    parts = _FORM.fullmatch(oin)
    if parts is None or parts["register"] == "00000000" or not int(parts["number"]):
        raise Refused("oin.structure")
    if parts["register"] == TRADE_REGISTER and not parts["number"].endswith("0"):
        raise Refused("oin.trade_register")
    if parts["register"] == RSIN and not _check_digit_fits(parts["number"]):
        raise Refused("oin.check_digit")
    return oin


def _check_digit_fits(number: str) -> bool:
    """Weights nine down to two, and minus one for the last: together a multiple of eleven."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11 == 0
