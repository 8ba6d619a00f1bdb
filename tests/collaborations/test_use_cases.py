"""A use case from the first idea to its end: who may do what, when, and what is refused with which reason."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Organisation
from audit.models import Event
from collaborations import actions, lifecycle, turns
from collaborations.models import Contract, Partner, UseCase
from station.reasons import Refused
from tests.computations.trial import specification

TEXT = {"title": "Invented question", "summary": "What for, and what with the answer."}
PLAN = {
    "theme": "poverty", "helped": "Families.", "value": "Help comes sooner.", "indicator": "Families that accept help",
    "baseline": "10", "target": "40", "measure_on": date(2030, 1, 1),
}  # fmt: skip


@pytest.fixture
def asker(person):
    return person("alfa", "innovation_manager")


@pytest.fixture
def propose(organisations, asker):
    return lambda **changes: actions.propose(**{"organisation": organisations["alfa"], "by": asker, **TEXT, **changes})


def events(use_case):
    return list(Event.objects.timeline(use_case).order_by("id").values_list("type", flat=True))


def refusals(caught):
    return [reason.code for reason in caught.value.reasons]


def test_a_first_use_case_makes_its_own_collaboration_with_the_proposer_in_it(propose, organisations):
    use_case = propose(theme=" arrears ")
    assert (use_case.state, use_case.theme) == ("draft", "arrears")
    assert use_case.collaboration.name == TEXT["title"]
    assert [(p.organisation, p.state) for p in use_case.partners.all()] == [(organisations["alfa"], "joined")]
    assert events(use_case) == ["use_case.drafted"]


def test_a_second_one_can_join_the_same_collaboration_but_not_that_of_strangers(propose, organisations, person):
    first = propose()
    assert propose(title="Second", collaboration=first.collaboration).collaboration == first.collaboration
    stranger = person("beta", "innovation_manager")
    with pytest.raises(Refused) as caught:
        propose(organisation=organisations["beta"], by=stranger, collaboration=first.collaboration)
    assert refusals(caught) == ["collaboration.not_yours"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "  "}, "use_case.not_described"),
        ({"summary": "\n"}, "use_case.not_described"),
        ({"title": "x" * 201}, "use_case.too_long"),
        ({"summary": "x" * 11_000}, "use_case.too_long"),
    ],
)
def test_text_that_is_missing_or_too_long_is_refused_and_nothing_is_kept(propose, changes, code):
    with pytest.raises(Refused) as caught:
        propose(**changes)
    assert refusals(caught) == [code]
    assert not UseCase.objects.exists()
    assert not Event.objects.filter(type="use_case.drafted").exists()


@pytest.mark.parametrize("role", ["drafter", "dpo", "mandated_manager", "data_steward", "nobody"])
def test_only_who_may_propose_proposes(propose, person, role):
    with pytest.raises(PermissionDenied):
        propose(by=person("alfa", role))


def test_nobody_proposes_for_another_organisation(propose, person):
    with pytest.raises(PermissionDenied):
        propose(by=person("beta", "innovation_manager"))


def test_somebody_who_left_cannot_propose(propose, asker):
    asker.memberships.update(active=False)
    with pytest.raises(PermissionDenied):
        propose()


def test_a_proposal_needs_somebody_to_propose_it_to(propose, asker, organisations):
    use_case = propose(**PLAN)
    with pytest.raises(Refused) as caught:
        actions.submit(use_case=use_case, by=asker)
    assert refusals(caught) == ["use_case.nobody_invited"]
    actions.invite_partner(use_case=use_case, organisation=organisations["beta"], by=asker)
    assert actions.submit(use_case=use_case, by=asker).state == "proposed"
    assert events(use_case)[-1] == "use_case.proposed"


def test_proposing_twice_is_refused_the_second_time(use_case_at, asker):
    use_case = use_case_at("proposed")
    with pytest.raises(Refused) as caught:
        actions.submit(use_case=use_case, by=asker)
    assert refusals(caught) == ["lifecycle.state"]
    assert events(use_case).count("use_case.proposed") == 1


def test_the_text_can_be_changed_until_it_is_assessed(use_case_at, asker):
    use_case = use_case_at("exploring")
    changed = actions.edit_use_case(use_case=use_case, title=" Better ", summary="Also better", by=asker)
    assert (changed.title, changed.summary) == ("Better", "Also better")
    actions.start_assessing(use_case=use_case, by=asker)
    with pytest.raises(Refused) as caught:
        actions.edit_use_case(use_case=use_case, **TEXT, by=asker)
    assert refusals(caught) == ["lifecycle.state"]


@pytest.mark.parametrize("act", [actions.submit, actions.resume, actions.start_assessing])
def test_other_partners_do_not_act_for_the_proposer(use_case_at, person, act):
    use_case = use_case_at("exploring")
    with pytest.raises(PermissionDenied):
        act(use_case=use_case, by=person("beta", "innovation_manager"))


def test_no_assessment_without_a_specification(use_case_at, asker):
    with pytest.raises(Refused) as caught:
        actions.start_assessing(use_case=use_case_at("joined"), by=asker)
    assert refusals(caught) == ["use_case.not_specified"]


def test_no_assessment_while_a_party_has_not_joined(use_case_at, asker, person, organisations):
    use_case = use_case_at("exploring")
    gamma = use_case.partners.get(organisation=organisations["gamma"])
    actions.leave(partner=gamma, reason="Invented.", by=person("gamma", "innovation_manager"))
    with pytest.raises(Refused) as caught:
        actions.start_assessing(use_case=use_case, by=asker)
    assert refusals(caught) == ["use_case.party_not_joined"]
    assert UseCase.objects.get(pk=use_case.pk).assessment is None


def test_a_specification_names_only_partners(use_case_at, asker):
    use_case = use_case_at("draft")
    UseCase.objects.filter(pk=use_case.pk).update(state="exploring")
    with pytest.raises(Refused) as caught:
        actions.specify(use_case=use_case, data=specification(), by=asker)
    assert refusals(caught) == ["specification.party_no_partner"]


def test_a_pause_leads_back_to_where_it_was(use_case_at, asker):
    use_case = use_case_at("assessing")
    held = actions.hold(use_case=use_case, reason="Summer.", by=asker)
    assert (held.state, held.held_from) == ("on_hold", "assessing")
    with pytest.raises(Refused):
        actions.start_assessing(use_case=use_case, by=asker)
    back = actions.resume(use_case=use_case, by=asker)
    assert (back.state, back.held_from) == ("assessing", "")


@pytest.mark.parametrize("act", [actions.hold, actions.reject, actions.withdraw])
def test_stopping_needs_a_reason(use_case_at, asker, act):
    use_case = use_case_at("exploring")
    with pytest.raises(Refused) as caught:
        act(use_case=use_case, reason=" \n", by=asker)
    assert refusals(caught) == ["reason.needed"]
    assert UseCase.objects.get(pk=use_case.pk).state == "exploring"


def test_the_reason_of_a_stop_is_kept_with_its_event(use_case_at, asker):
    use_case = use_case_at("exploring")
    actions.withdraw(use_case=use_case, reason="No money left.", by=asker)
    event = Event.objects.timeline(use_case).first()
    assert (event.type, event.facts["reason"]) == ("use_case.withdrawn", "No money left.")


@pytest.mark.parametrize("end", [actions.reject, actions.withdraw])
def test_what_has_ended_stays_ended(use_case_at, asker, end):
    use_case = end(use_case=use_case_at("exploring"), reason="Invented.", by=asker)
    state = use_case.state
    for act in (actions.hold, actions.reject, actions.withdraw):
        with pytest.raises(Refused):
            act(use_case=use_case, reason="Again.", by=asker)
    with pytest.raises(Refused):
        actions.close(use_case=use_case, outcome="Again.", by=asker)
    assert UseCase.objects.get(pk=use_case.pk).state == state


def test_what_was_closed_stays_closed(use_case_at, asker):
    use_case = use_case_at("closed")
    for act in (actions.hold, actions.withdraw, actions.reassess):
        with pytest.raises(Refused):
            act(use_case=use_case, reason="Again.", by=asker)
    assert UseCase.objects.get(pk=use_case.pk).state == "closed"


def test_withdrawing_takes_the_contract_along(use_case_at, asker):
    use_case = use_case_at("contracted")
    actions.withdraw(use_case=use_case, reason="Invented.", by=asker)
    assert Contract.objects.get(use_case=use_case).state == "superseded"


def test_going_back_to_assessing_makes_the_contract_count_no_more(use_case_at, asker):
    use_case = use_case_at("authorised")
    actions.reassess(use_case=use_case, reason="New question.", by=asker)
    assert UseCase.objects.get(pk=use_case.pk).state == "assessing"
    assert Contract.objects.get(use_case=use_case).state == "superseded"


def test_closing_needs_an_outcome_and_a_day_that_is_still_to_come(use_case_at, asker):
    use_case, today = use_case_at("authorised"), timezone.localdate()
    with pytest.raises(Refused) as caught:
        actions.close(use_case=use_case, outcome=" ", by=asker)
    assert refusals(caught) == ["use_case.no_outcome", "use_case.not_measured"]
    with pytest.raises(Refused) as caught:
        actions.close(use_case=use_case, outcome="A report.", evaluate_on=today - timedelta(days=1), by=asker)
    assert refusals(caught) == ["use_case.evaluation_past"]
    closed = actions.close(
        use_case=use_case, outcome="A report.", lessons="Talk sooner.", evaluate_on=today, reached="reached", by=asker
    )
    assert (closed.state, closed.outcome, closed.lessons) == ("closed", "A report.", "Talk sooner.")


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, ["use_case.not_measured"]),
        ({"reached": "nonsense"}, ["use_case.not_measured"]),
        ({"reached": "partly"}, ["use_case.not_explained"]),
        ({"reached": "unknown", "figure": "3", "explanation": "Two regions were empty."}, []),
    ],
)
def test_closing_answers_to_the_plan(use_case_at, asker, said, codes):
    use_case = use_case_at("authorised")
    if not codes:
        closed = actions.close(use_case=use_case, outcome="A report.", by=asker, **said)
        assert (closed.reached, closed.figure, closed.explanation) == ("unknown", "3", "Two regions were empty.")
        return
    with pytest.raises(Refused) as caught:
        actions.close(use_case=use_case, outcome="A report.", by=asker, **said)
    assert refusals(caught) == codes
    assert UseCase.objects.get(pk=use_case.pk).state == "authorised"


def test_the_evaluation_is_recorded_once_and_not_before_its_day(use_case_at, asker, person):
    use_case, today = use_case_at("authorised"), timezone.localdate()
    closed = actions.close(
        use_case=use_case, outcome="A report.", reached="reached", evaluate_on=today + timedelta(days=1), by=asker
    )
    said = {"use_case": closed, "evaluation": "Still in use.", "reached": "reached", "figure": "44"}
    with pytest.raises(Refused) as caught:
        actions.evaluate(**said, by=asker)
    assert refusals(caught) == ["use_case.evaluation_early"]
    assert turns.waiting(closed) == []
    later = today + timedelta(days=1)
    assert [(turn.code, turn.who) for turn in turns.waiting(closed, later)] == [("turn.evaluate_use_case", "alfa")]
    UseCase.objects.filter(pk=closed.pk).update(evaluate_on=today)
    with pytest.raises(PermissionDenied):
        actions.evaluate(**said, by=person("beta", "innovation_manager"))
    with pytest.raises(Refused) as caught:
        actions.evaluate(**said | {"evaluation": " "}, by=asker)
    assert refusals(caught) == ["use_case.evaluation_empty"]
    evaluated = actions.evaluate(**said, by=asker)
    assert (evaluated.evaluation, evaluated.evaluation_figure, evaluated.evaluated_by) == ("Still in use.", "44", asker)
    assert events(evaluated)[-1] == "use_case.evaluated"
    assert turns.waiting(evaluated) == []
    with pytest.raises(Refused) as caught:
        actions.evaluate(**said, by=asker)
    assert refusals(caught) == ["use_case.evaluated_already"]


def test_what_is_not_closed_is_not_evaluated(use_case_at, asker):
    with pytest.raises(Refused) as caught:
        actions.evaluate(use_case=use_case_at("exploring"), evaluation="Fine.", reached="reached", by=asker)
    assert refusals(caught) == ["lifecycle.state"]


def test_only_an_authorised_use_case_is_closed(use_case_at, asker):
    with pytest.raises(Refused) as caught:
        actions.close(use_case=use_case_at("exploring"), outcome="A report.", by=asker)
    assert refusals(caught) == ["lifecycle.state"]


def test_a_draft_is_seen_by_its_own_organisation_alone(propose, asker, organisations, person):
    use_case = propose(**PLAN)
    actions.invite_partner(use_case=use_case, organisation=organisations["beta"], by=asker)
    invited = person("beta", "innovation_manager")
    assert UseCase.objects.visible_to(asker).exists()
    assert not UseCase.objects.visible_to(invited).exists()
    actions.submit(use_case=use_case, by=asker)
    assert UseCase.objects.visible_to(invited).exists()
    assert not UseCase.objects.visible_to(person("gamma", "innovation_manager")).exists()


def test_a_suspended_organisation_sees_nothing(use_case_at, person):
    use_case_at("exploring")
    beta = person("beta", "innovation_manager")
    assert UseCase.objects.visible_to(beta).exists()
    Organisation.objects.filter(slug="beta").update(state="suspended")
    assert not UseCase.objects.visible_to(beta).exists()


def test_every_step_of_the_tables_leads_from_and_to_states_that_exist():
    for states, table in ((UseCase.State, lifecycle.USE_CASE), (Partner.State, lifecycle.PARTNER)):
        for name, step in table.items():
            assert set(step.sources) <= set(states.values), name
            assert step.target in ("", *states.values), name
