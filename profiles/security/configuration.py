"""The configuration keys of the security extensions (white paper 7)."""

_LONGEST_NAME = 64  # characters of an organizationName (RFC 5280, appendix A.1)


def declarations():
    return (
        ("AdditionalRootCertificateCheck", "R", "b", "false", None),
        ("AuthorizationKey", "W*", "s", "", (16, 40)),
        # What a message of MAX_MESSAGE bytes (ocpp/websocket/frames.py) has room for, with its line ends escaped.
        ("CertificateSignedMaxChainSize", "R", "i", "3900", (0, 3900)),
        ("CertificateStoreMaxLength", "R", "i", "8", (0, 16)),
        ("CpoName", "RW", "s", "", (0, _LONGEST_NAME)),
        ("SecurityProfile", "RW*", "i", "0", (0, 3)),
    )
