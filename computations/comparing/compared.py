"""The comparison as a page shows it: columns, parts, hashes, and what only the run can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from collaborations.models import Contract, ContractDocument, SpecificationVersion, UseCase
from computations.comparing import fields, hashes
from computations.comparing.hashes import Check
from computations.comparing.reading import Text, document_of, of_document
from computations.comparing.running import Story, Told
from computations.models import Run
from dpia.models import FactsDocument


@dataclass(frozen=True)
class Comparison:
    """``columns``: what stands beside each other, in words."""

    columns: list[str]
    parts: list[fields.Part]
    checks: list[Check]
    told: list[Told] = field(default_factory=list)
    other_contract: bool = False
    """A station ran another text than this one: nothing of it is known to have run."""

    @cached_property
    def differing(self) -> int:
        """Parts, hashes and things told that do not agree."""
        parts = sum(not part.same for part in self.parts)
        checks = sum(not check.same for check in self.checks)
        return parts + checks + sum(line.same is False for line in self.told)

    @property
    def fields(self) -> int:
        return sum(len(part.lines) for part in self.parts)


def compare(use_case: UseCase, contract: Contract | None, run: Run | None) -> Comparison | None:
    """None when there are no two things to compare yet. ``run``: with its statements and results fetched."""
    version = use_case.specification
    if contract is None:
        return _before_a_contract(use_case, version)
    text = Text(contract)
    story = Story(text, run, list(run.statements.all())) if run else None
    first = _against_specification(version) if text.is_trial else _against_dpia(use_case, text)
    columns = [first.column, (_("Contract %(code)s") % {"code": contract.code[:9]}, text.specification)]
    checks = [*first.checks, *hashes.contract_checks(text, version), *_signatures(text)]
    if story is not None and story.begun:
        if ran := story.document():
            columns.append((_("Run %(slot)s") % {"slot": story.run.slot}, ran))
        checks += [*hashes.signature_checks(text, story.readys, _("Contract that %(name)s ran")), *story.checks()]
    told = list(story.told()) if story else []
    other = story is not None and story.begun and not story.document()
    return Comparison([title for title, _doc in columns], _parts(columns), checks, told, other)


@dataclass(frozen=True)
class First:
    """The first column, and the hashes that belong to it."""

    column: tuple[str, dict[str, Any]]
    checks: list[Check] = field(default_factory=list)


def _parts(columns: list[tuple[str, dict[str, Any]]]) -> list[fields.Part]:
    return list(fields.parts([document for _title, document in columns]))


def _before_a_contract(use_case: UseCase, version: SpecificationVersion | None) -> Comparison | None:
    """The DPIA as it is being filled in, beside the newest specification."""
    if version is None or use_case.assessment is None:
        return None
    facts = use_case.assessment.facts
    columns = [
        (_("DPIA, in progress"), dict(facts.data.get("specification") or {})),
        (_("Specification, version %(n)s") % {"n": version.number}, dict(version.data)),
    ]
    named = {"facts_sha256": facts.sha256, "specification_sha256": of_document(version.data)}
    return Comparison([title for title, _doc in columns], _parts(columns), list(hashes.assessed_checks(named, facts)))


def _against_specification(version: SpecificationVersion | None) -> First:
    """A trial runs on synthetic data, before there is a DPIA."""
    number, data = (version.number, version.data) if version else (0, {})
    return First((_("Specification, version %(n)s") % {"n": number}, dict(data)))


def _against_dpia(use_case: UseCase, text: Text) -> First:
    """What was assessed: the specification in the facts of the DPIA that the contract holds."""
    held = {document.sha256: document for document in text.contract.documents.all()}
    dpia = _dpia(text, held)
    facts = FactsDocument.objects.filter(sha256=dpia.get("facts_sha256", "")).first()
    specification = dict(facts.data.get("specification") or {}) if facts else {}
    checks = [*hashes.document_checks(text, held), *hashes.assessed_checks(dpia, facts)]
    if use_case.assessment is not None:
        checks.append(hashes.adopted_now(use_case.assessment, text))
    return First((_("Assessed: DPIA version %(n)s") % {"n": dpia.get("version", "?")}, specification), checks)


def _dpia(text: Text, held: dict[str, ContractDocument]) -> dict[str, Any]:
    entry = next((d for d in text.documents if d.get("kind") == "assessment"), {})
    document = held.get(str(entry.get("sha256")))
    read = document_of(document.data) if document else None
    return read if isinstance(read, dict) else {}


def _signatures(text: Text) -> Iterator[Check]:
    """Of whoever signed; who did not yet is no difference."""
    given = [(s.organisation.slug, s.jws) for s in text.contract.signatures.all() if s.kind == "approval"]
    signed = [entry for entry in text.heard(given, "approval", "trial_approval") if entry.organisation in dict(given)]
    yield from hashes.signature_checks(text, signed, _("Contract that %(name)s signed"))
