"""SignCertificate: a new key pair, made here, and the request to sign it (white paper A02, A03, 5.17).

The private key is on flash before its request leaves, so whatever comes in between, a certificate that is signed finds
its key. A request that has been answered, with whatever, is not sent again by itself (A02, error handling); one without
an answer is, with the same key.
"""

import time

from micropython import const

from ocpp import log
from ocpp.errors import CallError, Offline
from x509 import CertificateError

_RETRY_S = const(600)


async def triggered(profile):
    """ExtendedTriggerMessage has asked for it, or the certificate is about to expire."""
    lacks = missing(profile)
    if lacks:
        log.error("no request for a certificate: %s", lacks)
        return
    try:
        _put_new(profile, new_key())
    except (OSError, CertificateError) as error:
        log.error("no request for a certificate: %r", error)
        return
    await send(profile)


def _put_new(profile, key):
    from x509 import credentials

    credentials.put_new(profile.core.engine.store, key)


def new_key():
    """DER of a new private key. While the radio is on, os.urandom() of an ESP32 gives its noise."""
    from x509 import p256, private_key

    number = p256.generate(str(time.ticks_us()).encode())
    return private_key.der(number, p256.public(number))


def request(profile, key):
    """The PEM text of the request to sign the public key that belongs to the private one `key` (A02.FR.03, 13)."""
    content = _content(profile.core.engine, key)
    from x509 import pem

    return pem.pem("CERTIFICATE REQUEST", content)


def _content(engine, key):
    from x509 import csr, private_key

    number, _ = private_key.read(key)
    return csr.make(number, engine.keys["CpoName"], engine.boot_payload["chargePointSerialNumber"])


def missing(profile):
    """What the owner or the central system has to set before, as text; "" if it is all there (A02, prerequisite;
    A00.FR.429, 511)."""
    from x509 import hosts

    engine = profile.core.engine
    serial_number = engine.boot_payload.get("chargePointSerialNumber")
    if not serial_number:
        return "charge_point.serial_number is empty"
    if "://" in serial_number or hosts.address(serial_number):
        return "charge_point.serial_number is a URL or an address"
    return "" if engine.keys["CpoName"] else "CpoName is not set"


async def send(profile):
    """Send the request for the key that has not been answered yet."""
    engine = profile.core.engine
    key = _unsent(engine.store)
    if key is None or missing(profile):
        return
    payload = {"csr": request(profile, key)}
    try:
        answer = await engine.call("SignCertificate", payload, True)
        if answer.get("status") != "Accepted":
            log.warning("the central system does not have a certificate signed")
    except CallError as error:
        log.warning("the central system does not have a certificate signed: %r", error)
    except Offline:
        profile.due = engine.clock.now() + _RETRY_S
        return
    _asked(engine.store)
    profile.due = engine.clock.now()  # to find out what is next


def _unsent(store):
    from x509 import credentials

    return credentials.unsent(store)


def _asked(store):
    from x509 import credentials

    credentials.asked(store)
