# micropython only: it has littlefs
"""A power cut at each block operation while certificates and keys change: each of them is as before or as asked for,
and as asked for once the central system was informed; private key and certificate always fit."""

import charging
from certificate_maker import chain
from certified import CENTRAL, IDENTITY, KEYS, MANUFACTURER, SUBJECT, authority, delete, hash_data, install, installed
from certified import security, signed
from helpers import replaced
from own_certificate import own_chains, point_of
from power_cuts import Cuts, Recording

from profiles.security import Security, sign_certificate
from profiles.security import installed as module
from x509 import certificate, credentials, private_key

FIRST = {CENTRAL: [], MANUFACTURER: [], "own": []}


async def certificates(site):
    await site.start()
    await change(site, CENTRAL, [11], install(site, authority(11)))
    await change(site, MANUFACTURER, [13], install(site, authority(13), MANUFACTURER))
    first = await own_certificate(site, "260101000000Z", [])
    await change(site, CENTRAL, [12, 11], install(site, authority(12, 11)))
    second = await own_certificate(site, "260201000000Z", [first])
    await change(site, MANUFACTURER, [], delete_root(site))
    await change(site, CENTRAL, [12], works(site))
    await own_certificate(site, "260202000000Z", [second], 12)


async def change(site, name, value, asking):
    recording = site.recording
    recording.asked.append((name, value))
    assert await asking in ("Accepted", None)
    recording.granted = len(recording.asked)


async def own_certificate(site, begins, before, ca=11):
    """Ask for one and install it; the DER."""
    await sign_certificate.triggered(security(site))
    made = authority(ca).sign(SUBJECT, point_of(site.central.of("SignCertificate")[-1]["csr"]), begins=begins)
    await change(site, "own", [made] + before, signed(site, chain(made)))
    return made


async def delete_root(site):
    return await delete(site, await hash_data(site, 13, MANUFACTURER))


async def works(site):
    """A connection has been verified by the new root."""
    module.roots(security(site)).works("root.c.3")


async def read(site):
    """What holds after the recovery."""
    found = site.recording.found = {"own": own_chains(site)}
    for kind in (CENTRAL, MANUFACTURER):
        found[kind] = await installed(site, kind)
    for one in credentials.usable(site.engine.store, 1780000000):
        assert private_key.read(one.key)[1] == certificate.read(one.chain[0]).key[1]
    asked = site.central.of("SignCertificate")
    if asked:
        assert credentials.find_key(site.engine.store, point_of(asked[-1]["csr"])), "a certificate for it may come"


def old_or_new(asked, moment, found):
    for name, first in FIRST.items():
        values = [first] + [value for index, (key, value) in enumerate(asked) if key == name and index < moment.granted]
        allowed = [values[-1]] + [value for key, value in asked[moment.granted : moment.asked] if key == name]
        if name == "own":  # the one before the last but one goes when the new one is there, in a write of its own
            assert found[name][:2] in allowed, (name, [len(value) for value in allowed], len(found[name]))
        else:
            assert found[name] in allowed, (name, found[name], allowed)


def test_power_cut_while_certificates_change():
    keys = dict(Recording.keys, AdditionalRootCertificateCheck="true", **KEYS)
    with replaced(Recording, keys=keys), replaced(charging.Site, identity=IDENTITY):
        cuts = Cuts(certificates, read, profiles=(Security,))
        asked = cuts.recording.asked
        assert len(asked) == 8
        cuts.all(lambda moment, recording: old_or_new(asked, moment, recording.found))
    assert cuts.tried >= 100
