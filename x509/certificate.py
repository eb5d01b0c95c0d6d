"""A certificate in DER as an object (RFC 5280 4.1).

Read leniently, judged strictly: a key, a signature or an extension that is not known here is no error of read(), for
such a certificate can be listed and deleted; verify.py refuses it.
"""

from micropython import const

from x509.der import SEQUENCE, SET, Reader, malformed, text

_MAX_BYTES = const(8192)
_VERSION_3 = const(2)
_COMMON_NAME = "2.5.4.3"
_ORGANIZATION = "2.5.4.10"
_MAX_SERIAL = const(20)


class Certificate:
    """Names are DER, times seconds since 1970 in UTC.

    der            bytes: all of it
    serial         bytes, without leading zeros
    issuer, subject  bytes: DER of the names
    common_name, organization  texts of the subject, or None
    not_before, not_after
    spki           bytes: DER of SubjectPublicKeyInfo
    key            ("RSA", modulus, exponent), ("P-256", point), ("P-384", point), or (OID,) of another kind
    dns_names      texts, in lower case; ip_addresses  bytes, 4 or 16
    has_names      whether there is a subjectAltName
    is_ca, path_length (None: no limit)
    key_usage      flags as in RFC 5280 4.2.1.3, bit 0 is digitalSignature; None: not restricted
    extended_key_usage  OIDs; None: not restricted
    unknown        OIDs of critical extensions that are not known here
    tbs            what is signed; signature_algorithm (kind, hash, salt bytes), see algorithms.py; signature
    """

    der = tbs = signature = b""  # type: bytes | memoryview
    common_name = organization = path_length = key_usage = extended_key_usage = None
    dns_names = ip_addresses = unknown = ()
    has_names = is_ca = False


def read(der):
    """The Certificate in `der` (bytes). CertificateError "malformed"."""
    if len(der) > _MAX_BYTES:
        raise malformed("it has more than %d bytes" % _MAX_BYTES)
    whole = Reader(der)
    outer = whole.open(SEQUENCE)
    whole.done()
    certificate = Certificate()
    certificate.der = der
    start = outer.at
    body = outer.open(SEQUENCE)
    certificate.tbs = memoryview(der)[start : outer.at]
    algorithm = outer.whole(SEQUENCE)
    certificate.signature = outer.bits()
    outer.done()
    _read_body(certificate, body, algorithm)
    return certificate


def _read_body(certificate, body, algorithm):
    """tbsCertificate; `algorithm`: the AlgorithmIdentifier beside it, which has to be the same."""
    from x509 import algorithms, times

    version = _version(body)
    certificate.serial = body.integer()
    if len(certificate.serial) > _MAX_SERIAL:
        raise malformed("its serial number has more than %d bytes" % _MAX_SERIAL)
    if body.whole(SEQUENCE) != algorithm:
        raise malformed("it names two algorithms for its signature")
    certificate.signature_algorithm = algorithms.signature(algorithm)
    certificate.issuer = body.whole(SEQUENCE)
    validity = body.open(SEQUENCE)
    certificate.not_before = times.read(validity)
    certificate.not_after = times.read(validity)
    validity.done()
    certificate.subject = body.whole(SEQUENCE)
    _read_subject(certificate)
    certificate.spki = body.whole(SEQUENCE)
    certificate.key = algorithms.public_key(certificate.spki)
    for tag in (0x81, 0x82):  # unique identifiers of old
        body.optional(tag)
    explicit = body.optional(0xA3)
    body.done()
    if explicit:
        if version != _VERSION_3:
            raise malformed("it has extensions, but not version 3")
        from x509 import extensions

        extensions.read(certificate, explicit)


def _version(body):
    explicit = body.optional(0xA0)
    if not explicit:
        return 0
    version = explicit.small()
    explicit.done()
    if version > _VERSION_3:
        raise malformed("its version is not known")
    return version


def _read_subject(certificate):
    """organizationName and commonName; of several the last, which is the most specific."""
    names = Reader(certificate.subject).open(SEQUENCE)
    while names.tag() is not None:
        pairs = names.open(SET)
        while pairs.tag() is not None:
            pair = pairs.open(SEQUENCE)
            kind, tag = pair.oid(), pair.tag()
            if tag is None:
                raise malformed("its subject has a name without a text")
            content = pair.value(tag)
            pair.done()
            if kind == _COMMON_NAME:
                certificate.common_name = text(tag, content)
            elif kind == _ORGANIZATION:
                certificate.organization = text(tag, content)
