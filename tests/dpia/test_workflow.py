"""The review walked at random by real people: nothing that was said is ever lost, and there is always a way on."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import audit
from dpia import actions
from dpia.chances import STEPS, chance
from dpia.models import (
    Adoption,
    Advice,
    AdviceItem,
    AdviceSummary,
    Assessment,
    AuthorityConsultation,
    ConsultationPause,
    ItemResponse,
    Review,
    Version,
)
from dpia.requirements import all_adopted, all_advised, all_reviewed, open_items
from dpia.sheet import Sheet
from dpia.turns import turns
from station.contract.canonical import canonical, digest
from station.reasons import Refused
from tests.dpia.people import RISK, ROLES, Cast, again, example, put_on

KEYS = ("alfa", "beta", "gamma")
SAID = (Version, Review, Advice, AdviceItem, AdviceSummary, Adoption)
"""What never changes."""
KEPT = (ItemResponse, AuthorityConsultation, ConsultationPause)
"""What may be filled in further, and never goes."""
WORDS = {"reason": "Because of this", "text": "What I found"}
LEVELS = ("low", "medium", "high")
LONGEST_WAY = 60
DECIDED = ("adopted", "under_review", "suspended", "withdrawn")
LATE = ("adoption", "adopted", "under_review", "suspended")
HIGH_RISK = {**RISK, "likelihood_after": "high", "impact_after": "high"}
ANSWERED = ("context", "necessity", "rights", "own_task", "risks")

ALL_ROLES = (*ROLES, "lawyer", "security_officer")
keys, roles, levels = st.sampled_from(KEYS), st.sampled_from(ALL_ROLES), st.sampled_from(LEVELS)


class Review_(RuleBasedStateMachine):
    """Anybody tries anything; what the page would offer works, and nothing else does."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.said: dict[tuple[Any, int], Any] = {}
        self.kept: set[tuple[Any, int]] = set()
        self.round = 0
        self.specification = 1

    def teardown(self) -> None:
        try:
            self.walk_on()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    @property
    def now(self) -> Assessment:
        return again(self.cast.assessment)

    @initialize(state=st.sampled_from(Assessment.State.values), risky=st.booleans())
    def begin(self, state: str, risky: bool) -> None:
        """Anywhere, so that late states are met as often as early ones; half of the time with a risk that stays high,
        which goes no further than the response by itself."""
        if risky:
            for question, value in (("risks", [HIGH_RISK]), ("residual", "We see no other way")):
                actions.answer(
                    assessment=self.now, question=question, value=value, by=self.cast.person("alfa", "drafter")
                )
        self.cast.at("response" if risky and state in LATE else state)

    # --- What people do ---

    @rule(times=st.integers(1, 6))
    def go_on(self, times: int) -> None:
        for _time in range(times):
            if waiting := list(turns(self.now)):
                self.take_turn(waiting[0].code, waiting[0].who, self.now)

    @rule(name=st.sampled_from(STEPS), key=keys, role=roles, verdict=st.sampled_from(["positive", "negative"]))
    def step(self, name: str, key: str, role: str, verdict: str) -> None:
        user, before = self.cast.person(key, role), self.now
        offered = chance(name, before, user)
        note(f"{name} by {role} of {key} in {before.state}")
        try:
            take(name, before, user, self.cast.world.organisations[key], verdict)
        except (Refused, PermissionDenied) as error:
            assert offered is None or offered.reasons, f"{name} was offered, but {error!r}"
            assert self.now.state == before.state
        else:
            assert offered is not None, f"{name} worked, but was not offered"
            assert not offered.reasons, offered.reasons

    @rule(key=keys, answer=st.sampled_from(ANSWERED), filled=st.booleans(), likelihood=levels, impact=levels)
    def answer(self, key: str, answer: str, filled: bool, likelihood: str, impact: str) -> None:
        before = self.now
        asked = Sheet(before).form.question(answer)
        assert asked is not None
        risks = [{**RISK, "likelihood_after": likelihood, "impact_after": impact}]
        full = risks if answer == "risks" else example(asked)
        organisation = self.cast.world.organisations[key] if answer == "own_task" else None
        try:
            actions.answer(
                assessment=before, question=answer, value=full if filled else type(full)(), organisation=organisation,
                by=self.cast.person(key, "drafter"),
            )  # fmt: skip
        except Refused:
            assert before.state not in ("draft", "response")
        assert self.now.state == before.state

    @rule(
        key=keys, decision=st.sampled_from(["follow", "partly", "deviate"]),
        role=st.sampled_from(["drafter", "mandated_manager"]),
    )  # fmt: skip
    def respond(self, key: str, decision: str, role: str) -> None:
        if items := open_items(self.now):
            try:
                actions.respond(item=items[0], decision=decision, reasons="So", by=self.cast.person(key, role))
            except PermissionDenied:
                assert role == "mandated_manager"  # of another organisation than the DPO's
            except Refused:
                assert self.now.state != "response"

    @rule(key=keys, coordinator=keys)
    def coordinate(self, key: str, coordinator: str) -> None:
        organisations, before = self.cast.world.organisations, self.now
        try:
            actions.choose_coordinating_dpo(
                assessment=before, organisation=organisations[key], coordinator=organisations[coordinator],
                by=self.cast.person(key, "dpo"),
            )  # fmt: skip
        except Refused as refusal:
            assert before.state in DECIDED or refusal.reasons[0].code == "coordination.same"
        assert self.now.state == before.state

    @rule(key=keys)
    def summarise(self, key: str) -> None:
        before = self.now
        try:
            actions.summarise_advice(assessment=before, text=WORDS["text"], by=self.cast.person(key, "dpo"))
        except PermissionDenied:
            assert before.coordinating_dpo.slug != key
        except Refused:
            assert before.state != "response" or before.coordinating_dpo is None
        assert self.now.state == before.state

    @rule(once_in_a_while=st.sampled_from([True, False, False]))
    def respecify(self, once_in_a_while: bool) -> None:
        if not once_in_a_while:
            return
        facts = copy.deepcopy(self.now.facts.data)
        self.specification += 1
        facts["specification"]["disclosure"]["k"] += 1
        facts |= {"specification_version": self.specification, "specification_sha256": digest(facts["specification"])}
        before = self.now.state
        actions.bind_facts(assessment=self.now, facts=facts, by=audit.SYSTEM)
        assert self.now.state == (before if before == "withdrawn" else "draft")

    # --- What always holds ---

    @invariant()
    def nothing_that_was_said_is_lost(self) -> None:
        for (model, key), fields in self.said.items():
            assert model.objects.filter(pk=key).values().get() == fields
        for model in SAID:
            self.said |= {(model, row["id"]): row for row in model.objects.values()}
        kept = {(model, key) for model in KEPT for key in model.objects.values_list("pk", flat=True)}
        assert kept >= self.kept
        self.kept = kept

    @invariant()
    def versions_are_what_their_hash_says(self) -> None:
        versions = list(self.cast.assessment.versions.order_by("number"))
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert all(version.sha256 == digest(version.data) for version in versions)

    @invariant()
    def rounds_only_go_on(self) -> None:
        assert self.now.round >= self.round
        self.round = self.now.round

    @invariant()
    def a_state_means_what_it_says(self) -> None:
        now = self.now
        if now.state in ("dpo_advice", "response", "prior_consultation", "adoption", "adopted", "suspended"):
            assert not list(all_reviewed(now))
        if now.state in ("response", "prior_consultation", "adoption", "adopted", "suspended"):
            assert not list(all_advised(now))
        if now.state == "adopted":
            assert not list(all_adopted(now))
            assert canonical(now.document())
            assert now.current_version.data["specification_sha256"] == now.facts.specification_sha256

    @invariant()
    def it_is_somebodys_turn(self) -> None:
        now = self.now
        assert (now.state == "adopted") == (not list(turns(now)))

    def walk_on(self) -> None:
        """By doing only what the turns say, from wherever it is, it gets adopted."""
        for _step in range(LONGEST_WAY):
            now = self.now
            waiting = list(turns(now))
            if not waiting:
                return
            note(f"{now.state}: {waiting[0].code} of {waiting[0].who}")
            self.take_turn(waiting[0].code, waiting[0].who, now)
        raise AssertionError(f"no end in {LONGEST_WAY} steps: {self.now.state}, {list(turns(self.now))}")

    def take_turn(self, code: str, key: str, now: Assessment) -> None:
        organisation = self.cast.world.organisations[key]
        if code in ("turn.draft_assessment", "turn.own_answers"):
            self.cast.fill(now)
        elif code == "turn.summarise_advice":
            actions.summarise_advice(assessment=now, text=WORDS["text"], by=self.cast.person(key, "dpo"))
        elif code in ("turn.respond", "turn.decide_items"):
            self.cast.respond(now)
        else:
            name, role = TAKEN[code]
            take(name, now, self.cast.person(key, role), organisation, "positive")


