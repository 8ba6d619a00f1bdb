"""The generated page about lifecycles is the one that the tables give."""

from pathlib import Path

from django.conf import settings

from computations.management.commands.lifecycles import PLACE, TABLES, page


def test_the_page_is_current():
    assert (Path(settings.BASE_DIR) / PLACE).read_text("utf-8") == page(), "run: python manage.py lifecycles"


def test_every_step_has_an_event_of_its_own_room():
    for name, table in TABLES.items():
        for step, transition in table.items():
            assert transition.event.count(".") == 1, (name, step)
            assert transition.sources, (name, step)


def test_every_state_has_a_way_on_or_is_an_end():
    ends = {
        "use_case": {"rejected", "withdrawn", "closed"},
        "partner": set(),
        "legal_basis": {"withdrawn", "superseded"},
        "contract": {"superseded", "revoked"},
        "call": {"closed"},
        "call_answer": {"accepted", "declined", "withdrawn"},
        "outsider": {"admitted", "declined", "withdrawn"},
        "summary": {"withdrawn", "superseded"},
        "sharing": {"withdrawn"},
        "assessment": set(),
        "support_access": {"refused", "withdrawn", "lapsed", "ended", "expired"},
        "run": {"released", "withheld", "refused", "cancelled", "failed", "uncertain"},
    }
    for name, table in TABLES.items():
        targets = {transition.target for transition in table.values() if transition.target}
        sources = {source for transition in table.values() for source in transition.sources}
        assert targets - sources == ends[name], name
