"""Which reviews the template asks of each controller: privacy officer, lawyer, security officer, in any order."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import roles
from audit.models import Event
from dpia import actions, standing
from dpia.models import Part, Review
from dpia.requirements import all_reviewed
from dpia.reviewers import ASKED, open_reviews
from dpia.sheet import Sheet
from dpia.template import read_template
from dpia.turns import turns
from station.reasons import Refused
from tests.dpia.pages import text
from tests.dpia.people import REVIEWERS, again, put_on, refused

KINDS = ("privacy", "law", "security")


def review(cast, assessment, key, kind, by=None, **fields):
    fields = {"verdict": "positive", **fields}
    by = by or cast.person(key, REVIEWERS[kind])
    return actions.review(assessment=assessment, organisation=cast.world.organisations[key], kind=kind, by=by, **fields)


@pytest.fixture
def three(cast, at):
    """Handed over, with all three reviews asked of every controller."""
    put_on(cast.assessment, law="always", security="always")
    return at("privacy_review")


@pytest.mark.parametrize("order", [KINDS, KINDS[::-1]])
def test_in_any_order_and_the_last_one_moves_it_on(cast, three, order):
    pairs = [(key, kind) for kind in order for key in ("gamma", "alfa", "beta")]
    for number, (key, kind) in enumerate(pairs, start=1):
        assert again(three).state == "privacy_review"
        assert len(open_reviews(three)) == len(list(turns(three))) == len(pairs) - number + 1
        made = review(cast, three, key, kind, text="Found")
        assert (made.version.sha256, made.by, made.text) == (
            three.submitted_version.sha256, cast.person(key, REVIEWERS[kind]), "Found",
        )  # fmt: skip
    assert again(three).state == "dpo_advice"


def test_each_review_has_its_own_sentence_and_stands_in_what_is_adopted(cast, three):
    cast.review(three, text="Found")
    types = set(Event.objects.about(three).values_list("type", flat=True))
    assert {f"assessment.{kind}review_given" for kind in ("", "law_", "security_")} <= types
    for step in (cast.advise, cast.propose):
        step(three)
    said = again(three).current_version.data["reviews"]
    assert [(one["organisation"], one["kind"]) for one in said[:3]] == [("alfa", k) for k in sorted(KINDS)]


def test_one_that_is_negative_sends_it_back_and_loses_nothing(cast, three):
    review(cast, three, "alfa", "privacy")
    review(cast, three, "beta", "security", verdict="negative", text="Who holds the keys?")
    after = again(three)
    assert (after.state, after.round) == ("draft", 2)
    assert Review.objects.filter(version__assessment=three).count() == 2
    cast.submit(three)
    assert len(open_reviews(again(three))) == 9  # all again, of the next version


def test_only_its_own_role_gives_a_review(cast, three):
    for kind in KINDS:
        for other in set(KINDS) - {kind}:
            with pytest.raises(PermissionDenied):
                review(cast, three, "alfa", kind, by=cast.person("alfa", REVIEWERS[other]))


def test_without_a_word_of_the_template_only_privacy_officers_review(cast, at):
    assessment = at("privacy_review")
    assert {kind for _organisation, kind in open_reviews(assessment)} == {"privacy"}
    with refused("review.not_asked"):
        review(cast, assessment, "alfa", "law")


def test_some_reviews_are_asked_of_whoever_has_somebody_for_it_when_it_is_handed_over(cast, at):
    cast.person("beta", "security_officer")
    put_on(cast.assessment, security="if_filled")
    assert [kind.kind for kind in row_of(cast, "beta").reviews] == ["privacy", "security"]  # said before the hand-over
    assessment = at("privacy_review")
    cast.person("gamma", "security_officer")  # too late for this version
    asked = assessment.submitted_version.data[ASKED]
    assert asked == {"alfa": ["privacy"], "beta": ["privacy", "security"], "gamma": ["privacy"]}
    assert [(o.slug, kind) for o, kind in open_reviews(assessment)][1:3] == [("beta", "privacy"), ("beta", "security")]
    membership = cast.person("beta", "security_officer").memberships.get()
    roles.revoke(membership, "security_officer")  # it stays asked: somebody else gets the role
    assert {reason.code for reason in all_reviewed(assessment)} == {
        "assessment.review_missing", "assessment.review_missing_security",
    }  # fmt: skip


def row_of(cast, key):
    assessment = again(cast.assessment)
    found = standing.controllers(assessment, Sheet(assessment))
    return next(one for one in found if one.organisation.slug == key)


# --- Four eyes ---


def test_a_privacy_officer_may_also_be_the_lawyer_or_the_security_officer(cast, three):
    for key, role, kind in (("alfa", "lawyer", "law"), ("beta", "security_officer", "security")):
        both = cast.person(key, "privacy_officer")
        roles.grant(both.memberships.get(), role)
        review(cast, three, key, "privacy", by=both)
        review(cast, three, key, kind, by=both)
        assert set(three.parts.filter(user=both).values_list("part", flat=True)) == {"privacy_officer", role}


@pytest.mark.parametrize(("first", "second"), [("law", "security"), ("security", "law")])
def test_nobody_is_lawyer_and_security_officer_at_once(cast, three, first, second):
    both = cast.person("alfa", "lawyer")
    roles.grant(both.memberships.get(), "security_officer")
    review(cast, three, "alfa", first, by=both)
    with refused("four_eyes.other_part"):
        review(cast, three, "alfa", second, by=both)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_drafted_reviews_nothing(cast, three, drafter, kind):
    roles.grant(drafter.memberships.get(), REVIEWERS[kind])
    with refused("four_eyes.other_part"):
        review(cast, three, "alfa", kind, by=drafter)


@pytest.mark.parametrize(
    ("parts", "fits"),
    [(("privacy_officer", "lawyer"), True), (("security_officer", "privacy_officer"), True),
     (("lawyer", "security_officer"), False), (("drafter", "lawyer"), False), (("privacy_officer", "dpo"), False),
     (("manager", "drafter"), False), (("lawyer", "lawyer"), False)],
)  # fmt: skip
def test_the_database_holds_the_same_rule(cast, three, parts, fits):
    who = {"user": cast.person("alfa", "nobody"), "organisation": cast.world.organisations["alfa"]}
    Part.objects.create(assessment=three, part=parts[0], **who)
    try:
        with transaction.atomic():
            Part.objects.create(assessment=three, part=parts[1], **who)
    except IntegrityError:
        assert not fits
    else:
        assert fits


def test_a_template_always_asks_the_privacy_officers():
    with pytest.raises(Refused) as error:
        read_template(
            "schema: nicpet.assessment-template/1\nkey: x\nversion: 1.0.0\ntitle: {nl: x, en: x}\n"
            "reviews: {law: always}\nparts:\n  - id: a\n    title: {nl: x, en: x}\n    points:\n"
            "      - {id: p, number: '1', title: {nl: x, en: x}, questions: "
            "[{id: q, type: text, label: {nl: x, en: x}}]}\n"
        )
    assert "privacy officer" in error.value.reasons[0].text("en")


# --- The pages ---


def test_each_reviewer_finds_the_own_page_and_all_is_shown(pages, cast, three):
    for kind, name in zip(KINDS, ("review", "review-law", "review-security"), strict=True):
        page = text(pages.get("alfa", REVIEWERS[kind]))
        assert pages.url("step", name) in page
        answer = pages.post("alfa", REVIEWERS[kind], "step", name, verdict="positive", text="Fine", version="1")
        assert answer.status_code == 302, text(answer)
    page = text(pages.get("beta", "drafter"))
    assert page.count("ready for the DPO") == 6  # in the table of controllers and with the version
    assert "security officer" in page
