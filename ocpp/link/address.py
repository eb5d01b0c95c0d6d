"""Where and as whom to connect (OCPP-J 3.1.1, 6.2.2); needed once, at the start."""

import binascii

_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def percent_encode(text):
    """`text` as one path segment of a URL (RFC 3986 2.1)."""
    return "".join([c if c in _SAFE else "".join(["%%%02X" % byte for byte in c.encode()]) for c in text])


def split_url(url):
    """(is_tls, host, port, path and query) of a ws or wss URL; without a path that is "" or a query."""
    scheme, rest = url.split("://", 1)
    tls = scheme.lower() == "wss"
    end = min([at for at in (rest.find("/"), rest.find("?"), len(rest)) if at >= 0])
    name, _, port = rest[:end].partition(":")
    return tls, name, int(port) if port else 443 if tls else 80, rest[end:]


def target(path, identity):
    """The path and query to ask for: `identity` takes the place of {id}, or follows the path (OCPP-J 3.1.1)."""
    identity = percent_encode(identity)
    if "{id}" in path:
        return ("" if path[:1] == "/" else "/") + path.replace("{id}", identity)
    path, mark, query = path.partition("?")
    return path.rstrip("/") + "/" + identity + mark + query


def basic_authorization(identity, key):
    """The Authorization header; a key of 40 hexadecimal digits stands for its 20 bytes (OCPP-J 6.2.2)."""
    password = key.encode()
    if len(key) == 40:
        try:
            password = binascii.unhexlify(key)
        except ValueError:
            pass
    credentials = binascii.b2a_base64(identity.encode() + b":" + password).strip()
    return b"Authorization: Basic " + credentials


def tls_context(ca_cert):
    """A context that verifies the central system by the DER file `ca_cert`; MicroPython verifies nothing by itself."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED  # type: ignore[attr-defined]
    with open(ca_cert, "rb") as file:
        context.load_verify_locations(cadata=file.read())
    return context


def resolve(csms, identity):
    """(host, port, path, TLS context or None, headers) from the section csms of config.json.

    ValueError when the certificate for wss is missing or cannot be read."""
    tls, host, port, path = split_url(csms["url"])
    headers = (basic_authorization(identity, csms["authorization_key"]),) if csms["authorization_key"] else ()
    context = None
    if tls:
        try:
            context = tls_context(csms["ca_cert"])
        except (OSError, ValueError) as error:
            text = "csms.ca_cert: %r is not a certificate in DER, which wss needs: %s"
            raise ValueError(text % (csms["ca_cert"], error))
    return host, port, target(path, identity), context, headers
