"""A knowledge partner reads and discusses; nothing waits for it, and nothing rests on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from collaborations import actions, drafting, gate, turns
from collaborations.actions.basis_text import text_of
from collaborations.models import Agreement, Partner, UseCase
from collaborations.views.access import permissions
from computations.actions import record_incident
from computations.records import record_of
from computations.specifying.starting import candidates
from discussion.actions import comment
from station.reasons import Refused
from tests.collaborations.world import new_person
from tests.computations.trial import specification

STOP = "authorised"


@pytest.fixture
def tno(db):
    """An invented institute, with somebody who holds every role that decides."""
    organisation = Organisation.objects.create(slug="tno", name="Institute")
    by = new_person("lies@tno.example", organisation, "innovation_manager")
    return organisation, by


@pytest.fixture
def adviser(shared, tno):
    return join(shared.use_case, tno)


def join(use_case, tno):
    """A row of its own, as after an invitation that was accepted while exploring."""
    return Partner.objects.create(use_case=use_case, organisation=tno[0], capacity="adviser", state="joined")


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def test_the_one_rule(shared, adviser):
    assert adviser in shared.use_case.joined()
    assert adviser not in shared.use_case.parties()
    assert {partner.organisation.slug for partner in shared.use_case.parties()} == {"alfa", "beta", "gamma"}


def test_it_reads_and_discusses(shared, adviser, tno, client):
    assert UseCase.objects.visible_to(tno[1]).filter(pk=shared.use_case.pk).exists()
    comment(about=shared.use_case, organisation=tno[0], text="Why 25?", by=tno[1])
    client.force_login(tno[1])
    for page in ("", "partners/", "discussion/", "legal-bases/", "assessment/", "timeline/", "network/"):
        assert client.get(f"/use-cases/{shared.use_case.pk}/{page}").status_code == 200, page


def test_an_open_gate_stays_open_without_it(shared, adviser):
    contract = shared.contract()
    assert gate.unmet(shared.use_case, contract, timezone.localdate()) == []
    assert "tno" not in {turn.who for turn in turns.waiting(shared.use_case)}
    assert adviser in [entry.partner for entry in turns.by_partner(shared.use_case)]


def test_a_party_that_became_an_adviser_shuts_the_gate(shared):
    shared.use_case.partners.filter(organisation__slug="beta").update(capacity="adviser")
    unmet = gate.unmet(shared.use_case, shared.contract(), timezone.localdate())
    assert ("gate.party_left", "beta") in [(turn.code, turn.who) for turn in unmet]


def test_it_is_no_party_of_the_contract(shared, adviser):
    text, _papers = drafting.contract_text(shared.use_case, shared.stations.public(), [], trial=True)
    assert {station.organisation for station in text.stations} == {"alfa", "beta", "gamma"}


def test_it_does_not_stand_in_the_way_of_the_assessment(use_case_at, person, tno):
    use_case = use_case_at("exploring")
    join(use_case, tno)
    started = actions.start_assessing(use_case=use_case, by=person("alfa", "innovation_manager"))
    assert "tno" not in {controller.organisation.slug for controller in started.assessment.controllers.all()}


def test_it_cannot_be_specified_as_a_party(use_case_at, person, tno):
    use_case = use_case_at("exploring")
    join(use_case, tno)
    data = specification()
    data["parties"][1] |= {"organisation": "tno", "name": "Institute"}
    for entry in data["inputs"]:
        entry["organisation"] = entry["organisation"].replace("beta", "tno")
    data["outputs"] = [entry | {"checker": entry["checker"].replace("beta", "tno")} for entry in data["outputs"]]
    codes = refused(lambda: actions.specify(use_case=use_case, data=data, by=person("alfa", "innovation_manager")))
    assert codes == ["partner.advises"]
    assert "tno" not in {partner.organisation.slug for partner in candidates(use_case)}


def test_it_has_no_legal_basis(use_case_at, tno, client):
    use_case = use_case_at("based")
    adviser, drafter = join(use_case, tno), new_person("drafter@tno.example", tno[0], "drafter")
    text = text_of(use_case.partners.get(organisation__slug="beta").bases.first())
    assert refused(lambda: actions.draft_basis(partner=adviser, text=text, by=drafter)) == ["partner.advises"]
    client.force_login(drafter)
    assert client.get(reverse("collaborations:basis_new", args=[use_case.pk, "tno"])).status_code == 404


def test_it_is_no_party_to_an_agreement_and_records_none(shared, adviser, tno):
    day = timezone.localdate()
    words = {
        "use_case": shared.use_case, "kind": "art26", "title": "Invented", "valid_from": day, "valid_to": day,
        "document": b"%PDF-1.7 invented", "document_name": "paper.pdf",
    }  # fmt: skip
    with_it = [shared.organisations["alfa"], tno[0]]
    by = shared.person("alfa", "innovation_manager")
    assert refused(lambda: actions.record_agreement(**words, parties=with_it, by=by)) == ["agreement.parties"]
    without = [shared.organisations["alfa"], shared.organisations["beta"]]
    with pytest.raises(PermissionDenied):
        actions.record_agreement(**words, parties=without, by=tno[1])
    assert not Agreement.objects.filter(title="Invented").exists()


def test_it_decides_nothing_on_the_pages(shared, adviser, tno):
    assert permissions(tno[1], shared.use_case) == set()
    assert permissions(shared.person("beta", "innovation_manager"), shared.use_case)


def test_it_processes_nothing_and_records_no_incident(shared, adviser, tno):
    assert record_of(tno[0]) == []
    officer = new_person("dpo@tno.example", tno[0], "dpo")
    codes = refused(
        lambda: record_incident(
            use_case=shared.use_case, organisation=tno[0], title="Lost", what="Invented",
            discovered_at=timezone.now() - timedelta(hours=1), by=officer,
        )
    )  # fmt: skip
    assert codes == ["partner.not_joined"]


def test_only_an_adviser_is_not_enough_to_begin(use_case_at, person, tno):
    use_case = use_case_at("draft")
    by = person("alfa", "innovation_manager")
    actions.invite_partner(use_case=use_case, organisation=tno[0], capacity="adviser", by=by)
    assert "use_case.nobody_invited" in refused(lambda: actions.submit(use_case=use_case, by=by))


def test_its_joining_does_not_open_the_exploration(use_case_at, person, tno):
    use_case = use_case_at("proposed")
    by = person("alfa", "innovation_manager")
    partner = actions.invite_partner(use_case=use_case, organisation=tno[0], capacity="adviser", by=by)
    actions.accept_invitation(partner=partner, by=tno[1])
    assert UseCase.objects.get(pk=use_case.pk).state == "proposed"
    beta = use_case.partners.get(organisation__slug="beta")
    actions.accept_invitation(partner=beta, by=person("beta", "innovation_manager"))
    assert UseCase.objects.get(pk=use_case.pk).state == "exploring"


def test_it_can_leave(shared, adviser, tno):
    assert actions.leave(partner=adviser, reason="Done.", by=tno[1]).state == "withdrawn"
    assert gate.unmet(shared.use_case, shared.contract(), timezone.localdate()) == []
