import pytest

from accounts import actions
from accounts.models import Organisation
from accounts.oin import checked
from station.reasons import Refused


@pytest.mark.parametrize(
    "given",
    ["00000001 123456782 000", "0000.0003.1234.5678.0000", "00000004000000017000", ""],
)
def test_a_number_that_can_be_one_is_kept_without_spaces(given):
    assert checked(given) == given.replace(" ", "").replace(".", "")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("0000000112345678200", "oin.digits"),
        ("0000000112345678200A", "oin.digits"),
        ("٠٠٠٠٠٠٠١١٢٣٤٥٦٧٨٢٠٠٠", "oin.digits"),
        ("00000001123456782001", "oin.structure"),
        ("12345678123456782000", "oin.structure"),
        ("00000000123456782000", "oin.structure"),
        ("00000004000000000000", "oin.structure"),
        ("00000003123456789000", "oin.trade_register"),
        ("00000001123456783000", "oin.check_digit"),
    ],
)
def test_what_cannot_be_one_is_refused_with_what_is_wrong(given, code):
    with pytest.raises(Refused) as refusal:
        checked(given)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_two_organisations_never_have_the_same_number(platform):
    actions.create_organisation(slug="delta", name="Delta", oin="00000001123456782000", by=platform)
    with pytest.raises(Refused, match="Delta") as refusal:
        actions.create_organisation(slug="epsilon", name="Epsilon", oin="00000001 123456782 000", by=platform)
    assert refusal.value.reasons[0].code == "oin.taken"
    assert not Organisation.objects.filter(slug="epsilon").exists()
