"""An authorised use case with everything that a page can be about, and a body for every form of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import Deputy, Membership, Organisation, SupportAccess, User
from collaborations.actions import add_paper, revise_basis
from collaborations.actions.basis_text import text_of
from collaborations.actions.sharing import prepare_sharing, preview
from collaborations.actions.summaries import agree_summary, propose_summary
from collaborations.facts import facts_document
from collaborations.models import BasisDocument, Call, CallAnswer, Interest, LegalBasis, Outsider, SharedAssessment
from computations import actions
from computations.models import Result, Run
from discussion.actions import comment
from dpia import actions as dpia
from dpia.actions import begin_template
from dpia.models import AdviceItem, Answer, Import, Paper, Report
from station.contract.canonical import digest
from tests.collaborations.world import World
from tests.computations.trial import TABLE

PAPER = b"%PDF-1.7 invented"


class Everything:
    """Of the first organisation of a world (``key``). ``given``: place in the address tree -> parameter -> value."""

    def __init__(self, world: World, platform: User) -> None:
        self.world, self.key = world, world.keys[0]
        self.organisation = world.organisations[self.key]
        self.answered_by = "alfa" if self.key == "delta" else "delta"  # a call of this organisation
        use_case = world.use_case_at("authorised")
        contract, by = use_case.contracts.get(), self.person("innovation_manager")
        run = _released(actions.schedule_run(contract=contract, by=by), self.organisation)
        paper = _draft_with_paper(use_case.partners.get(organisation=self.organisation).bases.earliest("pk"), self)
        item = AdviceItem.objects.filter(advice__organisation=self.organisation).first()
        self.containers = {"use-case": use_case.pk, "contracts": contract.pk, "runs": run.pk}
        self.parts = {
            "number": 1,
            "partner_pk": use_case.partners.get(organisation=self.organisation).pk,
            "basis_pk": paper.basis.pk,
            "paper_pk": paper.pk,
            "agreement_pk": use_case.collaboration.agreements.first().pk,  # type: ignore[union-attr]
            "incident_pk": _incident(use_case, self.person("dpo")).pk,
            "draft": begin_template(text="unfinished", by=platform).pk,
            "schedule_pk": _schedule(contract, by).pk,
            "prescan": _prescan(use_case, self.person("drafter")).pk,
            "report": _report(use_case, self.person("drafter")).pk,
            "shared": _shared(use_case, self.person("drafter"), "shared").pk,
            "prepared": _shared(use_case, self.person("drafter"), "draft").pk,
            "imported": _imported(use_case, self.person("drafter")).pk,
            "paper": _dpia_paper(use_case, self.person("drafter")).pk,
            "measure": _measure(use_case, self.person("drafter")),
            "sha256": hashlib.sha256(PAPER).hexdigest(),
            **_network(use_case, self),
            "thread_pk": comment(about=use_case, organisation=self.organisation, text="Why 25?", by=by).pk,
            "item": item.pk,  # type: ignore[union-attr]
            "members": Membership.objects.get(user=self.person("nobody"), organisation=self.organisation).pk,
            "mandates": self.organisation.mandates.first().pk,  # type: ignore[union-attr]
            "contacts": self.organisation.contacts.create(name="Desk", function="Desk", email="d@x.example").pk,
            "deputies": _deputy(self.person("nobody"), self.person("lawyer")).pk,
            "support": _support(platform, self.person("organisation_admin")).pk,
        }

    def person(self, role: str) -> User:
        return self.world.person(self.key, role)

    def parameters(self, path: str, wanted: Any, at: dict[str, Any], parts: Everything | None = None) -> dict[str, Any]:
        """What fills an address; the parts of it may be those of somebody else's dossier."""
        parts = parts or self
        known = {key: parts.key if value == "alfa" else value for key, value in at.items()}
        place = next((place for place in ("contracts", "runs") if path.startswith(place)), "use-case")
        for name in set(wanted) - set(known):
            if path.startswith("organisations"):
                kind = next((kind for kind in parts.parts if f"/{kind}/" in path), "mandates")
                known[name] = self.key if name == "slug" else parts.parts[kind]
            else:
                known[name] = self.containers[place] if name == "pk" else parts.parts[name]
        return known


