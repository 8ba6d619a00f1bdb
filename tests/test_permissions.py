"""Every address, with every method, by everybody: from the table in ``permissions.py``, and nothing beside it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Deputy, Membership, Organisation, SupportAccess, User
from collaborations.actions import add_paper, revise_basis
from collaborations.actions.basis_text import text_of
from collaborations.actions.summaries import agree_summary, propose_summary
from collaborations.facts import facts_document
from collaborations.models import BasisDocument, Call, CallAnswer, Interest, LegalBasis, Outsider
from computations import actions
from computations.models import Result, Run
from discussion.actions import comment
from dpia import actions as dpia
from dpia.actions import begin_template
from dpia.models import AdviceItem, Report
from tests.collaborations.world import World, new_person
from tests.computations.trial import TABLE
from tests.permissions import ANYONE, PARTNER, PLATFORM, PLATFORM_ROLE, PROPOSER, PUBLIC, RECIPIENT, ROUTES, Route

ODD = ("anonymous", "member", "stranger")
FEW = ("anonymous", "member", "innovation_manager", "other partner", "stranger", "platform_admin", "support")
"""Enough where the rule asks for no role."""
METHODS = {"GET": None, "POST": None, "PUT": ODD, "DELETE": ODD, "HEAD": ODD}
"""Method to those who try it; None: everybody."""
ABOUT_ORGANISATION = {"members": "membership", "contacts": "contact", "deputies": "deputy", "support": "support"}
STATION_API = "station_api"
SIGNED_CALLS = "signed by a station, not by a person: tests/computations/test_door.py"


def _draft_with_paper(basis: LegalBasis, world: World) -> BasisDocument:
    """A next version of a row, with a document that can still be taken away."""
    by = world.person("alfa", "drafter")
    draft = revise_basis(basis=basis, text=text_of(basis), by=by)
    return add_paper(basis=draft, document=b"%PDF-1.7 invented", document_name="note.pdf", by=by)


class Cast:
    """An authorised use case with everything a page can be about, and everybody who could ask for it."""

    def __init__(self) -> None:
        world = World()
        use_case = world.use_case_at("authorised")
        contract = use_case.contracts.get()
        by = world.person("alfa", "innovation_manager")
        self.run = actions.schedule_run(contract=contract, by=by)
        Result.objects.create(
            run=self.run, output="table", table=TABLE, sha256="0" * 64, received_from=world.organisations["alfa"],
            at=self.run.queued_at,
        )  # fmt: skip
        Run.objects.filter(pk=self.run.pk).update(state="released")
        self.people: dict[str, User | None] = {"anonymous": None}
        for role in roles.ROLES:
            self.people[role] = world.person("alfa", role) if role != "platform_admin" else _platform_administrator()
        self.people["member"] = world.person("alfa", "nobody")
        self.people["other partner"] = world.person("beta", "nobody")
        self.people["other partner's manager"] = world.person("beta", "innovation_manager")
        self.people["stranger"] = _stranger()
        alfa = world.organisations["alfa"]
        paper = _draft_with_paper(use_case.partners.get(organisation=alfa).bases.earliest("pk"), world)
        self.given = {
            "use-case": {"pk": use_case.pk, "number": 1},
            "contracts": {"pk": contract.pk},
            "runs": {"pk": self.run.pk},
            "partner_pk": use_case.partners.get(organisation=alfa).pk,
            "basis_pk": paper.basis.pk,
            "paper_pk": paper.pk,
            "agreement_pk": use_case.collaboration.agreements.first().pk,  # type: ignore[union-attr]
            "incident_pk": _incident(use_case, world.person("alfa", "dpo")).pk,
            "draft": begin_template(text="unfinished", by=self.people["platform_admin"]).pk,
            "schedule_pk": _schedule(contract, by).pk,
            "prescan": _prescan(use_case, world.person("alfa", "drafter")).pk,
            "report": _report(use_case, world.person("alfa", "drafter")).pk,
            **_network(use_case, world),
            "thread_pk": comment(about=use_case, organisation=alfa, text="Why 25?", by=by).pk,
            "item": AdviceItem.objects.filter(advice__organisation=alfa).first().pk,  # type: ignore[union-attr]
            "membership": Membership.objects.get(user=self.people["member"], organisation=alfa).pk,
            "mandate": alfa.mandates.first().pk,  # type: ignore[union-attr]
            "contact": alfa.contacts.create(name="Desk", function="Desk", email="desk@alfa.example").pk,
            "deputy": _deputy(self.people["member"], self.people["lawyer"]).pk,
            "support": _support(alfa, self.people["platform_admin"], self.people["organisation_admin"]).pk,
        }
        self.sessions = {who: _session(user) for who, user in self.people.items() if user is not None}
        self.people["support"] = self.people["platform_admin"]
        self.sessions["support"] = _session(self.people["support"], support=self.given["support"])

    def ask(self, method: str, address: str, who: str) -> int:
        """The answer's status; whatever it did is undone."""
        client = Client()
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        with transaction.atomic():
            status = client.generic(method, address).status_code
            transaction.set_rollback(True)
        return int(status)

    def address(self, name: str, route: Route) -> str:
        pattern = PATTERNS[name]
        wanted = pattern.pattern.converters
        known = dict(route.at)
        path = str(pattern.pattern)
        place = "contracts" if path.startswith("contracts") else "runs" if path.startswith("runs") else "use-case"
        for parameter in wanted:
            if parameter in known:
                continue
            if path.startswith("organisations"):
                kind = next((kind for part, kind in ABOUT_ORGANISATION.items() if part in path), "mandate")
                known[parameter] = "alfa" if parameter == "slug" else self.given[kind]
            else:
                known[parameter] = self.given[place].get(parameter) or self.given[parameter]
        return reverse(name, kwargs=known)


