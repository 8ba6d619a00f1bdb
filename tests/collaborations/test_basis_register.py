"""The matrix, the register across use cases, the examples, and the papers of a row, as pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collaborations import basis_examples
from collaborations.actions.basis_text import BasisText, checked
from collaborations.models import LegalBasis
from tests.collaborations.test_basis_pages import FORM, TODAY, At, address, words
from tests.collaborations.world import World

STOP = "assessing"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def draft(shared: World, at: At) -> LegalBasis:
    more = {
        "side": "provider", "counterpart": "alfa", "secrecy": "lifted", "secrecy_provision": "AWR 67",
        "secrecy_lifted_by": EVIL, "law_id_2": "BWBR0000001", "article_2": "7", "version_date_2": TODAY,
    }  # fmt: skip
    answer = at("beta", "drafter").post(address("basis_new", shared.use_case.pk, "beta"), FORM | more)
    assert answer.status_code == 302
    return LegalBasis.objects.get()


def test_a_row_tells_all_it_says(shared: World, at: At, draft: LegalBasis) -> None:
    answer = at("gamma", "nobody").get(address("basis", shared.use_case.pk, draft.pk))
    text = words(answer)
    for told in ("BWBR0000001, art. 7", "we provide the data", "AWR 67", "a provision lifts it", "not verified"):
        assert told in text, told
    assert EVIL not in answer.content.decode()


def test_the_matrix_links_what_is_missing_and_what_is_there(shared: World, at: At, draft: LegalBasis) -> None:
    page = address("basis_matrix", shared.use_case.pk)
    own = words(at("alfa", "drafter").get(page))
    assert address("basis_new", shared.use_case.pk, "alfa") + "?operation=receive" in own
    assert address("basis", shared.use_case.pk, draft.pk) in own
    assert "in progress" in own and "missing" in own
    other = words(at("beta", "nobody").get(page))
    assert address("basis_new", shared.use_case.pk, "alfa") not in other


def test_the_register_holds_the_own_rows_and_filters_them(shared: World, at: At, draft: LegalBasis) -> None:
    page = address("basis_register")
    link = address("basis", shared.use_case.pk, draft.pk)
    assert link in words(at("beta", "lawyer").get(page))
    assert link not in words(at("alfa", "lawyer").get(page))
    beta = at("beta", "dpo")
    for query, there in {
        "state=draft": True, "state=approved": False, "validity=now": True, "validity=soon": True,
        "validity=ended": False, "validity=later": False, "state=%3Cscript%3E&validity=x&page=99": True,
    }.items():  # fmt: skip
        assert (link in words(beta.get(f"{page}?{query}"))) is there, query


def test_the_register_asks_as_much_of_the_database_for_many_rows(
    shared: World, at: At, draft: LegalBasis, django_assert_max_num_queries: Any
) -> None:
    end = TODAY + timedelta(days=9)
    text = BasisText(**{**FORM, "valid_from": TODAY, "valid_to": end})
    same = {"partner": draft.partner, "specification": draft.specification, "drafted_by": draft.drafted_by}
    LegalBasis.objects.bulk_create(LegalBasis(**same, **checked(text)) for _ in range(60))
    lawyer = at("beta", "lawyer")
    with django_assert_max_num_queries(12):
        text = words(lawyer.get(address("basis_register")))
    assert "61 legal bases" in text
    assert "Page 1 of 2" in text


def test_an_example_fills_in_the_form_and_says_that_nobody_checked_it(shared: World, at: At) -> None:
    lawyer, pk = at("beta", "lawyer"), shared.use_case.pk
    page = words(lawyer.get(address("basis_examples", pk, "beta")))
    form = address("basis_new", pk, "beta")
    assert f"{form}?example=wpg-samenwerking" in page and "example, unverified" in page
    text = words(lawyer.get(f"{form}?example=wpg-samenwerking"))
    assert 'value="wpg.20" selected' in text and "example, unverified" in text
    assert lawyer.get(f"{form}?example=nothing").status_code == 200


@pytest.mark.parametrize("key", [entry["key"] for entry in basis_examples.shown("nl")])
def test_every_example_is_one_that_the_register_takes(key: str) -> None:
    first = {"purpose": "p", "data_category": "d", "operation": "contribute", "valid_from": TODAY, "valid_to": TODAY}
    for language in ("nl", "en"):
        found = basis_examples.filled(key, language)
        remark = found.pop("remark")
        assert remark in ("voorbeeld, niet geverifieerd", "example, unverified")
        assert checked(BasisText(**first | found))["ground"] == found["ground"]


def test_a_paper_is_added_read_by_the_partners_and_taken_away(shared: World, at: At, draft: LegalBasis) -> None:
    pk = shared.use_case.pk
    add = address("basis_paper_add", pk, draft.pk)
    wrong = at("beta", "lawyer").post(add, {"document": SimpleUploadedFile("a.pdf", b"<html>")})
    assert wrong.status_code == 422 and "is not what its name says" in words(wrong)
    assert at("beta", "lawyer").post(add, {"document": SimpleUploadedFile("a.pdf", b"%PDF-1")}).status_code == 302
    paper = draft.documents.get()
    kept = at("gamma", "nobody").get(address("basis_paper", pk, draft.pk, paper.pk))
    assert kept.content == b"%PDF-1" and kept["Content-Disposition"].startswith("attachment")
    away = address("basis_paper_drop", pk, draft.pk, paper.pk)
    assert at("alfa", "lawyer").post(away).status_code == 403
    assert at("beta", "lawyer").post(away).status_code == 302
    assert not draft.documents.exists()


def test_a_stale_form_keeps_what_was_typed_and_shows_the_present_text(shared: World, at: At, draft: LegalBasis) -> None:
    page = address("basis_edit", shared.use_case.pk, draft.pk)
    seen = at("beta", "drafter").get(page).context["form"]["seen"].value()
    assert at("beta", "lawyer").post(page, FORM | {"purpose": "Of the lawyer", "seen": seen}).status_code == 302
    answer = at("beta", "drafter").post(page, FORM | {"purpose": "Of the drafter", "seen": seen})
    text = words(answer)
    assert answer.status_code == 422
    assert "changed this legal basis in the meantime" in text
    assert "Of the lawyer" in text and "Of the drafter" in text
    again = answer.context["form"]["seen"].value()
    assert at("beta", "drafter").post(page, FORM | {"purpose": "Of both", "seen": again}).status_code == 302
    draft.refresh_from_db()
    assert draft.purpose == "Of both"


def test_a_citation_has_a_law_and_an_article(shared: World, at: At) -> None:
    page = address("basis_new", shared.use_case.pk, "beta")
    answer = at("beta", "drafter").post(page, FORM | {"law_id_2": "BWBR0000001"})
    assert answer.status_code == 422 and "A citation has a law and an article" in words(answer)
