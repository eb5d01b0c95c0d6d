"""A manufacturer that signs firmware, by the package `cryptography`, and a charge point that gets it."""

import base64
import itertools

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from new_versions import VERSION
from operator_ca import OperatorCa, new_key, pem, subject
from updating import LONG_AGO

SIGNED, EVENT = "SignedFirmwareStatusNotification", "SecurityEventNotification"
ROOT = "ManufacturerRootCertificate"


class Manufacturer:
    """`root`, an OperatorCa, and a key that signs, with its `certificate`; `kind`: "ECDSA" or "RSA-PSS"."""

    def __init__(self, kind="ECDSA", root=None, **options):
        self.root = root or OperatorCa("Manufacturer Root")
        self.key = new_key() if kind == "ECDSA" else rsa.generate_private_key(65537, 3072)
        name, options = subject("Signer", "Manufacturer"), {"usage": "CODE_SIGNING"} | options
        self.certificate = self.root.issue(name, self.key.public_key(), **options)

    def sign(self, content):
        """The signature in base64."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            signature = self.key.sign(content, ec.ECDSA(hashes.SHA256()))
        else:
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            signature = self.key.sign(content, pss, hashes.SHA256())
        return base64.b64encode(signature).decode()


class SignedUpdating:
    """What `site`, an Updating, and a `maker` have in common."""

    def __init__(self, site, maker):
        self.site, self.csms, self.maker = site, site.csms, maker
        self.numbers = itertools.count(101)

    def start(self, **config):
        """Start the charge point and give it the root of the manufacturer."""
        self.site.firmware.start(**config)
        self.csms.expect_boot()
        self.install(self.maker.root)

    def install(self, root, kind=ROOT):
        payload = {"certificateType": kind, "certificate": pem(root.certificate)}
        assert self.csms.call("InstallCertificate", payload) == {"status": "Accepted"}

    def ask(self, location, content, status="Accepted", certificate=None, date=LONG_AGO, later=None, **more):
        """SignedUpdateFirmware with the signature of `content`; the requestId. `later`: installDateTime. A try that
        fails is the only one unless `more` says otherwise."""
        firmware = {
            "location": location,
            "retrieveDateTime": date,
            "signingCertificate": pem(certificate or self.maker.certificate),
            "signature": self.maker.sign(content),
        }
        if later:
            firmware["installDateTime"] = later
        number = next(self.numbers)
        payload = {"requestId": number, "firmware": firmware, "retries": 0, "retryInterval": 0} | more
        assert self.csms.call("SignedUpdateFirmware", payload, timeout=20) == {"status": status}
        return number

    def expect(self, number, *statuses, timeout=20):
        """These come next, in this order, with the requestId."""
        for status in statuses:
            assert self.csms.expect(SIGNED, timeout=timeout) == {"status": status, "requestId": number}

    def event(self, kind):
        """The techInfo of the next event of this `kind`."""
        return self.csms.expect(EVENT, timeout=10, type=kind)["techInfo"]

    def installs(self, number):
        """From the end of the download through the trial."""
        self.site.firmware.expect_exit()
        self.expect(number, "Downloaded", "SignatureVerified", "InstallRebooting")
        self.site.restarts()
        self.csms.expect_boot(timeout=15)
        self.expect(number, "Installing", "Installed")
        assert self.site.firmware.status()["firmware"] == VERSION
