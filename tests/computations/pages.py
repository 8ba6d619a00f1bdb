"""A person at a browser without scripts: opens a page, changes what is on it, and sends it."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from computations import actions
from station.contract.signatures import thumbprint
from tests.collaborations.world import World
from tests.computations.station_side import StationSide
from tests.computations.trial import specification


def text(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def url(name: str, use_case: Any, *more: Any) -> str:
    return reverse(f"computations:{name}", args=[use_case.pk, *more])


def filled(form: BaseForm) -> dict[str, Any]:
    """What a browser would send when nothing is changed."""
    data = {}
    for field in form:
        value = field.value()
        if field.field.widget.__class__.__name__ == "CheckboxInput":
            data |= {field.html_name: "on"} if value else {}
        elif value is not None:
            data[field.html_name] = value if isinstance(value, list) else str(value)
    return data


def fill(client: Client, address: str, **changes: Any) -> Any:
    """Opens a section of a draft, changes fields and saves. A change of None leaves the field out."""
    opened = client.get(address)
    assert opened.status_code == 200, opened.status_code
    return send(client, opened, address, **changes)


def send(client: Client, opened: Any, address: str, **changes: Any) -> Any:
    data = {"seen": opened.context["seen"], **filled(opened.context["form"]), **changes}
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def enrol(world: World, *, synthetic: bool = False, **spec: Any) -> dict[str, StationSide]:
    """The stations of the world, enrolled, with the datasets of the invented specification and one column more."""
    sides = {}
    for key, organisation in world.organisations.items():
        side = sides[key] = StationSide(organisation)
        side.key, side.kid = world.stations.keys[key], thumbprint(world.stations.keys[key])
        token = actions.enrolment_token(organisation=organisation, by=world.person(key, "data_steward"))
        assert side.enrol(token).status_code == 200
    for entry in specification(**spec)["inputs"]:
        names = ("name", "type", "description", "data_class")
        columns = [{name: column[name] for name in names} for column in entry["columns"]]
        extra = {"name": "note", "type": {"kind": "text", "max_length": 9}, "description": {"nl": "x", "en": "x"}}
        columns.append(extra | {"data_class": "ordinary"})
        answer = sides[entry["organisation"]].announce(entry["dataset"], columns=columns, synthetic=synthetic)
        assert answer.status_code == 200, answer.document
    return sides
