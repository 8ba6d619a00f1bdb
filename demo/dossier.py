"""What the invented people write: the general texts, and what one example or scene has of its own on top."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from collaborations.actions.bases import BasisText
from station.contract.coverage import kinds_touched
from station.specification import Party, Specification


class Dossier:
    """Texts in Dutch, the first language of the platform."""

    def __init__(self, example: str | None = None, *, own: dict[str, Any] | None = None, language: str = "nl") -> None:
        self._language = language
        self._texts: dict[str, Any] = _read("demo", "dossier.yaml")
        for texts in ([_read(f"demo.{example}", "dossier.yaml")] if example else []) + [own or {}]:
            self._texts |= texts | {"answers": self._texts["answers"] | texts.get("answers", {})}

    def __getitem__(self, name: str) -> Any:
        return self._in_language(self._texts[name])

    def agreement(self, spec: Specification) -> bytes:
        """The paper that everybody is said to have signed."""
        parties = "\n".join(f"- {party.name}" for party in spec.parties)
        title = spec.title.nl
        return str(self._texts["agreement"]["text"]).format(title=title, parties=parties).encode()

    def bases(self, spec: Specification, party: Party, first_day: date) -> list[BasisText]:
        """The rows of one party, valid for the whole window."""
        by_organisation, checks = self["bases"], any(o.checker == party.organisation for o in spec.outputs)
        rows = by_organisation.get(party.organisation) or [
            by_organisation[role] for role in party.party_roles if role in by_organisation and _needed(role, party)
        ]
        if checks and not any(row["operation"] == "release" for row in rows):
            rows = [*rows, self["checking"]]
        last_day = spec.schedule.last_day
        days = {"valid_from": min(first_day, last_day), "valid_to": last_day}
        return [
            BasisText(**{"regime": "gdpr", "ground": "6.1.e"} | days | _grounds(spec, party, row["operation"]) | row)
            for row in rows
        ]

    def _in_language(self, value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"nl", "en"}:
                return value[self._language]
            return {name: self._in_language(entry) for name, entry in value.items()}
        return [self._in_language(entry) for entry in value] if isinstance(value, list) else value


def _grounds(spec: Specification, party: Party, operation: str) -> dict[str, str]:
    """An invented ground for each class of data that asks for one; a dossier can name its own."""
    touched = kinds_touched(spec, party.organisation, operation)
    invented = {"special": ("special", "9.2.j"), "criminal": ("criminal", "10.33"), "national_id": ("number", "law")}
    return dict(invented[kind] for kind in touched)


def _needed(role: str, party: Party) -> bool:
    """Who only computes needs a row for that; for the others it is part of contributing or receiving."""
    return role != "computing_party" or len(party.party_roles) == 1


def _read(package: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files(package).joinpath(name).read_text("utf-8"))
    return found
