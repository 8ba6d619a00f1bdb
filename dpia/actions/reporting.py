"""Documents of a DPIA: asked for on a page, made by a worker."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dpia import report as document
from dpia.models import Assessment, Report, Version
from dpia.steps import record
from station.reasons import Refused
from web.pdf import NoPdf

log = logging.getLogger(__name__)
LONGEST = timedelta(minutes=5)
"""A worker that takes longer has stopped; another may begin again."""


@transaction.atomic
def ask_report(
    *, assessment: Assessment, kind: str, language: str, by: User, version: Version | None = None
) -> Report:
    """Whoever calls this has checked that ``by`` may read the DPIA."""
    from dpia.tasks import nudge  # it calls this module

    if kind not in document.KINDS or language not in document.LANGUAGES:
        raise Refused("report.kind")
    if kind == "advice" and version is None:
        raise Refused("report.no_version")
    asked = Report.objects.create(assessment=assessment, version=version, kind=kind, language=language, by=by)
    record("assessment.report_asked", assessment, by=by, organisation=None, kind=kind, language=language)
    transaction.on_commit(partial(nudge, asked.pk))
    return asked


def make_report(*, report_id: int) -> None:
    """The worker's part. Twice does it once; how far it is, is there to be seen meanwhile."""
    asked = _begun(report_id)
    if asked is None:
        return
    try:
        content = _laid_out(asked)
    except NoPdf:
        _end(asked, state=Report.State.FAILED, no_pango=True)
    except Exception:
        log.exception("report %s could not be made", report_id)
        _end(asked, state=Report.State.FAILED)
    else:
        asked.file.save(f"{asked.pk}.pdf", ContentFile(content), save=False)
        sha256 = hashlib.sha256(content).hexdigest()
        _end(asked, state=Report.State.READY, percent=100, sha256=sha256, file=asked.file.name)


@transaction.atomic
def _begun(report_id: int) -> Report | None:
    """None when it is made already, or somebody is at it."""
    asked = Report.objects.select_for_update(of=("self",)).select_related("assessment", "version").get(pk=report_id)
    stopped = asked.begun_at is not None and asked.begun_at < timezone.now() - LONGEST
    if asked.state != "queued" and not (asked.state == "making" and stopped):
        return None
    asked.state, asked.begun_at, asked.percent = Report.State.MAKING, timezone.now(), 10
    asked.save(update_fields=["state", "begun_at", "percent"])
    return asked


def _laid_out(asked: Report) -> bytes:
    text = document.html(asked.assessment, asked.kind, asked.language, asked.version)
    Report.objects.filter(pk=asked.pk).update(percent=40)
    return document.tagged_pdf(text)


def _end(asked: Report, **fields: object) -> None:
    Report.objects.filter(pk=asked.pk).update(**fields)