def written() -> dict[str, int]:
    """Table -> rows that this transaction wrote so far, also those that were rolled back: it never goes down."""
    total = "n_tup_ins + n_tup_upd + n_tup_del"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT relname, {total} FROM pg_stat_xact_user_tables WHERE {total} > 0")
        return dict(cursor.fetchall())


def shown_forms(context: Any) -> Iterator[forms.BaseForm]:
    """The forms in a page's context, each once."""
    rendered = context if isinstance(context, list) else [context] if context else []
    found = (value for one in rendered for value in one.flatten().values() if isinstance(value, forms.BaseForm))
    yield from {id(form): form for form in found}.values()


def bodies(context: Any) -> dict[str, Any]:
    """A believable answer to every form in a page's context."""
    return {name: value for form in shown_forms(context) for name, value in _filled(form)}


def _filled(form: forms.BaseForm) -> Iterator[tuple[str, Any]]:
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        value = value if value not in (None, "", []) else _answer(field)
        if isinstance(value, date | datetime):
            value = value.isoformat()
        if value is not None:
            yield form.add_prefix(name), value


def _answer(field: forms.Field) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        row = field.queryset.first()
        return row.pk if row else None
    if isinstance(field, forms.ChoiceField):
        return next((str(key) for key, _label in field.choices if key not in ("", None)), None)
    known: tuple[tuple[type[forms.Field], Any], ...] = (
        (forms.BooleanField, "on"),
        (forms.DateField, timezone.localdate()),
        (forms.DateTimeField, timezone.now()),
        (forms.IntegerField, getattr(field, "min_value", None) or 1),
        (forms.EmailField, "somebody@elsewhere.example"),
        (forms.FileField, SimpleUploadedFile("note.pdf", PAPER)),
    )
    text = "Written in good faith"[: getattr(field, "max_length", None) or 100]
    return next((value for kind, value in known if isinstance(field, kind)), text)


def _released(run: Run, organisation: Any) -> Run:
    Result.objects.create(
        run=run, output="table", table=TABLE, sha256="0" * 64, received_from=organisation, at=run.queued_at
    )  # fmt: skip
    Run.objects.filter(pk=run.pk).update(state="released")
    return run


def _draft_with_paper(basis: LegalBasis, things: Everything) -> BasisDocument:
    """A next version of a row, with a document that can still be taken away."""
    by = things.person("drafter")
    draft = revise_basis(basis=basis, text=text_of(basis), by=by)
    return add_paper(basis=draft, document=PAPER, document_name="note.pdf", by=by)


def _incident(use_case: Any, by: Any) -> Any:
    now = timezone.now()
    return actions.record_incident(
        use_case=use_case, organisation=use_case.proposer, title="Lost", what="Invented", discovered_at=now, by=by
    )  # fmt: skip


def _schedule(contract: Any, by: Any) -> Any:
    window = contract.read().specification.schedule
    return actions.plan_runs(contract=contract, first_day=window.last_day, at=time(23, 59), by=by)


def _prescan(use_case: Any, by: Any) -> Any:
    """One that leaves it to the DPO."""
    answers = {"new_law": False, "criteria": ["new_technique"], "outside_eea": False, "algorithm": "no",
               "high_risk_ai": False}  # fmt: skip
    return dpia.prescan(
        context=use_case, facts=facts_document(use_case), answers=answers, text="Invented", by=by,
        organisation=use_case.proposer,
    )  # fmt: skip


def _measure(use_case: Any, by: Any) -> str:
    """One that the first organisation sees to."""
    row = {"id": "invented", "measure": "A threshold", "organisation": use_case.proposer.slug, "state": "planned"}
    Answer.objects.create(assessment=use_case.assessment, question="measures", value=[row], by=by)
    return "invented"


