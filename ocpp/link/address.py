"""Where and as whom to connect (OCPP-J 3.1.1, 6.2.2, white paper A00); loaded for a connection."""

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


def password(key, is_new=False):
    """The bytes that `key` stands for. 40 hexadecimal digits are 20 bytes (OCPP-J 6.2.2); of a key that the central
    system has set, `is_new`, an even number of 32 or more are 16 bytes or more (white paper 7.2)."""
    if len(key) == 40 or is_new and 32 <= len(key) < 40 and not len(key) & 1:
        try:
            return binascii.unhexlify(key)
        except ValueError:
            pass
    return key.encode()


def basic_authorization(identity, secret):
    """The Authorization header with the password `secret`, bytes (RFC 7617)."""
    credentials = binascii.b2a_base64(identity.encode() + b":" + secret).strip()
    return b"Authorization: Basic " + credentials


def url_of(csms, profile):
    """The URL for a security profile: that of csms.urls, else csms.url with ws or wss as it must be; None without one.

    From wss there is no way to profile 1: it would give up what protects the password."""
    url = csms["url"]
    tls = split_url(url)[0]
    named = profile and csms["urls"]["123"[profile - 1]]
    if named or not profile or tls == (profile > 1):
        return named or url
    return None if tls else "wss" + url[2:]


def headers_of(csms, identity, way):
    """What the request has beside that of RFC 6455. `way`: [security profile, key that the central system has set or
    None]; the password leaves with profiles 1 and 2 only (A00.FR.203, 302)."""
    if way[0] not in (1, 2):
        return ()
    secret = password(csms["authorization_key"]) if way[1] is None else password(way[1], True)
    return (basic_authorization(identity, secret),)
