"""Questions to a DNS server and its answers as bytes (RFC 1035 4): IPv4 addresses only; loaded to look a name up."""

from micropython import const

_RECORDS = const(32)  # that are looked at
_ALIASES = const(8)  # one after the other
_LONGEST_NAME = const(255)
_A, _CNAME, _INTERNET = const(1), const(5), const(1)


def question(name):
    """The question for the address of `name`; ValueError if it is no host name."""
    labels = name.rstrip(".").encode().split(b".")
    if sum([len(label) + 1 for label in labels]) >= _LONGEST_NAME or not all([0 < len(label) < 64 for label in labels]):
        raise ValueError("%s is no host name" % name)
    return b"".join([bytes((len(label),)) + label for label in labels]) + b"\x00\x00\x01\x00\x01"


def request(identity, asked):
    """The message with the question `asked`; `identity` is two bytes."""
    return identity + b"\x01\x00\x00\x01" + bytes(6) + asked  # recursion desired, one question


def addresses(message, identity, asked):
    """The addresses that `message` gives in answer to this question, as text; [] if it says that there are none.

    None if it is no answer to it, or malformed."""
    end = 12 + len(asked)
    if message[:2] != identity or len(message) < end or message[12:end].lower() != asked.lower():
        return None
    flags, code, questions, records = message[2], message[3] & 15, _number(message, 4, 2), _number(message, 6, 2)
    if flags & 0xF8 != 0x80 or questions != 1:  # an answer to a standard query
        return None
    if code:
        return []
    try:
        return _resolved(_name(message, 12)[0], _records(message, end, min(records, _RECORDS)))
    except (ValueError, IndexError):
        return None


def _resolved(name, records):
    """The addresses of `name`, or of what it is another name for."""
    for _ in range(_ALIASES):
        found = [value for owner, kind, value in records if owner == name and kind == _A]
        if found:
            return found
        aliases = [value for owner, kind, value in records if owner == name and kind == _CNAME]
        if not aliases:
            break
        name = aliases[0]
    return []


def _records(message, at, count):
    """(owner, kind, address or name) of the records from `at` on that are an address or an alias."""
    found = []
    for _ in range(count):
        owner, at = _name(message, at)
        kind, family, size = _number(message, at, 2), _number(message, at + 2, 2) & 0x7FFF, _number(message, at + 8, 2)
        at += 10
        value = message[at : at + size]
        if len(value) < size:
            raise ValueError
        if family == _INTERNET and kind == _CNAME:
            found.append((owner, kind, _name(message, at)[0]))
        elif family == _INTERNET and kind == _A and size == 4 and 0 < value[0] < 224:  # that of one host
            found.append((owner, kind, "%d.%d.%d.%d" % tuple(value)))
        at += size
    return found


def _number(message, at, size):
    if at + size > len(message):
        raise ValueError
    return int.from_bytes(message[at : at + size], "big")


def _name(message, at):
    """(the name at `at` in small letters, where it ends); ValueError or IndexError if it is malformed."""
    labels, length, after, begun = [], 0, None, at
    while message[at]:
        size = message[at]
        if size >= 0xC0:
            # The rest of the name is farther ahead in the message. Always farther ahead, or it might never end.
            after = after or at + 2
            at = _number(message, at, 2) & 0x3FFF
            if at >= begun:
                raise ValueError
            begun = at
            continue
        length += size + 1
        if size > 63 or length > _LONGEST_NAME:
            raise ValueError
        labels.append(message[at + 1 : at + 1 + size])
        at += size + 1
    return b".".join(labels).lower(), after or at + 1