def _dpia_paper(use_case: Any, by: Any) -> Paper:
    made = Paper(assessment=use_case.assessment, question="context", name="note.pdf", size=len(PAPER), by=by)
    made.sha256 = hashlib.sha256(PAPER).hexdigest()
    made.file.save("invented.pdf", ContentFile(PAPER))
    return made


def _report(use_case: Any, by: Any) -> Report:
    content = b"%PDF-invented"
    made = Report(assessment=use_case.assessment, kind="full", language="nl", by=by, state="ready")
    made.sha256 = hashlib.sha256(content).hexdigest()
    made.file.save("invented.pdf", ContentFile(content))
    return made


def _shared(use_case: Any, by: Any, state: str) -> SharedAssessment:
    """One that everybody may read, or one that is being prepared."""
    row = prepare_sharing(
        use_case=use_case, audience="public", title="Invented", picks=["necessity", "risks"], passages="", by=by
    )
    if state == "shared":
        row.data = preview(row)
        row.sha256, row.state = digest(row.data), state
        row.save()
    return row


def _imported(use_case: Any, by: Any) -> Import:
    told = {"task": "99", "text": "Invented", "reason": {"code": "exchange.no_task", "facts": {"task": "99"}}}
    organisation = use_case.proposer
    return Import.objects.create(
        assessment=use_case.assessment, organisation=organisation, by=by, form="own", sha256="0" * 64, number=1,
        left=[told],
    )  # fmt: skip


def _network(use_case: Any, things: Everything) -> dict[str, Any]:
    """A call with an answer and interest from outside, a request, and a text that everybody agreed to. The use case is
    authorised by now, which ended the call: it is still read by whoever was involved, and so by everybody here."""
    by = things.person("innovation_manager")
    filled = {"use_case": use_case, "by": by}
    days = {"wanted": "Data", "why": "Invented", "until": timezone.localdate()}
    call = Call.objects.create(organisation=things.organisation, **days, **filled)
    other, _made = Organisation.objects.get_or_create(slug=things.answered_by, name=things.answered_by.title())
    answer = CallAnswer.objects.create(call=call, organisation=other, text="We do", contact="Desk", by=by)
    Interest.objects.create(organisation=Organisation.objects.get(slug="platform"), call=call, **filled)
    outsider = Outsider.objects.create(name="Theta", email="desk@theta.example", message="Invented", **filled)
    words = {"title_nl": "Titel", "title_en": "Title", "text_nl": "Tekst", "text_en": "Text"}
    summary = propose_summary(use_case=use_case, **words, by=by)
    for key, organisation in things.world.organisations.items():
        joins = things.world.person(key, "innovation_manager")
        agree_summary(summary=summary, organisation=organisation, sha256=summary.sha256, by=joins)
    given = {"call": call, "answer": answer, "outsider": outsider, "summary": summary}
    return {f"{name}_pk": row.pk for name, row in given.items()}


def _deputy(member: Any, absent: Any) -> Deputy:
    """Over by now: it gives nobody anything."""
    return Deputy.objects.create(
        membership=member.memberships.get(), absent=absent.memberships.get(), role="lawyer", reason="invented",
        first_day="2020-01-01", last_day="2020-01-02",
    )  # fmt: skip


def _support(asked_by: User, answered_by: User) -> SupportAccess:
    """Granted for eight hours, unless this person is in support elsewhere: then it is over."""
    running = SupportAccess.objects.filter(asked_by=asked_by, state="granted").exists()
    return SupportAccess.objects.create(
        organisation=answered_by.memberships.get().organisation, asked_by=asked_by, answered_by=answered_by,
        reason="invented", hours=8, state="expired" if running else "granted",
        until=timezone.now() + timedelta(hours=8),
    )  # fmt: skip
