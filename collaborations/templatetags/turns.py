"""What waits, for templates that got it from the run gate."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from accounts.turn import Turn
from collaborations.models import UseCase
from collaborations.turns import placed

register = template.Library()


@register.filter
def with_partners(found: Iterable[Turn], use_case: UseCase) -> list[tuple[Turn, str]]:
    """Each turn, with since when and where, beside the name of the partner that can mend it."""
    names = dict(use_case.partners.values_list("organisation__slug", "organisation__name"))
    return [(turn, names.get(turn.who, turn.who)) for turn in placed(use_case, found)]
