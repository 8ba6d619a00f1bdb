"""Every address, with every method, by everybody: from the table in ``permissions.py``, and nothing beside it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import roles
from accounts.models import Organisation, User
from collaborations import kept
from tests.collaborations.world import World, new_person
from tests.everything import Everything, bodies, written
from tests.permissions import ANYONE, PARTNER, PLATFORM, PLATFORM_ROLE, PROPOSER, PUBLIC, RECIPIENT, ROUTES, Route

ODD = ("anonymous", "member", "stranger")
FEW = ("anonymous", "member", "innovation_manager", "other partner", "stranger", "platform_admin", "support")
"""Enough where the rule asks for no role."""
METHODS = {"GET": None, "POST": None, "PUT": ODD, "DELETE": ODD, "HEAD": ODD}
"""Method to those who try it; None: everybody."""
ALWAYS = {"GET": FEW, "POST": None, "PUT": ("member",), "DELETE": ("member",), "HEAD": ("stranger",)}
"""Those who try it each time, beside those who may; everybody who may not always posts."""
ELSEWHERE = (*sorted(set(roles.ROLES) - {"platform_admin"}), "nobody")
BINDS, SLOW = "mandated_manager", pytest.mark.slow
"""One role by itself; ``test_page`` also asks as a stranger who holds every role."""
STATION_API = "station_api"
SIGNED_CALLS = "signed by a station, not by a person: tests/computations/test_door.py"


class Cast:
    """Two dossiers of unrelated partners, and everybody who could ask for a page of the first.

    One client serves all, with the session of whoever asks: what a page needs is set up once.
    """

    def __init__(self) -> None:
        self.client = Client()
        platform = _platform_administrator()
        self.own = Everything(World(), platform)
        self.theirs = Everything(World(keys=("delta", "epsilon", "zeta")), platform)
        beta = self.own.world
        self.people: dict[str, User | None] = {"anonymous": None}
        self.people |= {role: self.own.person(role) for role in roles.ROLES if role != "platform_admin"}
        self.people |= {"platform_admin": platform, "member": self.own.person("nobody")}
        self.people["other partner"] = beta.person("beta", "nobody")
        self.people["other partner's manager"] = beta.person("beta", "innovation_manager")
        self.people["stranger"] = _holding_all("everything@delta.example", self.theirs)
        self.people["everything"] = _holding_all("everything@alfa.example", self.own)
        self.strangers = {role: self.theirs.person(role) for role in ELSEWHERE}
        kept.keep_all()  # who reads them first writes them down, whoever that is
        self.sessions = {who: session_of(user) for who, user in self.people.items() if user is not None}
        self.sessions |= {f"{who} elsewhere": session_of(user) for who, user in self.strangers.items()}
        self.people["support"] = platform
        self.sessions["support"] = session_of(platform, support=self.own.parts["support"])
        self._bodies: dict[str, dict[str, Any]] = {}

    def ask(self, method: str, address: str, who: str, body: dict[str, Any] | None = None) -> int:
        """The answer's status. What forms the page shows is remembered, for who posts without having seen it."""
        self.client.cookies.clear()
        if who in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        if body is not None:
            return int(self.client.post(address, body).status_code)
        answer = self.client.generic(method, address)
        if method == "GET" and answer.status_code == 200:
            self._bodies.setdefault(address, {}).update(bodies(answer.context))
        return int(answer.status_code)

    def undone(self, method: str, address: str, who: str) -> int:
        """The same, and whatever it did is undone."""
        with transaction.atomic():
            status = self.ask(method, address, who)
            transaction.set_rollback(True)
        return status

    def body(self, address: str) -> dict[str, Any]:
        """What somebody who may would send there, and for a page without a form what others take."""
        if address not in self._bodies:
            for who in ("everything", "platform_admin"):
                if self.undone("GET", address, who) == 200:
                    break
            self._bodies.setdefault(address, {})
        return GENERAL | self._bodies[address]

    def address(self, name: str, route: Route, of: Everything | None = None, parts: Everything | None = None) -> str:
        path, wanted = str(PATTERNS[name].pattern), PATTERNS[name].pattern.converters
        return reverse(name, kwargs=(of or self.own).parameters(path, wanted, route.at, parts))


GENERAL = {"reason": "Written in good faith", "text": "Written in good faith", "verdict": "positive", "version": "1"}


def _platform_administrator() -> User:
    organisation = Organisation.objects.create(slug="platform", name="Platform")
    return new_person("admin@platform.example", organisation, "platform_admin")


