"""A charge point with the security extensions, for the tests of its certificates."""

import charging
from certificate_maker import Authority, name
from helpers import replaced

from ocpp import events
from profiles.security import Security

CENTRAL, MANUFACTURER = "CentralSystemRootCertificate", "ManufacturerRootCertificate"
SERIAL = "SN-0001"
EVENTS = ("ReconfigurationOfSecurityParameters", "InvalidChargePointCertificate")
KEYS = {"CpoName": "Operator"}
IDENTITY = dict(charging.Site.identity, chargePointSerialNumber=SERIAL)
SUBJECT = name(SERIAL, "Operator")
_authorities = {}


def authority(number, issuer=None, **options):
    """The CA "Root <number>", made once."""
    which = (number, issuer, tuple(sorted(options.items())))
    if which not in _authorities:
        above = authority(issuer) if issuer else None
        _authorities[which] = Authority("Root %d" % number, number, above, **options)
    return _authorities[which]


def play(story, keys=None, **options):
    """As charging.play(). Returns the security events of certificates, (type, techInfo)."""

    async def prepared(site):
        await story(site)

    told = []
    with replaced(charging.Site, identity=IDENTITY):
        with replaced(events, tell=lambda kind, info="": told.append((kind, info))):
            charging.play(prepared, profiles=(Security,), keys=dict(KEYS, **keys or {}), **options)
    return [event for event in told if event[0] in EVENTS]


def security(site):
    """The profile."""
    (found,) = [profile for profile in site.engine.profiles if profile.name == "Security"]
    return found


async def install(site, root, kind=CENTRAL):
    """The status; `root`: an Authority or PEM."""
    text = root if isinstance(root, str) else root.pem
    answer = await site.central.ask("InstallCertificate", certificateType=kind, certificate=text)
    return answer["status"] if isinstance(answer, dict) else answer


async def installed(site, kind=CENTRAL):
    """The serial numbers that are listed, the newest first; of an Authority that is its number."""
    answer = await site.central.ask("GetInstalledCertificateIds", certificateType=kind)
    if answer == {"status": "NotFound"}:
        return []
    assert answer["status"] == "Accepted"
    return [int(data["serialNumber"], 16) for data in answer["certificateHashData"]]


async def hash_data(site, number, kind=CENTRAL):
    """The CertificateHashDataType of the Authority `number`, as listed."""
    answer = await site.central.ask("GetInstalledCertificateIds", certificateType=kind)
    (found,) = [data for data in answer["certificateHashData"] if int(data["serialNumber"], 16) == number]
    return found


async def delete(site, data):
    return (await site.central.ask("DeleteCertificate", certificateHashData=data))["status"]


async def signed(site, text):
    """The status of CertificateSigned.conf."""
    return (await site.central.ask("CertificateSigned", certificateChain=text))["status"]