def _incident(use_case: Any, by: Any) -> Any:
    alfa, now = use_case.proposer, timezone.now()
    return actions.record_incident(
        use_case=use_case, organisation=alfa, title="Lost", what="Invented", discovered_at=now, by=by
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


def _report(use_case: Any, by: Any) -> Report:
    content = b"%PDF-invented"
    made = Report(assessment=use_case.assessment, kind="full", language="nl", by=by, state="ready")
    made.sha256 = hashlib.sha256(content).hexdigest()
    made.file.save("invented.pdf", ContentFile(content))
    return made


def _network(use_case: Any, world: World) -> dict[str, Any]:
    """A call with an answer and interest from outside, a request, and a text that everybody agreed to. The use case is
    authorised by now, which ended the call: it is still read by whoever was involved, and so by everybody here."""
    alfa, by = world.organisations["alfa"], world.person("alfa", "innovation_manager")
    written = {"use_case": use_case, "by": by}
    call = Call.objects.create(organisation=alfa, wanted="Data", why="Invented", until=timezone.localdate(), **written)
    delta = Organisation.objects.get(slug="delta")
    answer = CallAnswer.objects.create(call=call, organisation=delta, text="We do", contact="Desk", by=by)
    Interest.objects.create(organisation=Organisation.objects.get(slug="platform"), call=call, **written)
    outsider = Outsider.objects.create(name="Epsilon", email="desk@epsilon.example", message="Invented", **written)
    words = {"title_nl": "Titel", "title_en": "Title", "text_nl": "Tekst", "text_en": "Text"}
    summary = propose_summary(use_case=use_case, **words, by=by)
    for key, organisation in world.organisations.items():
        joins = world.person(key, "innovation_manager")
        agree_summary(summary=summary, organisation=organisation, sha256=summary.sha256, by=joins)
    given = {"call": call, "answer": answer, "outsider": outsider, "summary": summary}
    return {f"{name}_pk": row.pk for name, row in given.items()}


def _deputy(member: Any, absent: Any) -> Deputy:
    """Over by now: it gives nobody anything."""
    return Deputy.objects.create(
        membership=member.memberships.get(), absent=absent.memberships.get(), role="lawyer", reason="invented",
        first_day="2020-01-01", last_day="2020-01-02",
    )  # fmt: skip


def _platform_administrator() -> User:
    organisation = Organisation.objects.create(slug="platform", name="Platform")
    return new_person("admin@platform.example", organisation, "platform_admin")


def _support(organisation: Organisation, asked_by: Any, answered_by: Any) -> SupportAccess:
    return SupportAccess.objects.create(
        organisation=organisation, asked_by=asked_by, answered_by=answered_by, reason="invented", hours=8,
        state="granted", until=timezone.now() + timedelta(hours=8),
    )  # fmt: skip


def _session(user: User, **held: int) -> str:
    client = Client()
    client.force_login(user)
    if held:
        session = client.session
        session.update(held)
        session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _stranger() -> User:
    """Holds every role, elsewhere."""
    organisation = Organisation.objects.create(slug="delta", name="Delta")
    user = new_person("everything@delta.example", organisation, "innovation_manager")
    for role in set(roles.ROLES) - {"platform_admin"}:
        roles.grant(user.memberships.get(), role)
    return user


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, entry.namespace or namespace)
        else:
            yield f"{namespace}:{entry.name}", entry


