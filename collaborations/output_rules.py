"""Whether one specification lets out more than another: the same outputs, to no other people, at least as strict."""

from __future__ import annotations

from collections.abc import Iterator

from station.specification import Output, Specification

Words = dict[str, str]


def looser(adopted: Specification, other: Specification) -> Iterator[Words]:
    """Every rule of ``other`` that is less strict than in ``adopted``, in words."""
    was, now = adopted.disclosure, other.disclosure
    if now.k < was.k:
        yield _both(f"k = {now.k} in plaats van {was.k}", f"k = {now.k} instead of {was.k}")
    if was.two_sided and not now.two_sided:
        yield _both("de rest van een groep wordt niet beschermd", "the rest of a group is not protected")
    if was.rounding_base and (not now.rounding_base or now.rounding_base % was.rounding_base):
        yield _both("er wordt minder grof afgerond", "counts are rounded less coarsely")
    known = {output.name: output for output in adopted.outputs}
    for output in other.outputs:
        before = known.get(output.name)
        if before is None:
            yield _both(f"uitvoer {output.name} is nieuw", f"output {output.name} is new")
        else:
            yield from _wider(before, output)


def _wider(was: Output, now: Output) -> Iterator[Words]:
    for key in sorted(set(now.recipients) - set(was.recipients)):
        yield _both(f"{key} ontvangt uitvoer {now.name}", f"{key} receives output {now.name}")
    if now.checker != was.checker:
        yield _both(f"{now.checker} controleert uitvoer {now.name}", f"{now.checker} checks output {now.name}")
    if now.shown_on_platform and not was.shown_on_platform:
        yield _both(f"uitvoer {now.name} komt op het platform", f"output {now.name} is shown on the platform")


def _both(nl: str, en: str) -> Words:
    return {"nl": nl, "en": en}
