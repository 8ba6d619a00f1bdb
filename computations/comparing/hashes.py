"""The hash by which a document is named, beside the hash of what is stored now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from collaborations.models import ContractDocument, SpecificationVersion
from computations.comparing.reading import Signed, Text, of_document, of_text
from computations.specifying.words import DOCUMENTS
from dpia.models import Assessment, FactsDocument


@dataclass(frozen=True)
class Check:
    """``found`` is computed now; ``named_in`` says which document or signature names the other one."""

    what: str
    named_in: str
    named: str
    found: str

    @property
    def same(self) -> bool:
        return bool(self.named) and self.named == self.found


def contract_checks(text: Text, version: SpecificationVersion | None) -> Iterator[Check]:
    named = str(text.document.get("specification_sha256", ""))
    yield Check(_("Contract"), _("address at the stations"), text.contract.sha256, text.sha256)
    yield Check(_("Specification in the contract"), _("contract"), named, of_document(text.specification))
    if version is not None:
        words = _("Newest specification (version %(n)s)") % {"n": version.number}
        yield Check(words, _("contract"), named, of_document(version.data))


def document_checks(text: Text, held: Mapping[str, ContractDocument]) -> Iterator[Check]:
    """Every document of the contract, from the text that the stations download."""
    for entry in text.documents:
        kind, owner = str(entry.get("kind")), text.names.get(str(entry.get("organisation")), "")
        parts = [str(capfirst(DOCUMENTS.get(kind, kind))), owner, str(entry.get("title"))]
        document = held.get(str(entry.get("sha256")))
        found = of_text(document.data) if document else ""
        yield Check(" · ".join(part for part in parts if part), _("contract"), str(entry.get("sha256")), found)


def assessed_checks(dpia: Mapping[str, Any], facts: FactsDocument | None) -> Iterator[Check]:
    """The facts that the DPIA was filled in on, and the specification in them."""
    data = facts.data if facts else {}
    named = str(dpia.get("facts_sha256", ""))
    yield Check(_("Facts on which the DPIA was filled in"), _("DPIA"), named, of_document(data))
    named = str(dpia.get("specification_sha256", ""))
    yield Check(_("Specification that was assessed"), _("DPIA"), named, of_document(data.get("specification")))


def adopted_now(assessment: Assessment, text: Text) -> Check:
    """Whether the DPIA that stands adopted now is still the one in the contract."""
    named = next((str(entry.get("sha256")) for entry in text.documents if entry.get("kind") == "assessment"), "")
    found = of_document(assessment.document()) if assessment.state == "adopted" else ""
    return Check(_("DPIA as it stands adopted now"), _("contract"), named, found)


def signature_checks(text: Text, signed: Iterable[Signed], words: str) -> Iterator[Check]:
    """Which contract every station named in what it signed."""
    for entry in signed:
        yield Check(
            words % {"name": entry.name},
            _("signature of its station"),
            str(entry.said.get("contract", "")),
            text.sha256,
        )
