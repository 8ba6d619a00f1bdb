"""What ends by itself at midnight Dutch time, and what stops because of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event
from collaborations import actions, turns
from collaborations.models import Agreement, Collaboration, Contract, LegalBasis, Partner, UseCase
from computations import clock
from computations.actions.sweep import sweep
from tests.collaborations.world import World

STOP = "authorised"
ROWS_EACH = 4


@pytest.fixture
def authorised(shared: World) -> World:
    return shared


def state(world: World) -> str:
    return UseCase.objects.get(pk=world.use_case.pk).state


def last_day(world: World) -> date:
    rows = LegalBasis.objects.filter(partner__use_case=world.use_case, state="approved")
    return min(row.valid_to for row in rows)


def lapsed(world: World) -> Event:
    return Event.objects.about(world.use_case).get(type="use_case.lapsed")


def test_a_use_case_whose_basis_expired_is_no_longer_authorised_and_says_why(authorised: World) -> None:
    assert actions.expire_bases(day=last_day(authorised)) == 0, "the last day is included"
    assert state(authorised) == "authorised"
    assert actions.expire_bases(day=last_day(authorised) + timedelta(days=1)) > 0
    assert state(authorised) == "assessing"
    reasons = lapsed(authorised).facts["reasons"]
    assert {reason["code"] for reason in reasons} == {"gate.basis_not_valid"}
    assert not authorised.use_case.contracts.current().exists()
    codes = {turn.code for turn in turns.waiting(UseCase.objects.get(pk=authorised.use_case.pk))}
    assert "gate.basis_not_valid" in codes, "the partner sees that it has to write a new one"


def test_it_lapses_once(authorised: World) -> None:
    day = last_day(authorised) + timedelta(days=1)
    actions.expire_bases(day=day)
    assert (actions.expire_bases(day=day), actions.lapse_use_cases(day=day)) == (0, 0)
    lapsed(authorised)


def test_an_agreement_that_ended_takes_the_use_case_back(authorised: World) -> None:
    ends = max(row.valid_to for row in Agreement.objects.of(authorised.use_case))
    assert actions.lapse_use_cases(day=ends) == 0
    assert actions.lapse_use_cases(day=ends + timedelta(days=1)) == 1
    assert state(authorised) == "assessing"
    assert "gate.no_agreement" in {reason["code"] for reason in lapsed(authorised).facts["reasons"]}


def test_an_old_agreement_beside_the_one_in_force_ends_nothing(authorised: World) -> None:
    row = Agreement.objects.of(authorised.use_case).first()
    assert row is not None
    old = {"kind": row.kind, "title": "Old", "document_sha256": "0" * 64, "recorded_by": row.recorded_by}
    days = {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 12, 31)}
    made = Agreement.objects.create(collaboration=row.collaboration, **old, **days)
    made.parties.set(row.parties.all())
    assert actions.lapse_use_cases(day=timezone.localdate()) == 0
    assert state(authorised) == "authorised"


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), datetime(2027, 3, 27, 23, 1, tzinfo=UTC), date(2027, 3, 27)),
        (datetime(2027, 3, 28, 21, 59, tzinfo=UTC), datetime(2027, 3, 28, 22, 1, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 10, 30, 21, 59, tzinfo=UTC), datetime(2027, 10, 30, 22, 1, tzinfo=UTC), date(2027, 10, 30)),
        (datetime(2027, 10, 31, 22, 59, tzinfo=UTC), datetime(2027, 10, 31, 23, 1, tzinfo=UTC), date(2027, 10, 31)),
        (datetime(2028, 2, 29, 22, 59, tzinfo=UTC), datetime(2028, 2, 29, 23, 1, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 1, tzinfo=UTC), date(2026, 12, 31)),
    ],
)  # the nights on which the clocks change, a leap day, the end of a year
def test_a_day_ends_at_midnight_in_amsterdam(
    authorised: World, monkeypatch: pytest.MonkeyPatch, before: datetime, after: datetime, ends: date
) -> None:
    row = ending(authorised, ends)
    for moment, wanted in ((before, "approved"), (after, "expired")):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        sweep()
        row.refresh_from_db()
        assert row.state == wanted


@pytest.mark.slow
def test_ten_thousand_rows_expire_in_one_sweep(authorised: World) -> None:
    many(authorised, 2_500)
    with CaptureQueriesContext(connection) as queries:
        assert actions.expire_bases(day=date(2021, 1, 1)) == 2_500 * ROWS_EACH
    assert len(queries) < 60, "in bulk, not row by row"
    assert Event.objects.filter(type="basis.expired").count() == 2_500 * ROWS_EACH
    assert Event.objects.filter(type="use_case.lapsed").count() == 2_500
    assert UseCase.objects.filter(state="authorised").count() == 1, "the one whose bases still hold"


def ending(world: World, ends: date) -> LegalBasis:
    """One more approved row, that ends on that day; what is approved cannot be changed, so it is another row."""
    row = LegalBasis.objects.filter(partner__use_case=world.use_case, state="approved").earliest("pk")
    return LegalBasis.objects.create(**copied(row, valid_from=min(ends, row.valid_from), valid_to=ends))


def copied(row: LegalBasis, **changes: Any) -> dict[str, Any]:
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in fields} | changes


def many(world: World, number: int) -> None:
    """So many authorised use cases, each with rows that ended long ago and a signed contract."""
    row = LegalBasis.objects.filter(partner__use_case=world.use_case, state="approved").earliest("pk")
    collaboration = Collaboration.objects.create(name="Many (example)")
    by, proposer = world.use_case.proposed_by, world.use_case.proposer
    base = {"collaboration": collaboration, "proposer": proposer, "proposed_by": by, "state": "authorised"}
    cases = UseCase.objects.bulk_create(UseCase(title=f"Example {n}", summary="-", **base) for n in range(number))
    partners = Partner.objects.bulk_create(
        Partner(use_case=case, organisation=proposer, capacity="controller", state="joined") for case in cases
    )
    ended = {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 12, 31)}
    LegalBasis.objects.bulk_create(
        LegalBasis(**copied(row, partner_id=partner.pk, **ended)) for partner in partners for _ in range(ROWS_EACH)
    )
    Contract.objects.bulk_create(
        Contract(use_case=case, kind="contract", data="{}", keys=[], sha256=f"{n:064}", code=f"{n:08}", state="signed",
                 drafted_by=by) for n, case in enumerate(cases)
    )  # fmt: skip
