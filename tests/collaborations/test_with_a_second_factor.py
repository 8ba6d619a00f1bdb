"""The second factor in a use case: who may approve reads and stops without it, and approves only with it."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from collaborations.models import LegalBasis
from tests.collaborations.world import World


@pytest.fixture
def basis(world: World, settings: Any) -> LegalBasis:
    use_case = world.use_case_at("agreed")
    settings.SECOND_FACTOR = "required"
    return LegalBasis.objects.filter(partner__use_case=use_case, partner__organisation__slug="beta").first()


def test_a_basis_is_suspended_without_a_second_factor_and_resumed_only_with_one(
    world: World, at: Any, basis: LegalBasis
) -> None:
    def step(name: str, role: str) -> int:
        keywords = {"pk": basis.partner.use_case_id, "basis_pk": basis.pk, "name": name}
        page = reverse("collaborations:basis_step", kwargs=keywords)
        return int(at("beta", role).post(page, {"reason": "Doubt (invented)"}).status_code)

    assert step("suspend", "dpo") == 302
    basis.refresh_from_db()
    assert basis.state == "suspended"
    assert step("resume", "mandated_manager") == 409
    basis.refresh_from_db()
    assert basis.state == "suspended"
    TOTP.activate(world.person("beta", "mandated_manager"), generate_totp_secret())
    assert step("resume", "mandated_manager") == 302
    basis.refresh_from_db()
    assert basis.state == "approved"


def test_a_drafter_needs_none(world: World, at: Any, basis: LegalBasis) -> None:
    page = reverse("collaborations:discussion", args=[basis.partner.use_case_id])
    assert at("alfa", "drafter").post(page, {"text": "Why this one?"}).status_code != 409
    assert at("alfa", "mandated_manager").post(page, {"text": "Why that one?"}).status_code == 409
