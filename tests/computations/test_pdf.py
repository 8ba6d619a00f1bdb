"""The contract as PDF: tagged, in the reader's language, the hash on every page; and what happens without Pango."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from collaborations.models import Contract
from computations.marks import marks
from station.contract.signatures import unverified
from tests.collaborations.world import World
from tests.computations.pages import text, url

At = Callable[..., Client]
Pdf = Callable[..., PdfReader]
STAND_APART = "import django; django.setup(); import nicpet.urls, sys; sys.exit('weasyprint' in sys.modules)"


@pytest.fixture(scope="module")
def signed(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A contract signed by every station, once for this whole file."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        world.use_case = world.use_case_at("authorised")
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def contract(signed: World, db: None) -> Contract:
    return signed.contract()


@pytest.fixture
def world(signed: World) -> World:
    return signed


@pytest.fixture(scope="module")
def made() -> dict[str, PdfReader]:
    return {}


@pytest.fixture
def pdf(contract: Contract, at: At, made: dict[str, PdfReader]) -> Callable[[str], PdfReader]:
    """The document as a partner gets it in a language; laid out once per language."""

    def read(language: str = "en") -> PdfReader:
        if language not in made:
            client = at("beta", "privacy_officer")
            client.cookies["django_language"] = language
            answer = client.get(url("contract_pdf", contract))
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
            made[language] = PdfReader(io.BytesIO(answer.content))
        return made[language]

    return read


def plain(page: Any) -> str:
    return "".join(page.extract_text().split())


def test_it_is_tagged_has_a_language_and_a_title(pdf: Pdf) -> None:
    reader = pdf()
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/StructTreeRoot"]["/K"]
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == "Contract: invented"
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()


def test_tables_have_headers_for_readers_that_do_not_see(pdf: Pdf) -> None:
    reader = pdf()
    kinds = {str(thing.get("/S")) for thing in _elements(reader.trailer["/Root"]["/StructTreeRoot"])}  # type: ignore[index]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L"} <= kinds


def test_hash_and_page_number_stand_on_every_page(contract: Contract, pdf: Pdf) -> None:
    pages = pdf().pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert contract.sha256 in plain(page)
        assert f"{number}/{len(pages)}" in plain(page)


def test_every_signature_is_in_it(contract: Contract, pdf: Pdf) -> None:
    whole = "".join(plain(page) for page in pdf().pages)
    assert contract.code.replace("-", "") in whole
    for signature in contract.signatures.all():
        mandate = unverified(signature.jws)["mandate"]
        assert "".join(mandate["function"].split()) in whole and "".join(mandate["reference"].split()) in whole
    for station in contract.read().stations:
        assert station.thumbprint in whole
    for mark in marks(contract):
        assert len(mark.statement) == 64 and mark.statement in whole


def test_it_speaks_the_language_of_the_reader(pdf: Pdf) -> None:
    reader = pdf("nl")
    assert reader.trailer["/Root"]["/Lang"] == "nl"  # type: ignore[index]
    assert reader.metadata is not None and "verzonnen" in str(reader.metadata.title)


def test_our_own_font_is_in_it(pdf: Pdf, settings) -> None:
    if not (settings.BASE_DIR / "static/vendor/source-sans-3").is_dir():
        pytest.skip("the font was not fetched")
    fonts = {name for page in pdf().pages for name in _fonts(page)}
    assert any("Source-Sans" in name for name in fonts), fonts


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/x.css",
        "file:///etc/passwd",
        "https://document.invalid/contracts/",
        "https://document.invalid/static/../nicpet/settings.py",
        "https://document.invalid/static/%2e%2e/nicpet/settings.py",
    ],
)
def test_nothing_is_fetched_but_our_own_static_files(address: str) -> None:
    from web.pdf.fetching import OwnFiles

    with pytest.raises(Exception):  # noqa: B017 (Django refuses a path outside with an error of its own)
        OwnFiles().fetch(address)
    assert OwnFiles().fetch("https://document.invalid/static/css/document.css").read()


def test_without_pango_there_is_a_page_to_print(contract: Contract, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoPango:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.startswith(("weasyprint", "web.pdf.fetching"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    answer = at().get(url("contract_pdf", contract))
    assert answer.status_code == 503
    assert "cannot make a PDF" in text(answer) and url("contract_print", contract) in text(answer)
    printable = text(at().get(url("contract_print", contract)))
    assert contract.sha256 in printable and '<html lang="en">' in printable


def test_weasyprint_is_loaded_only_for_a_pdf() -> None:
    done = subprocess.run([sys.executable, "-c", STAND_APART], check=False)
    assert done.returncode == 0


def _elements(node: Any) -> Any:
    below = node.get("/K", [])
    for child in below if isinstance(below, list) else [below]:
        thing = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(thing, dict) and "/S" in thing:
            yield thing
            yield from _elements(thing)


def _fonts(page: Any) -> list[str]:
    return [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]
