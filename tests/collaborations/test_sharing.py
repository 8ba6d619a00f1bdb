"""Sharing a DPIA: what others see is what was previewed and agreed to, and what was blacked out is nowhere in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from collaborations import turns
from collaborations.actions import sharing as actions
from collaborations.models import SharedAssessment, UseCase
from dpia import actions as dpia
from dpia import redaction
from dpia.sheet import Sheet
from station.contract.canonical import digest
from tests.collaborations.world import KEYS, new_person
from tests.dpia.conftest import cast as cast  # the same fixtures as the DPIA's own tests
from tests.dpia.conftest import cast_once as cast_once
from tests.dpia.conftest import static_files as static_files
from tests.dpia.pages import text
from tests.dpia.people import Cast, again, refused

SECRET = "Pietje Puk"
PICKS = ["necessity", "risks", "own_task@beta", "rights"]


@pytest.fixture
def adopted(cast: Cast) -> UseCase:
    by = cast.person("alfa", "drafter")
    told = f"Without it {SECRET} stays\nunseen; pietje\npuk agrees."
    dpia.answer(assessment=cast.assessment, question="necessity", value=told, by=by)
    rows = Sheet(cast.assessment).values()["risks"]
    typed = [{key: row[key] for key in row if not key.startswith("level")} | {"risk": f"{SECRET} is known"}
             for row in rows]  # fmt: skip
    dpia.answer(assessment=cast.assessment, question="risks", value=typed, by=by)
    cast.at("adopted")
    return UseCase.objects.get(assessment=cast.assessment)


def prepared(use_case: UseCase, cast: Cast, audience: str = "public", passages: str = SECRET, **more: Any) -> Any:
    by = cast.person("alfa", "drafter")
    fields = {"title": "How we did it", "picks": PICKS} | more
    return actions.prepare_sharing(use_case=use_case, audience=audience, passages=passages, by=by, **fields)


def shared(use_case: UseCase, cast: Cast, audience: str = "public", **more: Any) -> SharedAssessment:
    row = prepared(use_case, cast, audience, **more)
    actions.propose_sharing(shared=row, sha256=digest(actions.preview(row)), by=cast.person("alfa", "drafter"))
    for key in KEYS:
        row = SharedAssessment.objects.get(pk=row.pk)
        if row.version.data["controllers"].count(key):
            organisation = cast.world.organisations[key]
            by = cast.person(key, "mandated_manager")
            actions.agree_sharing(shared=row, organisation=organisation, sha256=row.sha256, by=by)
    return SharedAssessment.objects.get(pk=row.pk)


def test_what_was_blacked_out_is_nowhere_in_what_is_stored_or_shown(adopted, cast):
    row = shared(adopted, cast)
    assert (row.state, row.passages) == ("shared", [])
    stored = json.dumps(row.data, ensure_ascii=False).lower()
    assert SECRET.lower() not in stored
    assert "pietje\\npuk" not in stored
    page = text(Client().get(reverse("collaborations:shared_assessment", args=[row.pk])))
    assert redaction.BLACK in page
    assert "pietje" not in page.lower()
    assert "How we did it" in text(Client().get(reverse("collaborations:shared_assessments")))
    answers = [one for point in row.data["points"] for one in point["answers"]]
    assert {redaction.key_of((one["question"], one["organisation"])) for one in answers} == set(PICKS)


def test_what_cannot_be_shared_is_refused(adopted, cast):
    with refused("sharing.nothing"):
        prepared(adopted, cast, picks=["gone"])
    with refused("sharing.passage"):
        prepared(adopted, cast, passages="Jantje Kaas")
    with refused("sharing.passage_length"):
        prepared(adopted, cast, passages="x")
    with refused("sharing.many_passages"):
        prepared(adopted, cast, passages="\n".join(f"passage {n}" for n in range(redaction.MOST_PASSAGES + 1)))
    with refused("sharing.title"):
        prepared(adopted, cast, title=" ")
    with refused("sharing.audience"):
        prepared(adopted, cast, audience="friends")
    row = prepared(adopted, cast)
    with refused("sharing.other_text"):
        actions.propose_sharing(shared=row, sha256="0" * 64, by=cast.person("alfa", "drafter"))
    with pytest.raises(PermissionDenied):
        actions.prepare_sharing(
            use_case=adopted, audience="public", title="x", picks=PICKS, passages="", by=cast.person("alfa", "dpo")
        )


def test_a_dpia_that_is_not_adopted_is_not_shared(cast):
    with refused("sharing.not_adopted"):
        prepared(UseCase.objects.get(assessment=cast.assessment), cast)


def test_every_controller_agrees_before_anybody_reads_it_and_one_takes_it_back(adopted, cast):
    row, drafter = prepared(adopted, cast), cast.person("alfa", "drafter")
    address = reverse("collaborations:shared_assessment", args=[row.pk])
    sha256 = digest(actions.preview(row))
    actions.propose_sharing(shared=row, sha256=sha256, by=drafter)
    row.refresh_from_db()
    waiting = {turn.who for turn in turns.waiting(adopted) if turn.code == "turn.agree_sharing"}
    assert waiting == set(row.version.data["controllers"])
    managers = {key: cast.person(key, "mandated_manager") for key in waiting}
    with refused("sharing.other_text"):
        actions.agree_sharing(
            shared=row, organisation=cast.world.organisations["alfa"], sha256="0" * 64, by=managers["alfa"]
        )
    for key in sorted(waiting):
        assert Client().get(address).status_code == 404
        organisation = cast.world.organisations[key]
        with pytest.raises(PermissionDenied):
            actions.agree_sharing(shared=row, organisation=organisation, sha256=sha256, by=cast.person(key, "dpo"))
        actions.agree_sharing(shared=row, organisation=organisation, sha256=sha256, by=managers[key])
    assert Client().get(address).status_code == 200
    with refused("lifecycle.state"):
        actions.agree_sharing(shared=row, organisation=organisation, sha256=sha256, by=managers[key])
    actions.withdraw_sharing(
        shared=row, organisation=cast.world.organisations["beta"], reason="No longer", by=managers["beta"]
    )
    assert Client().get(address).status_code == 404


def test_who_proposes_does_not_agree(adopted, cast):
    row = prepared(adopted, cast)
    actions.propose_sharing(shared=row, sha256=digest(actions.preview(row)), by=cast.person("alfa", "drafter"))
    both = cast.person("alfa", "mandated_manager")
    SharedAssessment.objects.filter(pk=row.pk).update(by=both)
    row.refresh_from_db()
    with refused("four_eyes.sharing"):
        actions.agree_sharing(shared=row, organisation=cast.world.organisations["alfa"], sha256=row.sha256, by=both)


@pytest.mark.parametrize(
    ("audience", "reads"),
    [("public", "nobody outside partner"), ("partners", "outside partner"), ("collaboration", "partner")],
)
def test_who_reads_it(adopted, cast, audience, reads):
    row = shared(adopted, cast, audience)
    outside = new_person("somebody@theta.example", Organisation.objects.create(slug="theta", name="Theta"), "drafter")
    found = {"nobody": Client(), "outside": Client(), "partner": Client()}
    found["outside"].force_login(outside)
    found["partner"].force_login(cast.person("gamma", "drafter"))
    address = reverse("collaborations:shared_assessment", args=[row.pk])
    for who, client in found.items():
        assert (client.get(address).status_code == 200) == (who in reads), who
        assert (row.title in text(client.get(reverse("collaborations:shared_assessments")))) == (who in reads)


def test_what_is_stored_otherwise_than_agreed_is_not_shown(adopted, cast):
    row = shared(adopted, cast)
    SharedAssessment.objects.filter(pk=row.pk).update(data=row.data | {"title": "Something else"})
    assert Client().get(reverse("collaborations:shared_assessment", args=[row.pk])).status_code == 404


def test_another_dossier_begins_from_it_with_what_was_shared_and_says_so(adopted, cast):
    row = shared(adopted, cast)
    by = cast.person("alfa", "drafter")
    dpia.reopen(assessment=again(cast.assessment), reason="To begin anew", by=by)
    draft = again(cast.assessment)
    dpia.answer(assessment=draft, question="necessity", value="", by=by)
    dpia.answer(assessment=draft, question="risks", value=[], by=by)
    made = actions.begin_from_shared(shared=row, assessment=draft, by=by)
    values = Sheet(again(draft)).values()
    assert values["necessity"].startswith(f"Without it {redaction.BLACK} stays")
    assert not values["risks"], "of a table in which something was blacked out nothing is copied"
    assert (made.form, made.origin) == ("shared", f"How we did it ({row.sha256[:12]})")
    assert {one["task"] for one in made.left} == {"own_task", "rights", "risks"}
    beta, manager = cast.world.organisations["beta"], cast.person("beta", "mandated_manager")
    actions.withdraw_sharing(shared=row, organisation=beta, reason="x", by=manager)
    with refused("sharing.gone"):
        actions.begin_from_shared(shared=row, assessment=draft, by=by)


def test_the_pages_walk_from_choosing_to_reading(adopted, cast):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(cast.person("alfa", "drafter"))
    form = client.get(reverse("collaborations:sharing_new", args=[adopted.pk]))
    chosen = {name: field.initial for name, field in form.context["form"].fields.items() if name.startswith("pick_")}
    assert any("necessity" in picks for picks in chosen.values())
    assert not any("risks" in picks for picks in chosen.values())
    sent = {"title": "Shown", "audience": "public", "passages": SECRET, **chosen}
    wrong = client.post(reverse("collaborations:sharing_new", args=[adopted.pk]), sent | {"passages": "Jantje Kaas"})
    assert (wrong.status_code, "Jantje Kaas" in text(wrong)) == (422, True)
    preview = client.post(reverse("collaborations:sharing_new", args=[adopted.pk]), sent, follow=True)
    assert redaction.BLACK in text(preview)
    row = SharedAssessment.objects.get()
    step = reverse("collaborations:sharing_step", args=[adopted.pk, row.pk, "propose"])
    data = {"sha256": client.get(step).context["form"].initial["sha256"]}
    assert client.post(step, data).status_code == 302
    edit = reverse("collaborations:sharing_edit", args=[adopted.pk, row.pk])
    assert client.get(edit).status_code == 404  # it no longer changes
    for key in row.version.data["controllers"]:
        client.force_login(cast.person(key, "mandated_manager"))
        step = reverse("collaborations:sharing_step", args=[adopted.pk, row.pk, "agree"])
        sent = {"sha256": client.get(step).context["form"].initial["sha256"], "organisation": key}
        assert client.post(step, sent).status_code == 302
    assert "shared" in text(client.get(reverse("collaborations:sharings", args=[adopted.pk])))
    assert "Begin from this DPIA" in text(client.get(reverse("collaborations:shared_assessment", args=[row.pk])))


def test_what_is_written_otherwise_in_the_other_language_is_black_there_too() -> None:
    plain = {"nl": {"rows": [[{"text": "1 mei 2026"}, {"text": "Ja"}]]},
             "en": {"rows": [[{"text": "1 May 2026"}, {"text": "Yes"}]]}}  # fmt: skip
    marker = redaction.Marker(["1 mei 2026"])
    black = {end: marker.black(plain[end]) for end in plain}
    assert redaction._alike(plain, black, "en", "nl") == {"rows": [[{"text": redaction.BLACK}, {"text": "Yes"}]]}
    assert redaction._alike(plain, black, "nl", "en") == {"rows": [[{"text": redaction.BLACK}, {"text": "Ja"}]]}


def test_nothing_is_carried_that_names_what_was_blacked_out(adopted, cast):
    row = shared(adopted, cast)
    (risks,) = [one for point in row.data["points"] for one in point["answers"] if one["question"] == "risks"]
    assert risks["value"] is None, "a passage in it was blacked out"
    open_row = prepared(adopted, cast, passages="")
    answers = [one for point in actions.preview(open_row)["points"] for one in point["answers"]]
    (risks,) = [one for one in answers if one["question"] == "risks"]
    assert risks["value"] and not any({"id", "library"} & one.keys() for one in risks["value"])


def test_who_agrees_has_a_mandate_and_the_dpia_still_counts(adopted, cast):
    row = prepared(adopted, cast)
    actions.propose_sharing(shared=row, sha256=digest(actions.preview(row)), by=cast.person("alfa", "drafter"))
    row.refresh_from_db()
    organisation, by = cast.world.organisations["alfa"], cast.person("alfa", "mandated_manager")
    asked = {"shared": row, "organisation": organisation, "sha256": row.sha256, "by": by}
    dpo = cast.person("beta", "dpo")
    dpia.suspend(assessment=cast.assessment, organisation=cast.world.organisations["beta"], reason="Odd", by=dpo)
    with refused("sharing.not_adopted"):
        actions.agree_sharing(**asked)
    dpia.resume(assessment=cast.assessment, reason="Mended", by=dpo)
    row.refresh_from_db()
    organisation.mandates.update(valid_to="2021-01-01")
    with refused("mandate.none"):
        actions.agree_sharing(**asked)
