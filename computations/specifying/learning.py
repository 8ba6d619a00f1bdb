"""Who learns what: the outputs, and what the protocol tells beside them. Shown before a version is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from station import analyses
from station.specification import Output, Party, Specification, Text
from web.templatetags.components import in_language


@dataclass(frozen=True)
class Lesson:
    """``what`` and the rest are texts in both languages, or already in the reader's own."""

    what: Text | str
    when: Text | str = ""
    bound: Text | str = ""


@dataclass(frozen=True)
class Learner:
    name: str
    lessons: list[Lesson]


def learners(spec: Specification) -> list[Learner]:
    """Every party of a sound specification, and the platform."""
    leaks = analyses.get(spec.analysis).leakage(spec)
    found = []
    for party in spec.parties:
        told = [Lesson(leak.what, leak.phase, leak.bound) for leak in leaks if party.organisation in leak.to_whom]
        found.append(Learner(party.name, [*_outputs(spec, party), *told] or [Lesson(_("Nothing new."))]))
    return [*found, Learner(_("The platform"), list(_platform(spec)))]


def _outputs(spec: Specification, party: Party) -> Iterator[Lesson]:
    for output in spec.outputs:
        facts = {"name": in_language(output.title)}
        if output.kind == "record_list":
            yield from _records(output, party, facts)
            continue
        if party.organisation == output.checker:
            what = _("The table “%(name)s” as it would be released, at its own station.") % facts
            yield Lesson(what, _("before the release"))
        if party.organisation in output.recipients:
            yield Lesson(_("The table “%(name)s”, with what is too small left out.") % facts, _("after the release"))


def _records(output: Output, party: Party, facts: dict[str, str]) -> Iterator[Lesson]:
    """A list of persons or cases: its checker sees numbers, its one recipient the list."""
    if party.organisation == output.checker:
        yield Lesson(_("How many were found for “%(name)s”, at its own station.") % facts, _("before the release"))
    if party.organisation in output.recipients:
        yield Lesson(_("The list “%(name)s”: who or what was found.") % facts, _("after the release"))


def _platform(spec: Specification) -> Iterator[Lesson]:
    yield Lesson(_("States, sizes, times and signatures. No rows, no shares it can read."), _("during a run"))
    for output in spec.outputs:
        if output.shown_on_platform:
            facts = {"name": in_language(output.title)}
            yield Lesson(_("The table “%(name)s”, to show it to the recipients.") % facts, _("after the release"))
