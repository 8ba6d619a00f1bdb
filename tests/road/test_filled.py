"""The demo of the browser: filled once, and no page of it that a member cannot open."""

import html
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar

import pytest

from bin.machine import ports
from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, VAR
from bin.machine.platform import Platform

pytestmark = pytest.mark.slow
STATES = {
    "draft", "proposed", "exploring", "assessing", "authorised", "on_hold", "rejected", "withdrawn", "closed"
}  # fmt: skip
SEEN_BY = ["innovatie@kvk.example", "fg@gemeenten.example", "manager@belastingdienst.example", "opsteller@svb.example"]
COUNT = """
import json, os, pathlib
import django
django.setup()
from collaborations.models import UseCase
from computations.models import Result, Run
found = {"use_cases": list(UseCase.objects.values_list("state", flat=True)),
         "runs": list(Run.objects.values_list("state", flat=True)), "results": Result.objects.count()}
pathlib.Path(os.environ["NICPET_VAR"], "counted.json").write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def filled() -> Iterator[Platform]:
    web, doorbell = ports.any_free(), ports.any_free()
    instance = Instance(VAR / f"filled-{web}", web, doorbell, durable=False, outer_servers=False)
    platform = Platform(instance, restart=True)
    try:
        platform.start()
        assert platform.foreground([PYTHON, "-m", "demo", "load"]) == 0, f"see above, and {instance.logs}"
        yield platform
    finally:
        platform.stop()
    instance.erase()
    instance.directory.rmdir()


def count(platform: Platform) -> str:
    assert platform.foreground([PYTHON, "-c", COUNT]) == 0
    return (platform.instance.directory / "counted.json").read_text("utf-8")


def test_every_state_is_there_and_filling_twice_changes_nothing(filled):
    before = count(filled)
    for state in STATES | {"released", "withheld", "checking", "refused", "cancelled"}:
        assert f'"{state}"' in before
    assert filled.foreground([PYTHON, "-m", "demo", "load"]) == 0
    assert filled.foreground([PYTHON, "-m", "demo", "accounts"]) == 0
    assert count(filled) == before


@pytest.mark.parametrize("email", SEEN_BY)
def test_every_page_that_is_linked_can_be_opened(filled, email):
    visitor = Visitor(filled.instance.address, email, (filled.instance.directory / "demo-password").read_text())
    waiting, seen = ["/", "/use-cases/", "/lessons/", "/organisations/"], set()
    while waiting:
        path = waiting.pop()
        if (kind := re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "N", path)) in seen and kind != "/use-cases/N/":
            continue  # one of a kind is enough, but every use case
        seen.add(kind)
        waiting += visitor.links(path)
    assert len(seen) > 20


class Visitor:
    """Somebody with a browser that keeps cookies; an answer that is no success is an error."""

    def __init__(self, address: str, email: str, password: str) -> None:
        self.address, self.been = address, set[str]()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self._open("/log-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        fields = {"csrfmiddlewaretoken": token[1], "username": email, "password": password}
        self._open("/log-in/", fields)

    def links(self, path: str) -> list[str]:
        """What a page links to and was not seen; the page itself must be there."""
        if path in self.been:
            return []
        self.been.add(path)
        found = [html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', self._open(path))]
        return [link for link in found if not link.startswith(("/static", "/log-out", "/language"))]

    def _open(self, path: str, fields: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.address + path, data, {"Referer": self.address + path})
        with self.opener.open(request) as answer:
            assert answer.status == 200
            assert "/log-in/" not in answer.geturl() or (not fields and path == "/log-in/")
            return str(answer.read().decode(errors="replace"))
