"""HTTP Basic authentication (RFC 7617), and who has to wait between two tries after wrong passwords.

An address waits after five of its own, twice as long after each further one. All addresses together wait a moment after
five, so that many of them do not help; one that has given the right password before is not held up by the others. A
try that comes too early is not looked at and does not make the wait longer, so an attacker can lock nobody out for
longer than the attack lasts, and never another address that is known.
"""

import binascii
import hashlib

from micropython import const

_FREE = const(5)  # wrong passwords without a wait
_LONGEST_S = const(60)  # for an address
_LONGEST_OF_ALL_S = const(2)
_FORGOTTEN_S = const(600)  # without a wrong password
_MAX_ADDRESSES = const(8)
_ALL = None  # the key of all addresses
# A value of `seen`: the second of the last wrong password, _KNOWN if the right one has come, and how many were wrong.
# In one number, for these are kept.
_COUNT = const(15)
_KNOWN = const(16)
_SECOND = const(32)


def is_right(field, user, password):
    """Whether this value of the field Authorization names user and password. How long it takes does not depend on how
    much of them is right: hashes are compared, and to their ends."""
    scheme, _, credentials = field.partition(" ")
    wanted = binascii.b2a_base64(("%s:%s" % (user, password)).encode()).strip()
    given = credentials.strip().encode()
    different = scheme.lower() != "basic"
    for one, other in zip(hashlib.sha256(given).digest(), hashlib.sha256(wanted).digest()):
        different |= one ^ other
    return not different


def wait_s(seen, address, now):
    """Seconds until the next try of `address` is looked at; 0 if there is no wait. `now`: seconds, monotonic."""
    value = seen.get(address, 0)
    own = _left(value, now, _LONGEST_S)
    return own if value & _KNOWN else max(own, _left(seen.get(_ALL, 0), now, _LONGEST_OF_ALL_S))


def count_wrong(seen, address, now):
    """Note a wrong password. True when from now on `address`, or all of them, have to wait."""
    waits = False
    for key in (_ALL, address):
        value = seen.get(key, 0)
        wrong = 1 if _is_old(value, now) else min(_COUNT, (value & _COUNT) + 1)
        waits = waits or wrong == _FREE
        _keep(seen, key, now * _SECOND + (value & _KNOWN) + wrong)
    return waits


def note_right(seen, address, now):
    """Remember that `address` has given the right password. It still waits for its own wrong ones: others may be behind
    the same address."""
    value = seen.get(address, now * _SECOND)
    if not value & _KNOWN:
        _keep(seen, address, value | _KNOWN)


def _is_old(value, now):
    return now - value // _SECOND > _FORGOTTEN_S


def _left(value, now, longest):
    """Seconds that are left of the wait after the last wrong password."""
    wrong = value & _COUNT
    if wrong < _FREE or _is_old(value, now):
        return 0
    return max(0, value // _SECOND + min(longest, 1 << wrong - _FREE) - now)


def _keep(seen, key, value):
    """Put it into `seen`; when that is full, instead of the oldest of the addresses, those that are not known first."""
    if key not in seen and len(seen) > _MAX_ADDRESSES:
        oldest = None
        for other in seen:
            rank = seen[other] & _KNOWN, seen[other]
            if other != _ALL and (oldest is None or rank < oldest[0]):
                oldest = rank, other
        del seen[oldest[1]]
    seen[key] = value
