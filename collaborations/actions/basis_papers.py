"""The papers under a legal basis: kept as they came, with their hash, and only while the row is a draft."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

import audit
from accounts.models import User
from collaborations.access import lock, require_any
from collaborations.lifecycle import BASIS
from collaborations.models import BasisDocument, LegalBasis
from station.reasons import Refused
from web.contents import refuse_harm
from web.uploads import check_size, ending_of, is_what_it_says, kept, plain_name

KINDS = ("pdf", "png", "jpg", "jpeg", "docx", "odt")
MOST = 10


@transaction.atomic
def add_paper(*, basis: LegalBasis, document: bytes, document_name: str, by: User) -> BasisDocument:
    """Adds a paper to a draft; whoever adds one is an author, and earlier advice was about another dossier."""
    basis = lock(basis)
    require_any(by, BASIS["submit"], basis.partner.organisation)
    if basis.state != "draft":
        raise Refused("lifecycle.state", state=str(basis.get_state_display()))
    name = plain_name(document_name)
    _check(document, name)
    sha256 = hashlib.sha256(document).hexdigest()
    if basis.documents.filter(sha256=sha256).exists():
        raise Refused("basis.paper_twice", title=name)
    if basis.documents.count() >= MOST:
        raise Refused("basis.many_papers", limit=MOST)
    paper = BasisDocument(basis=basis, name=name, sha256=sha256, added_by=by)
    paper.file.save(sha256, ContentFile(document), save=False)
    paper.save()
    basis.authors.add(by)
    basis.advised_by, basis.advice_verdict, basis.advice = None, "", ""
    basis.save()
    _record("basis.paper_added", paper, by)
    return paper


@transaction.atomic
def drop_paper(*, paper: BasisDocument, by: User) -> None:
    """Takes a paper away from a draft."""
    basis = lock(paper.basis)
    require_any(by, BASIS["submit"], basis.partner.organisation)
    if basis.state != "draft":
        raise Refused("lifecycle.state", state=str(basis.get_state_display()))
    basis.authors.add(by)
    _record("basis.paper_dropped", paper, by)
    paper.delete()


def kept_paper(paper: BasisDocument) -> bytes:
    """The paper as it was added; refused when what is stored is something else."""
    found = kept(paper.file, paper.sha256)
    if found is None:
        raise Refused("basis.paper_lost", title=paper.name)
    return found


def keep_papers(old: LegalBasis, new: LegalBasis) -> None:
    """A next version rests on the same papers, until somebody changes that."""
    BasisDocument.objects.bulk_create(
        BasisDocument(
            basis=new, file=paper.file.name, name=paper.name, sha256=paper.sha256, added_by=paper.added_by,
            added_at=paper.added_at,
        )
        for paper in old.documents.all()
    )  # fmt: skip


def _check(document: bytes, name: str) -> None:
    check_size(document)
    ending = ending_of(name)
    if ending not in KINDS or not is_what_it_says(document, ending):
        raise Refused("basis.paper_kind", title=name)
    refuse_harm(document, ending, name)


def _record(event: str, paper: BasisDocument, by: User) -> None:
    basis = paper.basis
    audit.record(
        event, by=by, about=basis, context=basis.partner.use_case, organisation=basis.partner.organisation,
        law=basis.law_id, article=basis.article, title=paper.name, sha256=paper.sha256,
    )  # fmt: skip
