"""X.509 certificates: read, verified, asked for. `read` and `chain` are in certificate.py and verify.py.

The room imports nothing of the project but itself; ocpp, profiles, updates and transfers may import it. All of it is
loaded when it is needed and goes again; only the error stays, for it is caught by its class.
"""


class CertificateError(ValueError):
    """A certificate, a key or a signature that cannot be used. str() is a sentence for the log; `reason` is a word:

    "malformed" what is read breaks the rules of its encoding, or is too long; "unsupported" algorithms, keys and
    critical extensions that are not known here; "signature", "issuer", "dates", "ca", "path", "usage", "key", "host":
    what is wrong with a certificate that can be read.
    """

    def __init__(self, reason, text):
        super().__init__(text)
        self.reason = reason
