"""x509/csr.py, p256.py and private_key.py, seen by the package `cryptography` and mbedTLS (A02.FR.02, 03, A00.FR.507 to
511)."""

import pytest
from authorities import Holder, accept
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

NAMES = [("CPO", "upoint-01"), ("Bürger & Söhne 充电", "0815"), ("", "x"), ("O" * 500, "S" * 50)]


@pytest.mark.parametrize("organization, serial_number", NAMES)
def test_a_request_is_what_a_ca_expects(judge, organization, serial_number):
    key, text = judge("request", organization, serial_number)
    request = x509.load_pem_x509_csr(text.encode())
    assert request.is_signature_valid
    assert request.signature_algorithm_oid == SignatureAlgorithmOID.ECDSA_WITH_SHA256
    assert isinstance(request.signature_hash_algorithm, hashes.SHA256)
    assert isinstance(request.public_key().curve, ec.SECP256R1)
    names = [(pair.oid, pair.value) for pair in request.subject]
    expected = [(NameOID.COMMON_NAME, serial_number)]
    assert names == ([(NameOID.ORGANIZATION_NAME, organization)] if organization else []) + expected
    assert load_pem_private_key(key.encode(), None).public_key() == request.public_key()


def test_each_request_has_a_new_key(judge):
    assert len({judge("request", "CPO", "1")[0] for _ in range(10)}) == 10


def test_the_certificate_of_a_request_belongs_to_its_key_and_mbedtls_takes_both(judge):
    ca = Holder("Root", ca=True)
    key, text = judge("request", "CPO", "upoint-01")
    signed = accept(ca, text)
    assert judge("owns", signed, key) is True
    assert judge("loads", signed, key) is True
    other = judge("request", "CPO", "upoint-01")[0]
    assert judge("owns", signed, other) is False
    assert judge("owns", Holder("it", kind=2048).pem, key) is False


def test_a_chain_of_the_certificate_of_a_request(judge):
    ca = Holder("Root", ca=True)
    between = Holder("Middle", ca, ca=True)
    signed = accept(between, judge("request", "CPO", "upoint-01")[1])
    answer = judge("chain", signed + between.pem, ca.pem, 1795953600, "client")
    assert answer == ca.subject.public_bytes().hex()
