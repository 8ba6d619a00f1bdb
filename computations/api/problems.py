"""Every error as ``application/problem+json``, with reasons that the station can show in its own language."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import JsonResponse

from station.reasons import Reason

VERSION = "1.0.0"

# Codes, or beginnings of codes, that are not a plain refusal (409).
_STATUS = {
    "request.body": HTTPStatus.BAD_REQUEST,
    "request.method": HTTPStatus.METHOD_NOT_ALLOWED,
    "request.": HTTPStatus.UNAUTHORIZED,
    "json.": HTTPStatus.BAD_REQUEST,
    "key.": HTTPStatus.BAD_REQUEST,
    "signature.": HTTPStatus.UNAUTHORIZED,
    "statement.field": HTTPStatus.BAD_REQUEST,
    "statement.type": HTTPStatus.BAD_REQUEST,
    "statement.not_yours": HTTPStatus.FORBIDDEN,
    "organisation.suspended": HTTPStatus.FORBIDDEN,
    "contract.unknown": HTTPStatus.NOT_FOUND,
    "run.unknown": HTTPStatus.NOT_FOUND,
    "output.unknown": HTTPStatus.NOT_FOUND,
}


def problem(reasons: Sequence[Reason]) -> JsonResponse:
    status = status_of(reasons[0].code) if reasons else HTTPStatus.CONFLICT
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": " ".join(reason.text("en") for reason in reasons),
        "reasons": [reason.document() for reason in reasons],
    }
    return answer(body, status, "application/problem+json")


def answer(body: object, status: int = 200, content_type: str = "application/json") -> JsonResponse:
    response = JsonResponse(body, status=status, content_type=content_type)
    response["API-Version"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def status_of(code: str) -> HTTPStatus:
    return next((status for begin, status in _STATUS.items() if code.startswith(begin)), HTTPStatus.CONFLICT)
