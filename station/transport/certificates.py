"""One fresh self-signed certificate per attempt, and TLS contexts that trust exactly the certificates of the READYs."""

from __future__ import annotations

import hashlib
import os
import secrets
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from station.reasons import Refused

_VALID = timedelta(days=2)


@dataclass(frozen=True)
class Identity:
    """A certificate and its private key, both PEM. The key lives in this process only."""

    certificate: str
    key: bytes = field(repr=False)


def new_identity() -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    # a name of its own: OpenSSL looks issuers up by name, and two alike would be mixed up
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"nicpet attempt {secrets.token_hex(16)}")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
    )
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    pem = serialization.PrivateFormat.PKCS8
    return Identity(certificate, key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption()))


def fingerprint(certificate: str) -> str:
    """SHA-256 over the DER form of a PEM certificate; refused when it is not exactly one certificate."""
    if not isinstance(certificate, str) or certificate.count("BEGIN CERTIFICATE") != 1:
        raise Refused("transport.certificate")
    try:
        read = x509.load_pem_x509_certificate(certificate.encode())
        return hashlib.sha256(read.public_bytes(serialization.Encoding.DER)).hexdigest()
    except ValueError as error:
        raise Refused("transport.certificate") from error


def context(identity: Identity, trusted: Iterable[str], *, server: bool) -> ssl.SSLContext:
    """TLS 1.3 with a certificate on both sides, trusting ``trusted`` (PEM) and nothing else."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_3
    made.check_hostname = False  # who it is follows from the certificate's hash, not from a name
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_verify_locations(cadata="\n".join(trusted))
    _load_key(made, identity)
    return made


def _load_key(made: ssl.SSLContext, identity: Identity) -> None:
    """``ssl`` reads keys from files only: an anonymous one in memory, never a name on a disk."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("identity", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, identity.key + identity.certificate.encode())
            made.load_cert_chain(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(identity.key + identity.certificate.encode())
        file.flush()
        made.load_cert_chain(file.name)
