"""The far end of the HTTP calls: signs like a station and says what the test wants. Nothing is computed here."""

import hashlib
import json
import time
import uuid
from typing import Any

from django.test import Client

from accounts.models import Organisation
from station.contract.canonical import canonical
from station.contract.signatures import new_key, public, sign, thumbprint
from station.contract.statements import schema_digest

COLUMNS = [
    {
        "name": "id",
        "type": {"kind": "digits", "length": 9},
        "description": {"nl": "nummer", "en": "number"},
        "data_class": "national_id",
    }
]


class StationSide:
    """``calls`` are real HTTP requests through Django's test client."""

    def __init__(self, organisation: Organisation, client: Client | None = None) -> None:
        self.organisation, self.client = organisation, client or Client()
        self.key, self.enc_key = new_key(), new_key()
        self.kid = thumbprint(self.key)

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def sign(self, kind: str, **payload: Any) -> str:
        return sign(kind, {"organisation": self.slug, **payload}, self.key)

    def call(self, method: str, path: str, body: Any = None, /, **changes: Any) -> Any:
        """The answer; ``changes`` replace what the request's signature says, ``header`` the whole of it."""
        raw = b"" if body is None else canonical(body)
        signed = {
            "method": method,
            "path": f"/station/v1/{path}",
            "body_sha256": hashlib.sha256(raw).hexdigest(),
            "at": int(time.time()),
            "nonce": uuid.uuid4().hex,
        }
        header = changes.pop("header", None) or "NICPET " + sign("request", {**signed, **changes}, self.key)
        answer = self.client.generic(
            method, f"/station/v1/{path}", raw, content_type="application/json", headers={"Authorization": header}
        )
        answer.document = json.loads(answer.content)  # type: ignore[attr-defined]
        return answer

    def enrol(self, token: str) -> Any:
        statement = self.sign("enrolment", token=token, signing_key=public(self.key), version="1", at=int(time.time()))
        return self.call("POST", "enrolments", {"statement": statement})

    def announce(self, key: str, *, synthetic: bool = False, columns: Any = None, sha256: str | None = None) -> Any:
        columns = columns or COLUMNS
        statement = self.sign(
            "dataset",
            dataset=key,
            description={"nl": key, "en": key},
            columns=columns,
            sha256=sha256 or schema_digest(key, columns, synthetic),
            synthetic=synthetic,
            rows_rounded_up=100,
            at=int(time.time()),
        )
        return self.call("PUT", f"datasets/{key}", {"statement": statement})

    def state(self, kind: str, **payload: Any) -> Any:
        return self.call("POST", "statements", {"statement": self.sign(kind, **payload)})

    def hints(self) -> list[dict[str, Any]]:
        return self.call("GET", "work").document["hints"]  # type: ignore[no-any-return]


def codes(answer: Any) -> list[str]:
    """The reasons of a refusal."""
    return [reason["code"] for reason in answer.document["reasons"]]