PATTERNS = dict(_patterns(get_resolver()))
ORGANISATION_PAGES = {name for name, entry in PATTERNS.items() if "organisations/<" in str(entry.pattern)}
PAGES = sorted(name for name in PATTERNS if not name.startswith(STATION_API))


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Cast]:
    former, settings.STATIC_ROOT = settings.STATIC_ROOT, settings.BASE_DIR / "static"
    with django_db_blocker.unblock(), transaction.atomic():
        yield Cast()
        transaction.set_rollback(True)
    settings.STATIC_ROOT = former


def test_every_page_stands_in_the_table_and_nothing_else() -> None:
    assert sorted(ROUTES) == PAGES


def test_the_calls_of_stations_have_a_test_of_their_own() -> None:
    assert any(name.startswith(STATION_API) for name in PATTERNS), SIGNED_CALLS


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_page(name: str, cast: Cast) -> None:
    if name not in PATTERNS:
        pytest.fail(f"{name} is in the table, but there is no such address")
    wrong = []
    for route in ROUTES[name]:
        address = cast.address(name, route)
        for who in cast.people:
            if who not in FEW and not isinstance(route.rule if route.posting is None else route.posting, set):
                continue
            for method in (method for method, those in METHODS.items() if those is None or who in those):
                given, expected = cast.ask(method, address, who), _expected(name, route, who, method)
                if given not in expected:
                    wrong.append(f"{method} {address} by {who}: {given}, expected one of {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_things_that_are_not_there_are_not_there(cast: Cast) -> None:
    for name in ("collaborations:use_case", "computations:run", "computations:contract_text"):
        client = Client()
        client.force_login(cast.people["innovation_manager"])
        assert client.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


FINE = {200, 302, 409, 422}
"""Shown, done, refused with reasons by the actions, or sent back with what is missing."""


def _expected(name: str, route: Route, who: str, method: str) -> set[int]:
    if who == "anonymous" and route.rule != PUBLIC:
        return {302}
    if route.only_post and method != "POST":
        return {405}
    if route.only_look and method not in ("GET", "HEAD"):
        return {405}
    rule = route.posting if route.posting and method == "POST" else route.rule
    if route.any_partner and who == "other partner's manager":
        who = "innovation_manager"
    verdict = _organisation_page(rule, who) if name in ORGANISATION_PAGES else _verdict(rule, who)
    return FINE | {405} if verdict is FINE and method not in ("GET", "POST") else verdict


def _verdict(rule: Any, who: str) -> set[int]:
    """What somebody gets, with a fitting method, who asks for a page of the use case or one that is about nothing."""
    if rule in (PUBLIC, ANYONE):
        return FINE
    if rule == PLATFORM:
        return FINE if who in PLATFORM_ROLE else {403}
    if rule == PROPOSER:
        return FINE if who in ("innovation_manager", "other partner's manager", "stranger") else {403}
    if who in ("stranger", "platform_admin"):
        return {404}
    if who == "support":  # reads like a partner; acts for none
        return FINE | {403, 404} if rule == PARTNER else {403}
    if rule == RECIPIENT:
        return {403} if who.startswith("other partner") else FINE
    return FINE if rule == PARTNER or who in rule else {403}


def _organisation_page(rule: Any, who: str) -> set[int]:
    """The same for a page of the organisation alfa, of which platform administrators know that it is there."""
    if who in ("stranger", "other partner", "other partner's manager"):
        return {404}
    return FINE if who in rule else {403}
