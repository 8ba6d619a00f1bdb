"""Specifying in the browser: section by section, together, and only what is sound becomes a version."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Organisation, User
from audit.models import Event
from collaborations.models import UseCase
from computations.models import SpecificationDraft
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from tests.collaborations.world import World, new_person
from tests.computations.pages import enrol, fill, send, text, url
from tests.computations.trial import specification

At = Callable[..., Client]
DRAFT_ENDS = ("discard", "upload")
TEXT = {"nl": "verzonnen", "en": "invented"}


def upload(client: Client, use_case: UseCase, content: str | bytes, name: str = "s.json") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(url("draft_upload", use_case), {"file": SimpleUploadedFile(name, raw)})


def draft_of(use_case: UseCase) -> dict[str, Any]:
    return SpecificationDraft.objects.get(use_case=use_case).data


def changed(**changes: Any) -> dict[str, Any]:
    return {**specification(), **changes}


def save(client: Client, use_case: UseCase, **more: Any) -> Any:
    address = url("draft_check", use_case)
    form = client.get(address).context["form"]
    return client.post(address, {"revision": form["revision"].value(), **more})


def test_a_specification_is_filled_in_section_by_section(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("joined"), at()
    enrol(world)
    wanted = specification()

    def section(key: str, **changes: Any) -> str:
        answer = fill(asker, url("draft", use_case) + key, **changes)
        assert answer.status_code == 302, text(answer)
        return str(answer.url)

    texts = {"title_nl": "verzonnen", "title_en": "invented", "purpose_nl": "verzonnen", "purpose_en": "invented"}
    assert section("purpose/", **texts) == url("draft_section", use_case, "parties")
    roles = {party["organisation"]: party["party_roles"] for party in wanted["parties"]}
    parties = {f"roles_{key}": held for key, held in roles.items()}
    capacities = {f"capacity_{key}": "joint_controller" for key in roles}
    assert section("parties/", **parties, **capacities) == url("draft_section", use_case, "datasets")
    following = section("datasets/", datasets_alfa=["alfa/rows"], datasets_beta=["beta/rows"])
    assert following == url("draft_columns", use_case, "alfa", "rows")
    about = {"subjects_nl": "verzonnen", "subjects_en": "invented", "padded_rows": "100"}
    why = {f"why_{name}_{language}": TEXT[language] for name in ("id", "colour", "owes") for language in TEXT}
    uses = {"use_id": "join_key", "class_id": "ordinary", "use_colour": "group", "use_owes": "condition"}
    section("columns/alfa/rows/", **about, **why, **uses)
    assert section("columns/beta/rows/", **about, **why, **uses) == url("draft_section", use_case, "analysis")
    condition = {"parameter_conditions_column_0": "beta.owes", "parameter_conditions_op_0": "eq"}
    groups = {"parameter_base": "alfa", "parameter_group_by_0": "alfa.colour"}
    section("analysis/", analysis="grouped_counts")
    section("analysis/", **groups, **condition, parameter_conditions_value_0="yes")
    output = {"name_0": "table", "recipients_0": ["alfa"], "checker_0": "beta", "shown_0": "on"}
    words = {f"{name}_0_{language}": TEXT[language] for name in ("title", "use") for language in TEXT}
    section("output/", k="10", two_sided="on", **output, **words)
    days = {"start": wanted["schedule"]["start"], "end": wanted["schedule"]["end"], "slots": "5", "recurrence": "once"}
    assert section("window/", **days) == url("draft_check", use_case)

    checked = text(asker.get(url("draft_check", use_case)))
    assert "ow many ids alfa and beta share" in checked, "what the protocol tells is shown before saving"
    answer = save(asker, use_case)
    assert answer.status_code == 302, text(answer)
    ids = {"alfa_rows": "alfa", "beta_rows": "beta"}
    expected = json.loads(json.dumps(wanted).replace("alfa_rows", ids["alfa_rows"]).replace("beta_rows", "beta"))
    assert use_case.specification.data == expected
    assert not SpecificationDraft.objects.exists()
    assert "Version 1" in text(asker.get(url("specification", use_case)))


def test_what_is_still_empty_is_kept_and_named(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("joined"), at()
    answer = fill(asker, url("draft_section", use_case, "output"), name_0="table", k="")
    assert answer.status_code == 302
    assert draft_of(use_case)["outputs"][0]["name"] == "table"
    assert "Use (table)" in text(asker.get(url("draft_check", use_case)))
    listed = text(asker.get(url("draft", use_case)))
    assert "5 to fill in" in listed, "threshold, title, use, recipients and checker"
    refused = save(asker, use_case)
    assert (refused.status_code, use_case.specification) == (422, None)
    assert "This cannot be saved yet" in text(refused)


def test_a_draft_begins_with_the_current_version(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    opened = asker.get(url("draft_section", use_case, "output"))
    assert opened.context["form"]["k"].value() == 10
    assert not SpecificationDraft.objects.exists(), "looking saves nothing"
    assert "There is nothing to save" in text(asker.get(url("draft_check", use_case)))
    assert fill(asker, url("draft_section", use_case, "output"), k="12").status_code == 302
    assert save(asker, use_case).status_code == 302
    assert [v.data["disclosure"]["k"] for v in use_case.specifications.order_by("number")] == [10, 12]
    changes = text(asker.get(url("specification_changes", use_case, 2)))
    assert "Threshold k" in changes and "<del>10</del>" in changes and "<ins>12</ins>" in changes


def test_nothing_changed_is_no_version(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    fill(asker, url("draft_section", use_case, "output"))
    answer = save(asker, use_case)
    assert (answer.status_code, use_case.specifications.count()) == (422, 1)
    assert "same as version 1" in text(answer)


SOUND = specification()
OUTPUT, PARTIES, PARAMETERS = SOUND["outputs"][0], SOUND["parties"], SOUND["parameters"]
FAULTY: dict[str, dict[str, Any]] = {
    "checker is the asker": {"outputs": [OUTPUT | {"checker": "alfa"}]},
    "recipient outside": {"outputs": [OUTPUT | {"recipients": ["gamma"]}]},
    "party twice": {"parties": [*PARTIES, PARTIES[2]]},
    "two computing": {"parties": [*PARTIES[:2], PARTIES[2] | {"party_roles": ["result_party"]}]},
    "window ends early": {"schedule": SOUND["schedule"] | {"end": "2020-01-01"}},
    "unknown column": {"parameters": PARAMETERS | {"group_by": [{"input": "alfa_rows", "column": "x"}]}},
    "no join key": {"inputs": [entry | {"columns": entry["columns"][1:]} for entry in SOUND["inputs"]]},
}


@pytest.mark.parametrize("fault", FAULTY)
def test_every_reason_is_shown_with_where_to_mend_it_and_stops_a_version(world: World, at: At, fault: str) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    document = changed(**FAULTY[fault])
    reasons = specification_reasons(read_specification(document))
    assert reasons
    assert upload(asker, use_case, json.dumps(document)).status_code == 302
    answer = asker.get(url("draft_check", use_case))
    for reason in reasons:
        assert reason.text("en") in text(answer)
    assert all(address for _reason, _label, address in answer.context["wrong"]), "each leads to its section"
    assert save(asker, use_case).status_code == 422
    assert use_case.specifications.count() == 1


def test_a_partner_that_is_none_is_named(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    text_of = json.dumps(specification()).replace("gamma", "delta")
    upload(asker, use_case, text_of)
    assert "delta" in text(asker.get(url("draft_check", use_case)))
    fill(asker, url("draft_section", use_case, "parties"), in_delta=None)
    assert [party["organisation"] for party in draft_of(use_case)["parties"]] == ["alfa", "beta"]


def test_two_people_in_one_section_lose_nothing(world: World, at: At) -> None:
    use_case, anna, bram = world.use_case_at("exploring"), at(), at(role="drafter")
    address = url("draft_section", use_case, "purpose")
    opened = bram.get(address)
    assert fill(anna, address, title_nl="Van Anna").status_code == 302
    answer = send(bram, opened, address, title_nl="Van Bram", purpose_nl="Ook van Bram")
    assert answer.status_code == 422
    assert draft_of(use_case)["title"]["nl"] == "Van Anna", "not overwritten"
    shown = text(answer)
    assert "Innovation Manager Alfa saved this section" in shown
    assert "<del>Van Anna</del>" in shown and "<ins>Van Bram</ins>" in shown
    assert answer.context["form"]["purpose_nl"].value() == "Ook van Bram", "what was typed is still there"
    assert send(bram, answer, address).status_code == 302
    assert draft_of(use_case)["title"]["nl"] == "Van Bram"


def test_two_people_in_two_sections_do_not_meet(world: World, at: At) -> None:
    use_case, anna, bram = world.use_case_at("exploring"), at(), at(role="drafter")
    opened = bram.get(url("draft_section", use_case, "window"))
    fill(anna, url("draft_section", use_case, "output"), k="33")
    assert send(bram, opened, url("draft_section", use_case, "window"), slots="7").status_code == 302
    assert (draft_of(use_case)["disclosure"]["k"], draft_of(use_case)["schedule"]["slots"]) == (33, 7)


def test_rows_that_somebody_else_took_out_meanwhile_are_not_lost(world: World, at: At) -> None:
    use_case, anna, bram = world.use_case_at("exploring"), at(), at(role="drafter")
    address = url("draft_section", use_case, "analysis")
    opened = bram.get(address)
    fill(anna, address, parameter_conditions_column_0="")
    assert draft_of(use_case)["parameters"]["conditions"] == []
    second = {"parameter_conditions_column_1": "alfa_rows.colour", "parameter_conditions_op_1": "in"}
    answer = send(bram, opened, address, **second, parameter_conditions_value_1="blue; red")
    assert answer.status_code == 422
    assert send(bram, answer, address).status_code == 302
    assert [entry["value"] for entry in draft_of(use_case)["parameters"]["conditions"]] == [True, ["blue", "red"]]


def test_a_draft_changed_after_checking_is_looked_at_again(world: World, at: At) -> None:
    use_case, anna, bram = world.use_case_at("exploring"), at(), at(role="drafter")
    fill(anna, url("draft_section", use_case, "output"), k="33")
    checked = anna.get(url("draft_check", use_case)).context["form"]["revision"].value()
    fill(bram, url("draft_section", use_case, "output"), k="3")
    answer = anna.post(url("draft_check", use_case), {"revision": checked})
    assert (answer.status_code, use_case.specifications.count()) == (422, 1)
    assert "Drafter Alfa changed the draft" in text(answer)
    assert answer.context["form"]["revision"].value() == 2, "and now it is this one that was looked at"


@pytest.mark.parametrize(
    ("column", "op", "value", "sentence"),
    [
        ("beta_rows.owes", "eq", "perhaps", "Type true or false"),
        ("alfa_rows.colour", "eq", "green", "not one of the categories: blue, red"),
        ("alfa_rows.colour", "eq", "", "Choose a comparison and fill in a value"),
    ],
)
def test_a_value_that_cannot_be_read_is_asked_again(
    world: World, at: At, column: str, op: str, value: str, sentence: str
) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    names = ("column", "op", "value")
    given = {f"parameter_conditions_{name}_0": part for name, part in zip(names, (column, op, value), strict=True)}
    answer = fill(asker, url("draft_section", use_case, "analysis"), **given)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not SpecificationDraft.objects.exists()


def test_english_may_be_left_empty(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    fill(asker, url("draft_section", use_case, "purpose"), title_nl="Alleen Nederlands", title_en="")
    assert draft_of(use_case)["title"] == {"nl": "Alleen Nederlands", "en": ""}
    save(asker, use_case)
    assert use_case.specification.data["title"] == {"nl": "Alleen Nederlands", "en": "Alleen Nederlands"}


def test_datasets_are_offered_as_the_stations_announced_them(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    assert "not announced by the station" in text(asker.get(url("draft_section", use_case, "datasets")))
    assert "contract will need this later" in text(fill_and_check(asker, use_case))
    enrol(world)
    assert "not announced" not in text(asker.get(url("draft_section", use_case, "datasets")))
    assert "contract will need this later" not in text(asker.get(url("draft_check", use_case)))
    columns = asker.get(url("draft_columns", use_case, "alfa", "rows")).context["form"]
    assert columns["use_colour"].value() == "group" and columns["use_note"].value() == ""


def fill_and_check(client: Client, use_case: UseCase) -> Any:
    fill(client, url("draft_section", use_case, "output"), k="20")
    return client.get(url("draft_check", use_case))


def test_a_dataset_taken_out_takes_its_columns_along(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    fill(asker, url("draft_section", use_case, "datasets"), datasets_beta=None)
    assert [entry["id"] for entry in draft_of(use_case)["inputs"]] == ["alfa_rows"]
    wrong = [reason.code for reason, _label, _url in asker.get(url("draft_check", use_case)).context["wrong"]]
    assert wrong == ["specification.giver_without_input"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_download_can_be_uploaded_again(world: World, at: At, form: str) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    download = asker.get(url("specification_json", use_case, 1))
    assert download["Content-Disposition"] == 'attachment; filename="specification-v1.json"'
    content = download.content if form == "json" else yaml.safe_dump(json.loads(download.content)).replace("'", "")
    assert upload(asker, use_case, content, f"s.{form}").status_code == 302
    assert draft_of(use_case) == use_case.specification.data


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "cannot be read"),
        ("{", "not readable JSON"),
        ("a: [", "cannot be read"),
        ('{"a": 1, "a": 2}', "occurs twice"),
        ("- just\n- a list", "-"),
        ("a: &x [1]\nb: *x", "by reference"),
        (json.dumps({**specification(), "backdoor": True}), "backdoor"),
        (json.dumps({**specification(), "disclosure": {"k": 1}}), "disclosure.k"),
        (json.dumps({**specification(), "disclosure": {"k": 10.5}}), "decimal number"),
        ("disclosure: {k: 10.5}", "disclosure.k"),
        ("x" * 1_100_000, "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_specification_gets_a_sentence(world: World, at: At, content: Any, sentence: str) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    answer = upload(asker, use_case, content)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not SpecificationDraft.objects.exists()


def test_uploading_warns_before_it_replaces_a_draft(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    assert "replaced as a whole" not in text(asker.get(url("draft_upload", use_case)))
    fill(asker, url("draft_section", use_case, "output"), k="20")
    assert "replaced as a whole" in text(asker.get(url("draft_upload", use_case)))


def test_a_draft_is_thrown_away_after_asking(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    fill(asker, url("draft_section", use_case, "output"), k="20")
    asker.get(url("draft_discard", use_case))
    assert SpecificationDraft.objects.exists()
    assert asker.post(url("draft_discard", use_case)).status_code == 302
    assert not SpecificationDraft.objects.exists()
    told = Event.objects.timeline(use_case).values_list("type", flat=True)
    assert list(told[:2]) == ["specification.draft_discarded", "specification.draft_saved"]


def test_what_somebody_else_drafted_meanwhile_is_neither_thrown_away_nor_replaced(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    section, pages = url("draft_section", use_case, "output"), [url(f"draft_{n}", use_case) for n in DRAFT_ENDS]
    fill(asker, section, k="20")
    seen = [asker.get(page).context["form"]["seen"].value() for page in pages]
    fill(asker, section, k="30")
    for page, mark in zip(pages, seen, strict=True):
        file = SimpleUploadedFile("s.json", json.dumps(specification()).encode())
        answer = asker.post(page, {"seen": mark, "file": file})
        assert answer.status_code == 422 and "changed the draft after you opened this page" in text(answer)
        assert draft_of(use_case)["disclosure"]["k"] == 30
    assert asker.post(pages[0], {"seen": asker.get(pages[0]).context["form"]["seen"].value()}).status_code == 302


def test_a_new_version_while_assessing_reopens_what_rests_on_it_and_says_so_first(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("adopted"), at()
    fill(asker, url("draft_section", use_case, "output"), k="20")
    assert "starts again at its draft" in text(asker.get(url("draft_check", use_case)))
    answer = save(asker, use_case)
    assert (answer.status_code, use_case.specifications.count()) == (422, 1)
    assert "Tick this" in text(answer)
    assert save(asker, use_case, reopens="on").status_code == 302
    use_case.assessment.refresh_from_db()
    assert (use_case.specifications.count(), use_case.assessment.state) == (2, "draft")


def test_once_authorised_there_is_no_draft(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("authorised"), at()
    assert asker.get(url("draft", use_case)).status_code == 409
    assert "is fixed now" in text(asker.get(url("specification", use_case)))


def test_partners_read_and_only_the_asker_writes(world: World, at: At) -> None:
    use_case, reader = world.use_case_at("exploring"), at("gamma", "privacy_officer")
    shown = text(reader.get(url("specification", use_case)))
    assert use_case.specification.sha256 in shown
    assert "beta_rows.owes is equal to yes" in shown
    assert "Change the specification" not in shown
    for name in ("draft", "draft_check", "draft_upload", "draft_discard"):
        assert reader.get(url(name, use_case)).status_code == 403
        assert at("beta").get(url(name, use_case)).status_code == 403, "another partner's innovation manager"
    outside = Organisation.objects.create(slug="other", name="Other")
    stranger = Client()
    stranger.force_login(new_person("x@other.example", outside, "innovation_manager"))
    for name in ("specification", "draft", "draft_check"):
        assert stranger.get(url(name, use_case)).status_code == 404


def test_text_of_people_is_never_markup(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    fill(asker, url("draft_section", use_case, "purpose"), title_nl="<script>alert(1)</script>", title_en="")
    save(asker, use_case)
    for name in ("specification", "draft_check", "draft"):
        assert b"<script>alert" not in asker.get(url(name, use_case)).content


def test_a_specification_is_readable_without_floats_or_lost_fields(world: World, at: At) -> None:
    use_case, asker = world.use_case_at("exploring"), at()
    document = deepcopy(json.loads(asker.get(url("specification_json", use_case, 1)).content))
    assert read_specification(document).document() == specification()


def test_who_saved_is_shown_with_every_version(world: World, at: At) -> None:
    use_case, drafter = world.use_case_at("exploring"), at(role="drafter")
    fill(drafter, url("draft_section", use_case, "output"), k="20")
    save(drafter, use_case)
    listed = text(drafter.get(url("specification", use_case)))
    saver = User.objects.get(email="drafter@alfa.example")
    assert use_case.specification.by == saver
    assert listed.count(saver.full_name) >= 1 and "Version 1" in listed and "Version 2" in listed
    assert "not current" in text(drafter.get(url("specification_version", use_case, 1)))
