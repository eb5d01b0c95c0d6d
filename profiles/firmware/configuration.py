"""The configuration key of the FirmwareManagement profile (E 3.90)."""

PROTOCOLS = ("FTP", "HTTP", "HTTPS")


def declarations(authority):
    """Without the certificate of an `authority` there is no https. The owner may choose fewer."""
    supported = PROTOCOLS if authority else PROTOCOLS[:2]
    return (("SupportedFileTransferProtocols", "R", "l", ",".join(supported), supported),)
