"""A signature counts only by a pinned key, of the right type, over one reading of its payload."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from station.contract import signatures
from station.contract.canonical import canonical
from station.contract.signatures import TYPES, import_public, new_key, public, read_header, sign, thumbprint, verify
from station.reasons import Refused
from tests.station.contract.test_canonical import DOCUMENTS, NAMES

KEY, OTHER = new_key(), new_key()
PAYLOAD = {"contract": "0" * 64, "organisation": "kvk"}


def pinned(*keys: ECKey) -> Any:
    return {thumbprint(key): key for key in keys}.get


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def made_by_hand(header: Any, payload: bytes, key: ECKey = KEY) -> str:
    """A compact JWS whose ES256 signature is right, whatever the header and payload say."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    text = f"{b64(head)}.{b64(payload)}"
    r, s = decode_dss_signature(key.private_key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def header(**changes: Any) -> dict[str, Any]:
    return {"alg": "ES256", "kid": thumbprint(KEY), "typ": "nicpet-approval+jws"} | changes


RIGHT = canonical({**PAYLOAD, "type": "approval"})


def refused(token: Any, kinds: Any = "approval", keys: Any = None) -> str:
    with pytest.raises(Refused) as caught:
        verify(token, kinds, keys or pinned(KEY))
    (reason,) = caught.value.reasons
    return reason.code


@given(st.sampled_from(TYPES), st.dictionaries(NAMES, DOCUMENTS, max_size=5))
def test_what_is_signed_is_what_is_verified(kind, payload):
    signed = sign(kind, payload, KEY)
    assert verify(signed, kind, pinned(KEY, OTHER)) == {**payload, "type": kind}
    assert verify(signed, TYPES, pinned(KEY)) == {**payload, "type": kind}


def test_made_by_hand_is_the_same_signature():
    """So that what the tests below make differs from a good one only in what they change."""
    assert verify(made_by_hand(header(), RIGHT), "approval", pinned(KEY)) == {**PAYLOAD, "type": "approval"}


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"approval"}))
def test_a_signature_of_another_type_is_refused(kind):
    assert refused(sign(kind, PAYLOAD, KEY)) == "signature.type"
    assert refused(sign("approval", PAYLOAD, KEY), kind) == "signature.type"


def test_a_trial_approval_never_passes_for_an_approval():
    assert refused(sign("trial_approval", PAYLOAD, KEY), "approval") == "signature.type"
    assert refused(made_by_hand(header(), canonical({**PAYLOAD, "type": "trial_approval"}))) == "signature.type"


@pytest.mark.parametrize(
    ("extra", "value"),
    [
        ("jwk", public(OTHER)),
        ("jku", "https://elsewhere.example/keys"),
        ("x5c", ["MIIB"]),
        ("x5u", "https://elsewhere.example/chain"),
        ("crit", ["exp"]),
        ("b64", False),
        ("cty", "json"),
        ("nonsense", 1),
    ],
)
def test_a_header_that_brings_more_is_refused(extra, value):
    """Signed by the pinned key itself: it is the header member alone that is refused."""
    assert refused(made_by_hand(header(**{extra: value}), RIGHT)) == "signature.header"


@pytest.mark.parametrize("left_out", ["alg", "kid", "typ"])
def test_a_header_that_lacks_one_is_refused(left_out):
    assert refused(made_by_hand({k: v for k, v in header().items() if k != left_out}, RIGHT)) == "signature.header"


@pytest.mark.parametrize("raw", [b'{"alg":"ES256","alg":"none","kid":"x","typ":"y"}', b'{"alg":1.5}', b"[]", b"\xff"])
def test_a_header_that_reads_two_ways_is_refused(raw):
    assert refused(made_by_hand(raw, RIGHT)) in (
        "json.duplicate_name", "json.float", "signature.header", "json.unreadable"
    )  # fmt: skip


@pytest.mark.parametrize(
    "typ",
    [
        "JWT",
        "nicpet-approval",
        "nicpet-approval+jwt",
        "NICPET-APPROVAL+JWS",
        "nicpet-nicpet-approval+jws",
        "approval+jws",
    ],
)
def test_another_typ_is_refused(typ):
    assert refused(made_by_hand(header(typ=typ), RIGHT)) == "signature.type"


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES384", "RS256", "EdDSA", ""])
def test_another_algorithm_is_refused(alg):
    assert refused(made_by_hand(header(alg=alg), RIGHT)) == "signature.type"


