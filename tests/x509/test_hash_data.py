"""x509/hash_data.py: CertificateHashData as OCSP has it (white paper 6.1, RFC 6960 4.1.1)."""

import pytest
from authorities import Holder, root, server
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp

HASHES = {"SHA256": hashes.SHA256(), "SHA384": hashes.SHA384(), "SHA512": hashes.SHA512()}


def expected(holder, issuer, algorithm):
    builder = ocsp.OCSPRequestBuilder()
    request = builder.add_certificate(holder.certificate, issuer.certificate, HASHES[algorithm]).build()
    return {
        "hashAlgorithm": algorithm,
        "issuerNameHash": request.issuer_name_hash.hex(),
        "issuerKeyHash": request.issuer_key_hash.hex(),
        "serialNumber": "%X" % request.serial_number,
    }


@pytest.mark.parametrize("algorithm", HASHES)
@pytest.mark.parametrize("kind", ["P-256", "P-384", "P-521", 2048, 4096])
def test_a_root_and_what_it_has_signed(judge, kind, algorithm):
    ca = root(kind=kind, organization="Bürger")
    end = server(ca)
    assert judge("hash_data", ca.pem, ca.pem, algorithm) == expected(ca, ca, algorithm)
    assert judge("hash_data", end.pem, ca.pem, algorithm) == expected(end, ca, algorithm)


@pytest.mark.parametrize("number, digits", [(4095, "FFF"), (1, "1"), (128, "80"), (2**159 - 1, "7" + 39 * "F")])
def test_a_serial_number_has_no_leading_zeros(judge, number, digits):
    """4095 is the example of the white paper; the longest has 40 digits, as many as the field."""
    holder = Holder("it", ca=True, serial=number)
    assert judge("hash_data", holder.pem, holder.pem, "SHA256")["serialNumber"] == digits


def test_another_hash_is_not_known(judge):
    ca = root()
    found = judge("hash_data", ca.pem, ca.pem, "SHA1")
    assert found == {"reason": "unsupported", "error": "The hash SHA1 is not known."}
