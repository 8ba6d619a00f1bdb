"""One look at the addresses serves a whole page."""

from uuid import uuid4

from django.urls import reverse

from web.addresses import addresses


def test_they_are_those_that_are_looked_up_one_by_one():
    use_case = uuid4()
    assert addresses("collaborations:use_case", type(use_case))(use_case) == reverse(
        "collaborations:use_case", args=[use_case]
    )
    assert addresses("collaborations:basis", type(use_case), int)(use_case, 17) == reverse(
        "collaborations:basis", args=[use_case, 17]
    )
