"""The oblivious pseudorandom function against the test vectors of RFC 9497 (A.1.1), and what it refuses."""

import pytest
import rbcl
from hypothesis import given, settings
from hypothesis import strategies as st

from station.alignment import oprf

KEY = bytes.fromhex("5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e")
BLIND = bytes.fromhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")
VECTORS = {  # input -> blinded element, evaluated element, output
    "\0": ("609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c",
           "7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e",
           "527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3"
           "ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6"),
    "Z" * 17: ("da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418",
               "b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25",
               "f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4"
               "f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73"),
}  # fmt: skip


@pytest.mark.parametrize("text", VECTORS)
def test_the_vectors_of_the_standard(text):
    blinded, evaluated, output = VECTORS[text]
    assert oprf.blind(text, BLIND).hex() == blinded
    assert oprf.evaluate(KEY, bytes.fromhex(blinded)).hex() == evaluated
    assert oprf.finish(text, BLIND, bytes.fromhex(evaluated)).hex() == output
    assert oprf.direct(KEY, text).hex() == output


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=20))
def test_asked_blindly_or_made_directly_is_the_same(text):
    key, number = oprf.new_key(), oprf.new_key()
    asked = oprf.blind(text, number)
    assert oprf.finish(text, number, oprf.evaluate(key, asked)) == oprf.direct(key, text)
    assert asked != oprf.blind(text, oprf.new_key()), "never the same twice"
    assert oprf.direct(oprf.new_key(), text) != oprf.direct(key, text)


@pytest.mark.parametrize("point", [b"", bytes(31), b"\xff" * 32, bytes(32)])
def test_what_is_no_point_is_refused(point):
    with pytest.raises(ValueError, match="point"):
        oprf.evaluate(KEY, point)


def test_a_point_is_multiplied():
    point = bytes(rbcl.crypto_core_ristretto255_random())
    assert oprf.evaluate(KEY, point) == rbcl.crypto_scalarmult_ristretto255(KEY, point)
