"""Names and addresses of servers, as in a subjectAltName (RFC 6125 6.4, RFC 5952)."""


def is_among(host, names, addresses):
    """Whether the text `host` is one of these dNSNames (lower case) or iPAddresses (bytes). An address is never
    compared with names."""
    packed = address(host)
    if packed:
        return packed in addresses
    host = host.lower()
    if host.endswith("."):
        host = host[:-1]
    for name in names:
        if _matches(name, host):
            return True
    return False


def _matches(name, host):
    """A name with one * as its leftmost label stands for every host with one label in its place, if at least two
    labels follow."""
    if name.startswith("*."):
        rest, first = name[1:], host.find(".")
        return rest.count(".") > 1 and first > 0 and host[first:] == rest
    return bool(name) and "*" not in name and name == host


def address(host):
    """The 4 or 16 bytes of an IP address; None if the text is none."""
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
        return _ipv6(host)
    return _ipv6(host) if ":" in host else _ipv4(host)


def _ipv4(text):
    numbers = text.split(".")
    if len(numbers) != 4:
        return None
    for number in numbers:
        if not number.isdigit() or len(number) > 3 or int(number) > 255:
            return None
    return bytes([int(number) for number in numbers])


def _ipv6(text):
    """With one "::" for zeros, and the last 4 bytes as IPv4 if they are so."""
    head, middle, tail = text.partition("::")
    head, tail = _groups(head), _groups(tail)
    if head is None or tail is None:
        return None
    zeros = 16 - len(head) - len(tail)
    if zeros < 2 if middle else zeros:
        return None
    return head + bytes(zeros) + tail


def _groups(text):
    found = b""
    for group in text.split(":") if text else ():
        if "." in group:
            packed = _ipv4(group)
            if not packed or not text.endswith(group):
                return None
            found += packed
            continue
        if not 1 <= len(group) <= 4:
            return None
        for letter in group.encode():
            if letter not in b"0123456789abcdefABCDEF":
                return None
        found += int(group, 16).to_bytes(2, "big")
    return found if len(found) <= 16 else None