TAKEN = {
    "turn.submit_assessment": ("submit", "drafter"),
    "turn.review_assessment": ("review", "privacy_officer"),
    "turn.review_assessment_law": ("review_law", "lawyer"),
    "turn.review_assessment_security": ("review_security", "security_officer"),
    "turn.advise_assessment": ("advise", "dpo"),
    "turn.advise_changed": ("advise", "dpo"),
    "turn.authority_information": ("continue_consultation", "drafter"),
    "turn.propose_adoption": ("propose_adoption", "drafter"),
    "turn.adopt_assessment": ("adopt", "mandated_manager"),
    "turn.consult_authority": ("consult_authority", "drafter"),
    "turn.authority": ("authority_answered", "drafter"),
    "turn.advise_again": ("send_back", "drafter"),
    "turn.reopen_assessment": ("reopen", "drafter"),
    "turn.confirm_assessment": ("confirm", "mandated_manager"),
    "turn.suspended_assessment": ("resume", "dpo"),
}


def take(name: str, assessment: Assessment, user: Any, organisation: Any, verdict: str) -> None:
    """A step with everything that it asks for."""
    today = timezone.localdate()
    mine = {"organisation": organisation}
    fields: dict[str, dict[str, Any]] = {
        "submit": {}, "propose_adoption": {}, "adopt": mine,
        "review": {**mine, "verdict": verdict, "text": WORDS["text"], "kind": "privacy"},
        "review_law": {**mine, "verdict": verdict, "text": WORDS["text"], "kind": "law"},
        "review_security": {**mine, "verdict": verdict, "text": WORDS["text"], "kind": "security"},
        "pause_consultation": {"what": WORDS["text"], "on": today}, "continue_consultation": {"on": today},
        "extend_consultation": {"reason": WORDS["reason"], "on": today},
        "advise": {**mine, "verdict": verdict, "items": ["Do this"], "text": WORDS["text"]},
        "consult_authority": {"reference": "z2026-1", "asked_on": today},
        "authority_answered": {"answer": "Go on", "answered_on": today},
    }  # fmt: skip
    reasoned = {"reason": WORDS["reason"]}
    if name in ("decline_adoption", "send_back", "reconsider", "suspend"):
        reasoned |= mine
    others = {"authority_answered": actions.record_authority_answer}
    others |= {"review_law": actions.review, "review_security": actions.review}
    act = others.get(name) or getattr(actions, name)
    act(assessment=assessment, by=user, **fields.get(name, reasoned))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(4, 16), pytest.param(150, 60, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_the_review_has_no_dead_end_and_loses_nothing(cast: Cast, examples: int, steps: int) -> None:
    """On a template that asks lawyers everywhere, and security officers where there is one."""
    for key in KEYS:
        for role in ("lawyer", "security_officer") if key != "gamma" else ("lawyer",):
            cast.person(key, role)
    put_on(cast.assessment, law="always", security="if_filled")
    machine = type("TheReview", (Review_,), {"cast": cast})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
