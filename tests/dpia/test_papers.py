"""Papers under a question: kept with their hash, read by whoever takes part, held by every version that names them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from accounts.models import User
from dpia import actions, report
from dpia.actions.exchanging import import_answers
from dpia.exchange import document
from dpia.models import Paper
from dpia.sheet import Sheet
from tests.dpia.pages import Pages, text
from tests.dpia.people import Cast, again, refused
from tests.web.files import docx, pdf, png
from web.uploads import LARGEST

NOTE, PICTURE = pdf(b"An invented note"), png()
SHA256 = hashlib.sha256(NOTE).hexdigest()


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def cast(full_once: Cast, db: None) -> Cast:
    return full_once


def add(cast: Cast, content: bytes = NOTE, name: str = "note.pdf", question: str = "own_papers") -> Paper:
    by = cast.person("alfa", "drafter")
    return actions.add_paper(
        assessment=again(cast.assessment), question=question, document=content, document_name=name, by=by
    )


def answer(cast: Cast, question: str = "own_papers") -> Any:
    return Sheet(again(cast.assessment)).values()[question]


def upload(pages: Pages, *files: SimpleUploadedFile, **more: Any) -> Any:
    pages.login("alfa", "drafter")
    opened = pages.opened("alfa", "drafter", "p1")
    return pages.client.post(pages.url("point", "p1"), opened | {"file-own_papers": list(files)} | more)


def test_a_paper_is_added_shown_with_its_hash_and_only_saved_by_a_browser(pages):
    page = upload(pages, SimpleUploadedFile("..\\evil\u202e/note.pdf", NOTE), attach="own_papers")
    assert page.status_code == 200 and SHA256 in text(page) and "note.pdf" in text(page)
    assert pages.value("own_papers") == [{"name": "note.pdf", "sha256": SHA256}]
    given = pages.get("beta", "dpo", "paper", SHA256)
    assert given.content == NOTE
    assert given["Content-Disposition"] == 'attachment; filename="note.pdf"'
    assert (given["Content-Type"], given["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "sandbox" in given["Content-Security-Policy"]
    assert SHA256 in text(pages.get("beta", "dpo", "whole"))


def test_a_stranger_finds_nothing_and_other_hashes_are_nothing(pages):
    add(pages.cast)
    assert pages.get("alfa", "drafter", "paper", "0" * 64).status_code == 404
    pages.client.force_login(User.objects.create_user(email="stranger@delta.example", full_name="Stranger"))
    assert pages.client.get(pages.url("paper", SHA256)).status_code == 404


def test_a_chosen_file_is_kept_whichever_button_is_pressed(pages):
    saved = upload(pages, SimpleUploadedFile("note.pdf", NOTE), SimpleUploadedFile("p.png", PICTURE), scope="New words")
    assert saved.status_code == 302
    assert [one["name"] for one in pages.value("own_papers")] == ["note.pdf", "p.png"]
    assert pages.value("scope") == "New words"


WRONG = [
    ("setup.pdf", b"MZ\x90 a program", "is a program"), ("run.exe", b"MZ", "is a program"),
    ("page.html", b"<p>", "is a kind of file that cannot be kept here"), ("note.pdf", PICTURE, "is not a whole PDF"),
    ("macro.docx", docx(**{"word/vbaProject.bin": b"x"}), "holds macros, scripts or other files"),
    ("huge.png", png(90_000, 90_000), "far too large to open"), ("empty.pdf", b"", "The file is empty"),
    ("large.pdf", b"%PDF-" + b"\0" * LARGEST, "larger than 20 MiB"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), WRONG, ids=[one[0] for one in WRONG])
def test_what_cannot_be_kept_is_told_at_the_question_and_nothing_typed_is_lost(pages, name, content, said):
    files = SimpleUploadedFile(name, content), SimpleUploadedFile("note.pdf", NOTE)
    page = upload(pages, *files, scope="Typed meanwhile")
    assert page.status_code == 422 and said in text(page) and "Typed meanwhile" in text(page)
    assert [one["name"] for one in pages.value("own_papers")] == ["note.pdf"]  # the one that was right is kept


def test_before_freezing_a_paper_is_erased_and_afterwards_the_version_keeps_it(
    cast, store, django_capture_on_commit_callbacks
):
    drafter = cast.person("alfa", "drafter")
    first, second = add(cast), add(cast, PICTURE, "picture.png")
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(paper=first, by=drafter)
    assert [one["name"] for one in answer(cast)] == ["picture.png"]
    assert not Paper.objects.filter(pk=first.pk).exists()
    assert [path.name for path in store.rglob("*") if path.is_file()] == [second.sha256]
    actions.submit(assessment=again(cast.assessment), by=drafter)
    with refused("lifecycle.state"):
        actions.remove_paper(paper=second, by=drafter)
    actions.send_back(
        assessment=again(cast.assessment), organisation=cast.world.organisations["alfa"], reason="x", by=drafter
    )
    actions.remove_paper(paper=second, by=drafter)
    assert answer(cast) == [] and Paper.objects.get(pk=second.pk).name == "picture.png"
    version = again(cast.assessment).current_version
    assert second.sha256 in json.dumps(version.data)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update dpia_paper set name = 'other'")
    assert add(cast, PICTURE, "picture.png") == second  # the same file again is the one that was kept


def test_taking_away_is_asked_first_and_says_what_stays(pages):
    paper = add(pages.cast)
    page = pages.get("alfa", "drafter", "paper_remove", paper.pk)
    assert "The file is erased" in text(page)
    assert pages.get("beta", "dpo", "paper_remove", paper.pk).status_code == 403
    assert pages.post("alfa", "drafter", "paper_remove", paper.pk).status_code == 302
    assert pages.value("own_papers") == []


def test_twice_too_many_and_in_the_wrong_place_are_refused(cast, monkeypatch):
    add(cast)
    with refused("paper.twice"):
        add(cast, name="again.pdf")
    monkeypatch.setattr("dpia.actions.papers.MOST", 1)
    with refused("paper.many"):
        add(cast, PICTURE, "p.png")
    with refused("answer.form"):
        add(cast, PICTURE, "p.png", question="scope")
    with refused("paper.not_here"):
        actions.answer(
            assessment=again(cast.assessment), question="own_papers", by=cast.person("alfa", "drafter"),
            value=[{"name": "elsewhere.pdf", "sha256": "0" * 64}],
        )  # fmt: skip


def test_a_file_that_was_changed_in_the_store_is_told(pages, store):
    add(pages.cast)
    next(path for path in store.rglob("*") if path.is_file()).write_bytes(b"something else")
    lost = pages.get("alfa", "drafter", "paper", SHA256)
    assert lost.status_code == 409 and "is missing, or is another than was added" in text(lost)


def test_the_document_lists_every_paper_with_its_hash_and_evidence_is_one_of_them(cast):
    add(cast)
    evidence = add(cast, PICTURE, "training.png", question="measure_papers")
    rows = [row | {"paper": evidence.sha256} for row in answer(cast, "measures")[:1]]
    rows = [{key: cell for key, cell in row.items() if key != "enforced"} for row in rows]
    drafter = cast.person("alfa", "drafter")
    actions.answer(assessment=again(cast.assessment), question="measures", value=rows, by=drafter)
    actions.submit(assessment=again(cast.assessment), by=drafter)
    with override("en"):
        page = report.html(again(cast.assessment), "full", "en", again(cast.assessment).current_version)
    assert page.count(SHA256) == 2 and page.count("training.png") == 3  # question, list, and the measure


def test_answers_from_a_file_name_only_papers_that_are_here(cast):
    add(cast)
    given = document(Sheet(again(cast.assessment)))
    for one in given["answers"]:
        if one["question"] == "own_papers":
            one["value"] = [{"name": "elsewhere.pdf", "sha256": "0" * 64}]
    made = import_answers(
        assessment=again(cast.assessment), content=json.dumps(given).encode(), by=cast.person("alfa", "drafter")
    )
    assert ("own_papers", "paper.not_here") in [(one["task"], one["reason"]["code"]) for one in made.left]
    assert answer(cast) == [{"name": "note.pdf", "sha256": SHA256}]
