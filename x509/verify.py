"""Whether a certificate is what it should be (RFC 5280 6.1, RFC 6125; A00.FR.307, 308, 411, 412, 502, 503).

Each refusal is a CertificateError whose text is one plain sentence. What is stricter than RFC 5280 asks: names are
compared byte by byte; any critical extension besides those of extensions.py is refused (name constraints, policies); a
root counts with its dates and its limits like any other CA. Certificates are not looked up in a revocation list: a
charge point has none, and the white paper asks for none.
"""

from micropython import const

from x509 import CertificateError

MAX_CERTIFICATES = const(6)  # in a chain, with the root
# Signatures that are checked for one chain, of which one of P-384 counts as three: it takes 3 s on the chip, and the
# watchdog wants the event loop to run within 20 s.
_MAX_CHECKS = const(15)
_DIGITAL_SIGNATURE = const(1 << 0)
_KEY_ENCIPHERMENT = const(1 << 2)
_KEY_AGREEMENT = const(1 << 4)
_KEY_CERT_SIGN = const(1 << 5)
_ANY_USAGE = "2.5.29.37.0"
_USAGES = {"server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2", "code": "1.3.6.1.5.5.7.3.3"}
_MAX_NAME = const(64)


def chain(certificates, roots, now, usage=None):
    """The one of `roots` (Certificates) at which the chain of certificates[0] ends. CertificateError.

    certificates[1:] are the CAs between, in any order; others may be among them. `now`: seconds since 1970. `usage`:
    "server", "client", "code" (which signs firmware), or None: any, also that of a CA.
    """
    if len(certificates) >= MAX_CERTIFICATES:
        raise CertificateError(
            "path", "The chain has %d certificates, at most %d are allowed." % (len(certificates), MAX_CERTIFICATES - 1)
        )
    current, others = certificates[0], list(certificates[1:])
    _check_end(current, usage)
    _check(current, now)
    checks = [_MAX_CHECKS]  # that are left
    depth = 0  # CAs below, without those that bear the name of their issuer, as after a change of its key
    while True:
        issuer = _issuer(current, roots, checks) or _issuer(current, others, checks)
        if issuer is None:
            raise _no_issuer(current, roots + others)
        _check_ca(issuer, depth, usage)
        _check(issuer, now)
        if issuer in roots:
            return issuer
        others.remove(issuer)
        current = issuer
        depth += issuer.subject != issuer.issuer


def signed_by(certificate, issuer):
    """Whether `issuer` has signed `certificate`. CertificateError "unsupported" if that cannot be found out."""
    from x509 import hashing, signatures

    algorithm = certificate.signature_algorithm
    signatures.check_known(issuer.key, algorithm)
    return signatures.is_valid(
        issuer.key, algorithm, hashing.digest(algorithm[1], certificate.tbs), certificate.signature
    )


def name(certificate):
    """The commonName, or else the organization, as a log may show it."""
    text = bytearray((certificate.common_name or certificate.organization or "no name")[:_MAX_NAME].encode())
    for at, byte in enumerate(text):
        if byte < 0x20 or byte in (0x22, 0x7F):
            text[at] = 0x3F
    return '"%s"' % bytes(text).decode()


def _issuer(certificate, candidates, checks):
    """The one of `candidates` that has signed `certificate`, or None. CertificateError "unsupported"; "path" when no
    `checks` are left."""
    for candidate in candidates:
        if candidate.subject == certificate.issuer:
            checks[0] -= 3 if candidate.key[0] == "P-384" else 1
            if checks[0] < 0:
                raise CertificateError(
                    "path", "Too many CAs have the name of the one that has signed %s." % name(certificate)
                )
            if signed_by(certificate, candidate):
                return candidate
    return None


def _no_issuer(certificate, candidates):
    if [candidate for candidate in candidates if candidate.subject == certificate.issuer]:
        return CertificateError("signature", "The signature of %s is not by the CA of that name." % name(certificate))
    if certificate.issuer == certificate.subject:
        return CertificateError("issuer", "%s has signed itself, and is no installed root." % name(certificate))
    return CertificateError("issuer", "The CA that has signed %s is not installed." % name(certificate))


def _check(certificate, now):
    """Dates, critical extensions and size of the key of any certificate in the chain."""
    if now < certificate.not_before:
        raise CertificateError("dates", "%s is not valid yet." % name(certificate))
    if now > certificate.not_after:
        raise CertificateError("dates", "%s has expired." % name(certificate))
    if certificate.unknown:
        raise CertificateError(
            "unsupported",
            "%s has a critical extension that is not known: %s." % (name(certificate), certificate.unknown[0]),
        )
    from x509 import signatures

    signatures.check_key(certificate.key)


def _check_end(certificate, usage):
    """The certificate of which the chain is: no CA, and for this usage."""
    if usage is None:
        return
    if certificate.is_ca:
        raise CertificateError("ca", "%s is the certificate of a CA, and no %s's." % (name(certificate), usage))
    allowed = _DIGITAL_SIGNATURE
    if usage == "server":
        allowed |= _KEY_ENCIPHERMENT | _KEY_AGREEMENT
    if certificate.key_usage is not None and not certificate.key_usage & allowed:
        raise CertificateError("usage", "The keyUsage of %s does not allow a %s." % (name(certificate), usage))
    _check_usage(certificate, usage)


def _check_usage(certificate, usage):
    listed = certificate.extended_key_usage
    if usage and listed is not None and _USAGES[usage] not in listed and _ANY_USAGE not in listed:
        raise CertificateError("usage", "The extendedKeyUsage of %s does not allow a %s." % (name(certificate), usage))


def _check_ca(certificate, depth, usage):
    """Whether it may sign certificates, with `depth` CAs between it and the end of the chain."""
    if not certificate.is_ca:
        raise CertificateError("ca", "%s has signed a certificate, but is no CA." % name(certificate))
    if certificate.key_usage is not None and not certificate.key_usage & _KEY_CERT_SIGN:
        raise CertificateError("usage", "The keyUsage of %s does not allow to sign certificates." % name(certificate))
    if certificate.path_length is not None and depth > certificate.path_length:
        raise CertificateError(
            "path", "%s allows %d CAs below it, there are %d." % (name(certificate), certificate.path_length, depth)
        )
    _check_usage(certificate, usage)


def host(certificate, host):
    """CertificateError "host" unless the certificate is that of the server `host`, a name or an IP address.

    Only subjectAltName counts: a commonName never does (RFC 6125 6.4.4 as browsers do it)."""
    from x509 import hosts

    if certificate.is_ca:
        raise CertificateError("ca", "%s is the certificate of a CA, and no server's." % name(certificate))
    if not certificate.has_names:
        raise CertificateError(
            "host", "The certificate %s has no subjectAltName; a commonName alone is not enough." % name(certificate)
        )
    if not hosts.is_among(host, certificate.dns_names, certificate.ip_addresses):
        raise CertificateError("host", "The certificate %s is not for %s." % (name(certificate), host))
