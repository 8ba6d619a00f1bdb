"""The turns that are written down are those that would be worked out now, whatever happened; and they stay so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts import standing
from accounts.actions import confirm_mandate, withdraw_mandate
from audit import SYSTEM
from collaborations import actions, kept, turns
from collaborations.models import TurnsKept, TurnsWanted, UseCase, WaitingTurn
from tests.collaborations.world import new_person


def written(use_case, language="nl"):
    return [row.turn(language) for row in WaitingTurn.objects.filter(use_case=use_case).order_by("since", "pk")]


def computed(use_case, language="nl"):
    with override(language):
        return turns.waiting(UseCase.objects.get(pk=use_case.pk))


def said(turn):
    """All of it; the facts in whatever order."""
    return str(replace(turn, facts=dict(sorted(turn.facts.items()))))


def same(use_case):
    kept.bring_up_to_date(UseCase.objects.filter(pk=use_case.pk))
    for language in kept.LANGUAGES:
        found, wanted = written(use_case, language), computed(use_case, language)
        assert sorted(map(said, found)) == sorted(map(said, wanted))
    return len(computed(use_case))


@pytest.mark.parametrize("state", ["draft", "exploring", "assessing", "adopted", "contracted", "on_hold", "closed"])
def test_what_is_written_is_what_would_be_worked_out(use_case_at, state):
    use_case = use_case_at(state)
    assert same(use_case) or use_case.state == "closed"


def test_an_event_in_its_own_transaction_asks_for_them_anew(use_case_at, person, organisations):
    use_case = use_case_at("proposed")
    same(use_case)
    assert not kept.behind(UseCase.objects.all()).exists()
    for key in ("beta", "gamma"):
        partner = use_case.partners.get(organisation=organisations[key])
        actions.accept_invitation(partner=partner, by=person(key, "innovation_manager"))
        assert list(kept.behind(UseCase.objects.all())) == [use_case]
        same(use_case)


def test_what_happens_to_an_organisation_reaches_its_use_cases(use_case_at, organisations):
    use_case = use_case_at("authorised")
    same(use_case)
    standing.suspend_organisation(organisation=organisations["beta"], reason="Contract ended", by=SYSTEM)
    same(use_case)
    assert "gate.party_suspended" in {turn.code for turn in written(use_case)}


def test_a_mandate_that_is_put_in_doubt_reaches_the_use_cases_of_its_organisation(use_case_at, person, organisations):
    use_case, manager = use_case_at("authorised"), person("beta", "mandated_manager")
    same(use_case)
    mandate, by = manager.mandates.get(), person("beta", "organisation_admin")
    withdraw_mandate(mandate=mandate, reason="Used for a friend", suspends=True, by=by)
    same(use_case)
    assert "gate.mandate_doubted" in {turn.code for turn in written(use_case)}
    other = new_person("second@beta.example", organisations["beta"], "mandated_manager")
    confirm_mandate(mandate=mandate, reason="Looked at it", by=other)
    same(use_case)
    assert "gate.mandate_doubted" not in {turn.code for turn in written(use_case)}


def test_an_agreement_reaches_the_other_use_cases_of_its_collaboration(use_case_at, person):
    use_case, other = use_case_at("authorised"), use_case_at("assessing")
    UseCase.objects.filter(pk=other.pk).update(collaboration=use_case.collaboration)
    same(other)
    agreement = use_case.collaboration.agreements.get()
    actions.terminate_agreement(agreement=agreement, reason="Over", by=person("alfa", "lawyer"))
    assert set(kept.behind(UseCase.objects.all())) == {use_case, other}
    same(other)


def test_a_day_that_passes_is_written_down_by_the_task(use_case_at, monkeypatch):
    use_case = use_case_at("authorised")
    same(use_case)
    version = use_case.specification
    later = version.read().schedule.last_day + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: later)
    assert kept.keep_all() == 1
    assert "gate.outside_window" in {turn.code for turn in written(use_case)}
    assert kept.keep_all() == 0, "once a day"


def test_of_two_who_write_at_once_the_last_writes_nothing(use_case_at, monkeypatch):
    """Another process that saw more ends first, while this one has worked out what was so before."""
    use_case = use_case_at("proposed")
    rows = kept._rows

    def overtaken(*given):
        found = rows(*given)
        monkeypatch.setattr(kept, "_rows", rows)
        kept.keep([use_case.pk], timezone.localdate())
        TurnsWanted.objects.create(use_case=use_case)
        return [] if found else found

    monkeypatch.setattr(kept, "_rows", overtaken)
    kept.keep([use_case.pk], timezone.localdate())
    assert written(use_case), "the old answer (nothing) was not written over the newer one"
    assert list(kept.behind(UseCase.objects.all())) == [use_case], "and what happened meanwhile is still to do"
    assert TurnsKept.objects.get().times == 1


def test_many_take_as_many_queries_as_one(use_case_at):
    made = [use_case_at("proposed").pk for _each in range(3)]

    def queries(keys):
        with CaptureQueriesContext(connection) as asked:
            kept.keep(keys, timezone.localdate())
        return len(asked)

    queries(made)
    TurnsWanted.objects.all().delete()
    assert queries(made) == queries(made[:1]) < 20
    assert kept.wanted() == set()


def test_a_turn_that_stays_keeps_its_row(use_case_at, person, organisations):
    use_case = use_case_at("proposed")
    same(use_case)
    before = WaitingTurn.objects.get(who="gamma").pk
    actions.accept_invitation(
        partner=use_case.partners.get(organisation=organisations["beta"]), by=person("beta", "innovation_manager")
    )
    same(use_case)
    assert WaitingTurn.objects.get(who="gamma").pk == before


def test_all_of_them_can_be_written_anew(use_case_at, capsys):
    use_case_at("proposed")
    WaitingTurn.objects.all().delete()
    call_command("keep_turns", "--all")
    assert "1 use cases" in capsys.readouterr().out
    assert WaitingTurn.objects.count() == 2
