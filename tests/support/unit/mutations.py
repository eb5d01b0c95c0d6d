"""Payloads of messages, changed at one place, with PEM texts among them."""

import random

from certificate_maker import chain

from x509 import pem

# The codes of answers to them.
ERRORS = (
    "FormationViolation NotImplemented NotSupported OccurenceConstraintViolation PropertyConstraintViolation "
    "ProtocolError TypeConstraintViolation"
).split()
VALUES = (None, True, 0, -1, 1.5, 10**12, "", "x", "Accepted", [], {}, [[]], {"x": 1}, "\x00", "\u20ac", "a" * 6000)
LETTERS = "AZaz09+/=-\n \r\x00\u00e4"


def mutated(value):
    """`value` of JSON, changed at one place."""
    if isinstance(value, dict) and value and random.getrandbits(3):
        copy = dict(value)
        field = random.choice(sorted(copy))
        kind = random.getrandbits(4)
        if kind == 0:
            del copy[field]
        elif kind == 1:
            copy["%s%d" % (field, kind)] = copy[field]
        else:
            copy[field] = mutated(copy[field])
        return copy
    if isinstance(value, str) and value and random.getrandbits(4):
        return mutated_text(value)
    return random.choice(VALUES)


def mutated_text(text):
    if text.startswith("-----BEGIN") and random.getrandbits(1):
        return mutated_der(text)
    at = random.randrange(len(text))
    kind = random.getrandbits(2)
    if kind == 0:
        return text[:at]
    if kind == 1:
        return text[:at] + text[at + 1 + random.randrange(40) :]
    if kind == 2:
        return text[:at] + random.choice(LETTERS) + text[at + 1 :]
    return text[:at] + text[random.randrange(len(text)) :]


def mutated_der(text):
    """One of the certificates in a PEM text has another byte, or bytes too many or too few."""
    ders = [der for _, der in pem.blocks(text)]
    which = random.randrange(len(ders))
    der = ders[which]
    at, kind = random.randrange(len(der)), random.getrandbits(2)
    if kind == 0:
        ders[which] = der[:at] + der[at + 1 + random.randrange(30) :]
    elif kind == 1:
        ders[which] = der[:at] + bytes(1 + random.randrange(30)) + der[at:]
    else:
        ders[which] = der[:at] + bytes([der[at] ^ 1 << random.randrange(8)]) + der[at + 1 :]
    return chain(*ders)