def session_of(user: User, **held: int) -> str:
    client = Client()
    client.force_login(user)
    if held:
        session = client.session
        session.update(held)
        session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _holding_all(email: str, things: Everything) -> User:
    """Somebody with every role of the organisation."""
    user = new_person(email, things.organisation, "mandated_manager")
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
    asked = [one for route in ROUTES[name] for one in _asked(name, route, cast)]
    shown = next((one.who for one in asked if one.let_in), "")
    _ask_all([one for one in asked if _always(one) or (one.let_in and (one.who == shown or "_pdf" not in name))], cast)


def _always(one: Asked) -> bool:
    """A PDF takes a second to lay out: of those who may have it one is asked each time."""
    those = ALWAYS[one.method]
    return (those is None or one.who in those) and not (one.let_in and "pdf" in one.address)


@SLOW
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_page_in_every_way(name: str, cast: Cast) -> None:
    _ask_all([one for route in ROUTES[name] for one in _asked(name, route, cast)], cast)


def _ask_all(asked: list[Asked], cast: Cast) -> None:
    refused = [one for one in asked if one.refused]
    before = _changing(written())
    wrong = [one.wrong(cast.ask(one.method, one.address, one.who, one.body(cast))) for one in refused]
    assert not any(wrong), "\n".join(filter(None, wrong))
    assert _changing(written()) == before, "somebody who may not changed something"
    wrong = [one.wrong(cast.undone(one.method, one.address, one.who)) for one in asked if not one.refused]
    assert not any(wrong), "\n".join(filter(None, wrong))


@dataclass(frozen=True)
class Asked:
    method: str
    address: str
    who: str
    expected: set[int]

    @property
    def refused(self) -> bool:
        """Not let in: nothing may change, whatever was sent along."""
        return not self.expected & {200}

    @property
    def let_in(self) -> bool:
        return self.method == "GET" and not self.refused

    def body(self, cast: Cast) -> dict[str, Any] | None:
        return cast.body(self.address) if self.method == "POST" else None

    def wrong(self, given: int) -> str:
        if given in self.expected:
            return ""
        return f"{self.method} {self.address} by {self.who}: {given}, expected one of {sorted(self.expected)}"


def _asked(name: str, route: Route, cast: Cast) -> Iterator[Asked]:
    address = cast.address(name, route)
    for who in cast.people:
        if who == "everything":
            continue
        if who not in FEW and not isinstance(route.rule if route.posting is None else route.posting, set):
            continue
        for method in (method for method, those in METHODS.items() if those is None or who in those):
            yield Asked(method, address, who, _expected(name, route, who, method))


def _changing(rows: dict[str, int]) -> dict[str, int]:
    """Without the events (what is tried under support access is recorded, also when it is refused) and sessions."""
    return {table: number for table, number in rows.items() if table not in ("audit_event", "django_session")}


OF_OBJECTS = [
    (name, route) for name, routes in ROUTES.items() for route in routes
    if name in PATTERNS and PATTERNS[name].pattern.converters and route.rule not in (PUBLIC, ANYONE, PROPOSER, PLATFORM)
]  # fmt: skip
"""Every address about something of somebody."""


@pytest.mark.django_db
@pytest.mark.parametrize("role", [pytest.param(role, marks=[] if role == BINDS else SLOW) for role in ELSEWHERE])
def test_an_unrelated_partner_finds_nothing_and_changes_nothing(role: str, cast: Cast) -> None:
    """Whatever the role there: no page, and a POST as somebody who may would send it does nothing."""
    wrong, before = [], written()
    for name, route in OF_OBJECTS:
        address = cast.address(name, route)
        if not route.only_look:
            one = Asked("POST", address, f"{role} elsewhere", {404})
            wrong.append(one.wrong(cast.ask("POST", address, one.who, cast.body(address))))
    assert not any(wrong), "\n".join(filter(None, wrong))
    assert written() == before


@pytest.mark.django_db
def test_a_part_of_somebody_elses_dossier_is_not_found_in_ones_own(cast: Cast) -> None:
    """The own use case or organisation in the address, and in it the number of a thing of unrelated partners."""
    wrong, before, crossed = [], written(), 0
    for name, route in OF_OBJECTS:
        own, address = cast.address(name, route), cast.address(name, route, parts=cast.theirs)
        if own == address:
            continue
        crossed += 1
        for method in ("GET", "POST"):
            if method == ("POST" if route.only_look else "GET" if route.only_post else ""):
                continue
            body = cast.body(own) if method == "POST" else None
            given, one = cast.ask(method, address, "everything", body), Asked(method, address, "everything", {404})
            if given != 409 or cast.undone(method, own, "everything") != 409:  # not even the own can be drafted now
                wrong.append(one.wrong(given))
    assert crossed > 30
    assert not any(wrong), "\n".join(filter(None, wrong))
    assert written() == before


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
