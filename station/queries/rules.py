"""May one more answer be given? (docs/protocols/query_ledger.md.) Reasons here are for the own steward alone: they hold
numbers of people. Everybody else reads ``query.refused`` and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from station.queries.people import People, smallest_part
from station.queries.statistic import Statistic
from station.reasons import Fact, Reason


@dataclass(frozen=True)
class Answered:
    """An answer that was let go before, newest first in every list."""

    statistic: Statistic
    day: str
    people: People


def reasons(asked: Statistic, people: People, before: Sequence[Answered]) -> list[Reason]:
    """``before``: what was answered about the same dataset. An empty list means yes."""
    return [
        *_same_period(asked, people, before),
        *_same_question(asked, people, before),
        *_parts(asked, people, before),
    ]


def _same_period(asked: Statistic, people: People, before: Sequence[Answered]) -> Iterator[Reason]:
    """Inside one period of a recurring contract the rows stay the same."""
    if asked.period is None:
        return
    for answered in before:
        if answered.statistic.period == asked.period and people.apart(answered.people):
            yield Reason("query.period", {"dataset": asked.dataset, "day": answered.day})
            return


def _same_question(asked: Statistic, people: People, before: Sequence[Answered]) -> Iterator[Reason]:
    """Since the last answer to the same question for a common recipient: nobody changed, or many did."""
    for answered in _of_common_recipients(asked, before):
        if answered.statistic.sha256 == asked.sha256:
            number = people.apart(answered.people)
            if 0 < number < asked.least:
                yield Reason("query.few_changed", {**_facts(asked, number), "day": answered.day})
            return


def _parts(asked: Statistic, people: People, before: Sequence[Answered]) -> Iterator[Reason]:
    """All questions answered for a common recipient together cut the people into parts; none may be small."""
    latest: dict[str, Answered] = {}
    for answered in _of_common_recipients(asked, before):
        if answered.statistic.sha256 != asked.sha256:
            latest.setdefault(answered.statistic.sha256, answered)
    if not latest:
        return
    smallest = smallest_part([people, *(answered.people for answered in latest.values())])
    if 0 < smallest < asked.least:
        titles = ", ".join(sorted({answered.statistic.title for answered in latest.values()}))[:200]
        yield Reason("query.small_part", {**_facts(asked, smallest), "titles": titles})


def _facts(asked: Statistic, number: int) -> dict[str, Fact]:
    return {"dataset": asked.dataset, "number": number, "least": asked.least}


def _of_common_recipients(asked: Statistic, before: Sequence[Answered]) -> Iterator[Answered]:
    return (answered for answered in before if answered.statistic.recipients & asked.recipients)
