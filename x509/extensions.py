"""The extensions of a certificate that are known here (RFC 5280 4.2.1.3, .6, .9, .12)."""

from micropython import const

from x509.der import BYTES, SEQUENCE, Reader, malformed

_MAX_EXTENSIONS = const(40)
_MAX_NAMES = const(100)
_MAX_USAGES = const(20)
_DNS_NAME = const(0x82)
_IP_ADDRESS = const(0x87)


def read(certificate, explicit):
    """Set what the extensions in `explicit`, a Reader, say of the Certificate."""
    known = {"2.5.29.15": _key_usage, "2.5.29.17": _names, "2.5.29.19": _basic_constraints, "2.5.29.37": _usages}
    seen = []  # type: list[str]
    unknown = []
    listed = explicit.open(SEQUENCE)
    explicit.done()
    while listed.tag() is not None:
        extension = listed.open(SEQUENCE)
        name = extension.oid()
        critical = extension.boolean()
        content = Reader(extension.value(BYTES))
        extension.done()
        if name in seen or len(seen) == _MAX_EXTENSIONS:
            raise malformed("it has an extension twice, or more than %d" % _MAX_EXTENSIONS)
        seen.append(name)
        if name in known:
            known[name](certificate, content)
            content.done()
        elif critical:
            unknown.append(name)
    certificate.unknown = unknown


def _key_usage(certificate, content):
    certificate.key_usage = content.flags()


def _basic_constraints(certificate, content):
    constraints = content.open(SEQUENCE)
    certificate.is_ca = constraints.boolean()
    if constraints.tag() is not None:
        certificate.path_length = constraints.small()
    constraints.done()


def _usages(certificate, content):
    found, listed = [], content.open(SEQUENCE)
    while listed.tag() is not None:
        found.append(listed.oid())
        if len(found) > _MAX_USAGES:
            raise malformed("it has more than %d usages" % _MAX_USAGES)
    certificate.extended_key_usage = found


def _names(certificate, content):
    names, addresses = [], []
    listed = content.open(SEQUENCE)
    while listed.tag() is not None:
        tag = listed.tag()
        if tag == _DNS_NAME:
            names.append(_dns_name(listed.value(tag)))
        elif tag == _IP_ADDRESS:
            addresses.append(_address(listed.value(tag)))
        else:
            listed.skip()
        if len(names) + len(addresses) > _MAX_NAMES:
            raise malformed("it has more than %d names" % _MAX_NAMES)
    certificate.dns_names, certificate.ip_addresses, certificate.has_names = names, addresses, True


def _dns_name(content):
    for byte in content:
        if not 0x21 <= byte <= 0x7E:
            raise malformed("a dNSName has letters that no name of a host has")
    return content.decode().lower()


def _address(content):
    if len(content) not in (4, 16):
        raise malformed("an iPAddress has neither 4 nor 16 bytes")
    return content