def test_no_signature_at_all_is_refused():
    text = f"{b64(json.dumps(header(alg='none')).encode())}.{b64(RIGHT)}."
    assert refused(text) == "signature.type"
    assert refused(f"{b64(json.dumps(header()).encode())}.{b64(RIGHT)}.") == "signature.wrong"


def test_the_public_key_is_no_shared_secret():
    """The old trick: HMAC with the public key, while the verifier takes the algorithm from the header."""
    text = f"{b64(json.dumps(header(alg='HS256')).encode())}.{b64(RIGHT)}"
    mac = hmac.HMAC(json.dumps(public(KEY)).encode(), hashes.SHA256())
    mac.update(text.encode())
    assert refused(f"{text}.{b64(mac.finalize())}") == "signature.type"


def test_an_unknown_key_is_refused():
    assert refused(sign("approval", PAYLOAD, OTHER)) == "signature.unknown_key"
    assert refused(made_by_hand(header(kid="x" * 5_000), RIGHT)) == "signature.unknown_key"


def test_another_key_under_a_known_kid_is_refused():
    assert refused(made_by_hand(header(), RIGHT, OTHER)) == "signature.wrong"
    assert refused(sign("approval", PAYLOAD, KEY), keys=lambda kid: OTHER) == "signature.unknown_key"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b'{"type":"approval","contract":"0"}', "json.not_canonical"),
        (b'{"contract": "0","type":"approval"}', "json.not_canonical"),
        (b'{"contract":"0","contract":"1","type":"approval"}', "json.duplicate_name"),
        (b'{"contract":"0","slot":1.0,"type":"approval"}', "json.float"),
        (b'{"contract":"0","slot":1e0,"type":"approval"}', "json.float"),
        (b'{"contract":"0"}', "signature.type"),
        (b'["approval"]', "signature.type"),
        (b"\xff\xfe", "json.unreadable"),
        (b"", "json.unreadable"),
    ],
)
def test_a_payload_that_is_not_canonical_is_refused(payload, code):
    assert refused(made_by_hand(header(), payload)) == code


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place, change):
    """Of the payload or of the signature; the header decides which key, so there it may be told in other words."""
    parts = sign("approval", PAYLOAD, KEY).split(".")
    which = 1 + place % 2
    raw = bytearray(base64.urlsafe_b64decode(parts[which] + "=" * (-len(parts[which]) % 4)))
    raw[place % len(raw)] ^= change
    parts[which] = b64(bytes(raw))
    assert refused(".".join(parts)) == "signature.wrong"


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(),
        st.text("abcAB019-_.=", max_size=80),
        st.lists(st.binary(max_size=30).map(b64), min_size=3, max_size=3).map(".".join),
        st.tuples(DOCUMENTS, st.binary()).map(lambda two: made_by_hand(canonical(two[0]), two[1])),
        st.binary(),
        st.none(),
        st.integers(),
    )
)
def test_whatever_is_sent_instead_of_a_signature_is_refused(token):
    with pytest.raises(Refused):
        verify(token, TYPES, pinned(KEY))


def test_a_token_without_end_is_refused():
    assert refused("a." * 100_001) == "signature.malformed"
    with pytest.raises(Refused):
        read_header("x" * 10_000_000)


def test_only_known_statements_are_signed():
    with pytest.raises(ValueError, match="unknown statement type"):
        sign("cheque", {}, KEY)


# Keys


def test_a_public_key_holds_nothing_private():
    assert set(public(KEY)) == {"crv", "kty", "x", "y"}
    assert thumbprint(import_public(public(KEY))) == thumbprint(KEY)
    assert len(thumbprint(KEY)) == 43


@pytest.mark.parametrize(
    "jwk",
    [
        KEY.as_dict(private=True),
        {**public(KEY), "kid": "mine"},
        {**public(KEY), "crv": "P-384"},
        {**public(KEY), "kty": "RSA"},
        {**public(KEY), "x": public(OTHER)["x"]},
        {**public(KEY), "x": "!"},
        {**public(KEY), "x": 5},
        {**public(KEY), "x": ""},
        {},
        None,
        "key",
        [public(KEY)],
    ],
)
def test_anything_else_is_no_key(jwk):
    with pytest.raises(Refused) as caught:
        import_public(jwk)
    assert [reason.code for reason in caught.value.reasons] == ["key.malformed"]


def test_unverified_is_only_for_showing():
    assert signatures.unverified(sign("approval", PAYLOAD, OTHER))["organisation"] == "kvk"
