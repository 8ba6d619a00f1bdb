"""A browser for the pages of one DPIA."""

from __future__ import annotations

import html
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dpia.models import Assessment
from dpia.sheet import Sheet
from tests.dpia.people import Cast, again


@dataclass
class Pages:
    """Every call names who looks: organisation and role."""

    client: Client
    cast: Cast

    def at(self, state: str) -> Pages:
        self.cast.at(state)
        return self

    @property
    def now(self) -> Assessment:
        return again(self.cast.assessment)

    def url(self, name: str = "", *args: Any) -> str:
        page = f"assessment_{name}" if name else "assessment"
        return reverse(f"collaborations:{page}", args=[self.now.context_id, *args])

    def get(self, key: str, role: str, name: str = "", *args: Any) -> HttpResponse:
        self.login(key, role)
        return self.client.get(self.url(name, *args))

    def post(self, key: str, role: str, name: str, *args: Any, **data: Any) -> HttpResponse:
        self.login(key, role)
        return self.client.post(self.url(name, *args), {n.replace("__", "-"): value for n, value in data.items()})

    def opened(self, key: str, role: str, point: str) -> dict[str, Any]:
        """What a browser would send back if nothing were changed on the page of a point."""
        return inputs(text(self.get(key, role, "point", point)))

    def save(self, key: str, role: str, point: str, form: dict[str, Any], **changes: Any) -> HttpResponse:
        self.login(key, role)
        return self.client.post(self.url("point", point), form | {n.replace("__", "-"): v for n, v in changes.items()})

    def value(self, question: str, key: str | None = None) -> Any:
        organisation = self.cast.world.organisations[key] if key else None
        return Sheet(self.now).values(organisation)[question]

    def login(self, key: str, role: str) -> None:
        self.client.force_login(self.cast.person(key, role))
        self.client.cookies["django_language"] = "en"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def inputs(page: str) -> dict[str, Any]:
    """Names and values of what a form on a page sends, read from its HTML."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, Any] = {}
            self.area: str | None = None
            self.select = ""

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            given = {name: value or "" for name, value in attributes}
            checked = "checked" in given or given.get("type", "text") in ("text", "hidden", "date")
            if tag == "input" and given.get("name") and checked:
                if given.get("type") == "checkbox":
                    self.found.setdefault(given["name"], []).append(given.get("value", ""))
                else:
                    self.found[given["name"]] = given.get("value", "")
            if tag == "textarea":
                self.area = given["name"]
                self.found[self.area] = ""
            if tag == "select":
                self.select = given["name"]
                self.found[self.select] = ""
            if tag == "option" and "selected" in given:
                self.found[self.select] = given["value"]

        def handle_data(self, data: str) -> None:
            if self.area is not None:
                self.found[self.area] += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.found[str(self.area)] = self.found[str(self.area)].removeprefix("\n")
                self.area = None

    reader = Reader()
    reader.feed(page)
    ignored = ("csrfmiddlewaretoken", "next")
    return {name: value for name, value in reader.found.items() if name not in ignored}


def escaped(words: str) -> str:
    return html.escape(words)
