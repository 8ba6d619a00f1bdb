"""What each role sees of a DPIA, what it can do there, and what strangers get."""

import pytest

from tests.dpia.pages import Pages

READ = [("",), ("whole",), ("version", 1), ("version_text", 1), ("point", "facts"), ("point", "lawfulness"),
        ("point", "risks_measures")]  # fmt: skip


@pytest.mark.parametrize("state", ["dpo_advice", "adopted"])
def test_every_member_of_a_partner_reads_everything(pages: Pages, state: str):
    pages.at(state)
    for key, role in (("alfa", "drafter"), ("beta", "privacy_officer"), ("gamma", "nobody")):
        for page in READ:
            assert pages.get(key, role, *page).status_code == 200, page
