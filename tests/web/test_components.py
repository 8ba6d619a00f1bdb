"""Filters of the components, and the page that shows them all."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from web.templatetags.components import in_language, since


@pytest.mark.parametrize(("days", "words"), [(0, "since today"), (1, "since yesterday"), (12, "(12 days)")])
def test_waiting_is_counted_in_days(days, words):
    with translation.override("en"):
        assert words in since(timezone.now() - timedelta(days=days))


def test_a_day_begins_at_midnight_here():
    with translation.override("en"):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        assert since(midnight) == "since today"
        assert since(midnight - timedelta(seconds=1)) == "since yesterday"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_texts_that_are_data_follow_the_reader(language):
    with translation.override(language):
        assert in_language({"nl": "nl", "en": "en"}) == language


def test_the_gallery_is_for_the_demo_only(client, settings, db):
    settings.DEMO = False
    assert client.get("/components/").status_code == 404
    settings.DEMO = True
    page = client.get("/components/").content.decode()
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
