"""Every event has its sentence in both languages, and no sentence waits for an event that nobody records."""

import string

import pytest

import audit
from accounts.models import Organisation, User
from audit.models import Event
from audit.sentences import sentences, told, words
from collaborations.models import LegalBasis
from computations.specifying import sections
from dpia.models import Advice, ItemResponse, Review
from tests.audit.events_in_code import recorded, unclear

NAMES = {"organisation": {"alfa": "Alfa", "beta": "Beta"}, "role": {"dpo": "DPO"}}


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _form, _how in string.Formatter().parse(text) if name}


def test_the_search_finds_what_it_should():
    assert {"use_case.proposed", "run.scheduled", "comment.made", "assessment.advice_given"} <= recorded()


def test_no_event_is_put_together_while_running():
    assert unclear() == []


def test_every_event_has_a_sentence_and_every_sentence_an_event():
    assert recorded() - set(sentences()) == set()
    assert set(sentences()) - recorded() == set()


def test_both_languages_say_something_of_their_own_with_the_same_facts():
    for kind, texts in sentences().items():
        assert set(texts) == {"nl", "en"}, kind
        assert texts["nl"] != texts["en"], kind
        assert placeholders(texts["nl"]) == placeholders(texts["en"]), kind
        assert texts["nl"].endswith(".") and texts["en"].endswith("."), kind


def test_sentences_and_words_are_sorted():
    assert list(sentences()) == sorted(sentences())
    assert all(set(text) == {"nl", "en"} for values in words().values() for text in values.values())


def test_every_key_that_a_fact_can_hold_has_a_word():
    about_bases = LegalBasis._meta.get_field("advice_verdict").choices
    assert set(words()["verdict"]) == {key for key, _label in (*Review.VERDICTS, *Advice.VERDICTS, *about_bases)}
    assert set(words()["decision"]) == {key for key, _label in ItemResponse.DECISIONS}
    empty = {"inputs": [], "outputs": []}
    assert set(words()["section"]) == {section.key for section in sections.all_of(empty)}


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna@alfa.example", full_name="Anna Verzonnen")


@pytest.fixture
def alfa(db):
    return Organisation.objects.create(slug="alfa", name="Alfa")


def entry(language="en"):
    return told(Event.objects.order_by("-id")[:1], language=language, names=NAMES)[0]


def test_names_are_those_of_today(anna, alfa):
    audit.record("partner.invited", by=anna, about=alfa, organisation=alfa, partner="Beta")
    anna.full_name = "Anna Nieuwenaam"
    anna.save()
    assert entry().sentence == "Alfa invited Beta."
    assert entry("nl").sentence == "Alfa nodigde Beta uit."
    assert entry().who == "Anna Nieuwenaam, Alfa"


def test_what_happens_by_itself_and_at_a_station_says_so(alfa):
    audit.record("use_case.exploring", by=audit.SYSTEM, about=alfa)
    assert entry().who == "NICPET, by itself"
    audit.record("contract.approved", by=audit.STATION, about=alfa, organisation=alfa)
    assert entry().who == "station of Alfa"


def test_reasons_stand_below_the_sentence_in_the_readers_language(alfa):
    silent = {"code": "run.silent", "facts": {"organisation": "beta"}}
    audit.record("run.failed", by=audit.SYSTEM, about=alfa, slot=2, attempt=3, reasons=[silent], blamed="beta")
    assert entry().sentence == "Run 2 failed before anything went out."
    assert entry().why == [
        "The station of beta was not heard of any more. The data steward of beta checks the station with 'doctor'."
    ]
    assert entry("nl").why[0].startswith("Het station van beta")


def test_what_a_person_wrote_stays_as_it_is(anna, alfa):
    audit.record("partner.declined", by=anna, about=alfa, organisation=alfa, reason="Geen tijd {slot} %s <b>")
    assert entry().why == ["Geen tijd {slot} %s <b>"]


def test_keys_become_words(anna, alfa):
    audit.record("role.granted", by=audit.SYSTEM, about=alfa, organisation=alfa, member=anna.pk, role="dpo")
    assert entry().sentence == "Anna Verzonnen was given the role DPO at Alfa."
    audit.record("assessment.review_given", by=anna, about=alfa, organisation=alfa, verdict="negative")
    assert entry("nl").sentence == "De privacy officer van Alfa beoordeelde de DPIA: negatief."


def test_an_actor_who_is_gone_and_a_missing_fact_stay_readable(alfa):
    audit.record("use_case.specified", by=("accounts.user", "999999"), about=alfa, organisation=alfa)
    assert entry().sentence == "Alfa laid down version ? of the specification."
    assert entry().who == "somebody no longer known here, Alfa"


def test_the_names_of_a_whole_page_take_one_query(anna, alfa, django_assert_num_queries):
    for _each in range(20):
        audit.record("partner.joined", by=anna, about=alfa, organisation=alfa)
    events = list(Event.objects.all())
    with django_assert_num_queries(1):
        told(events, language="nl", names=NAMES)
