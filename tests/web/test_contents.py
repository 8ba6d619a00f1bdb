"""What a file has to be to be kept: whole, what it says it is, without programs, and no larger than it looks."""

from __future__ import annotations

import zlib

import pytest

from tests.web.files import docx, jpg, odt, packed, pdf, png
from web import contents
from web.contents import is_program, problem

WHOLE = {"pdf": pdf(b"words", b"more"), "png": png(), "jpg": jpg(), "jpeg": jpg(), "docx": docx(), "odt": odt()}


@pytest.mark.parametrize("ending", sorted(WHOLE))
def test_a_whole_file_is_kept_under_its_own_name_only(ending):
    assert problem(WHOLE[ending], ending) is None
    for other, document in WHOLE.items():
        if {other, ending} != {"jpg", "jpeg"} and other != ending:
            assert problem(document, ending) == "other"


@pytest.mark.parametrize("ending", sorted(WHOLE))
def test_a_file_that_is_cut_off_is_not_kept(ending):
    document = WHOLE[ending]
    for length in range(0, len(document) - 8, 7):
        assert problem(document[:length], ending) == "other"


LARGE = b"\0" * (3 * contents.MEBIBYTE)
BOMBS = [
    ("pdf", pdf(LARGE, LARGE, LARGE)),
    ("pdf", pdf(b"x", head=b"<< /Filter [/FlateDecode /FlateDecode] >>")),
    ("docx", docx(**{"word/media/picture.png": LARGE, "word/media/other.png": LARGE, "word/media/third.png": LARGE})),
    ("odt", odt(**{f"part{n}.xml": b"" for n in range(2_001)})),
    ("docx", docx(**{"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'})),
    ("png", png(60_000, 60_000)), ("jpg", jpg(60_000, 60_000)),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "document"), BOMBS, ids=[f"{n}-{one[0]}" for n, one in enumerate(BOMBS)])
def test_what_unfolds_into_something_huge_is_not_kept(ending, document, monkeypatch):
    monkeypatch.setattr(contents, "UNFOLDED", 8 * contents.MEBIBYTE)
    assert problem(document, ending) == "bomb"


ACTIVE = [
    ("pdf", pdf(more=b"<< /S /JavaScript /JS (app.alert) >>")), ("pdf", pdf(more=b"<< /S /Java#53cript >>")),
    ("pdf", pdf(b"<< /S /Launch /F (a.exe) >>", head=b"<< /Type /ObjStm /Filter /FlateDecode >>")),
    ("pdf", pdf(more=b"<< /Type /EmbeddedFile >>")),
    ("docx", docx(**{"word/vbaProject.bin": b"x"})), ("docx", docx(**{"word/embeddings/run.exe": b"x"})),
    ("docx", docx(**{"word/embeddings/object.bin": b"MZ\x90"})), ("odt", odt(**{"Basic/script.xlb": b"x"})),
    ("docx", packed({"[Content_Types].xml": b"macroEnabled", "word/document.xml": b"<d/>"})),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "document"), ACTIVE, ids=[f"{n}-{one[0]}" for n, one in enumerate(ACTIVE)])
def test_macros_scripts_and_files_inside_are_not_kept(ending, document):
    assert problem(document, ending) == "active"


def test_words_that_only_look_like_a_script_are_just_words():
    assert problem(pdf(b"about /JavaScript in a text"), "pdf") is None
    assert problem(pdf(more=b"stream\nraw /Launch bytes\nendstream"), "pdf") is None


def test_other_things_in_a_zip_are_no_document():
    assert problem(packed({"a.txt": b"x"}), "docx") == "other"
    assert problem(odt(mimetype=b"text/plain"), "odt") == "other"
    broken = bytearray(docx(**{"word/document.xml": b"a long enough text to be damaged" * 20}))
    broken[120] ^= 0xFF
    assert problem(bytes(broken), "docx") == "other"


@pytest.mark.parametrize("beginning", [b"MZ\x90\0", b"\x7fELF\x02", b"#!/bin/sh\n", b"\xcf\xfa\xed\xfe"])
def test_programs_are_known_by_how_they_begin(beginning):
    assert is_program(beginning + zlib.compress(b"x"))
    assert not is_program(WHOLE["pdf"])
