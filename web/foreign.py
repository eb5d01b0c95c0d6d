"""What a page of another site may have caused: refused before anything is done for it (SECURITY.md).

A browser sends for any page what the page asks, with the password that it remembers. The fields Origin and
Sec-Fetch-Site, which no page can forge, name where the page is from; other clients leave them out.
"""

_LOCAL = ".local"  # RFC 6762, 3: nobody can buy a name there


def refusal(method, fields, names):
    """(HTTP status, text) for what is refused, else None. `fields`: name in small letters -> value; `names`: what this
    charge point is called besides its addresses, blanks between them."""
    host = fields.get("host", "").lower()
    if "host" in fields and not _is_own(host, names.lower().split()):
        return 421, "not a name of this charge point, see web.names"
    origin = fields.get("origin")
    if origin is not None and (not host or origin.lower().partition("://")[2] != host):
        return 403, "asked for by a page of another site"
    if method not in ("GET", "HEAD") and fields.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return 403, "asked for by a page of another site"
    return None


def is_json(fields):
    """Whether a body is of the one type that is taken. What a page of another site can send without asking for leave
    first is of others; so an old browser, which leaves out
    where the page is from, does no harm either."""
    return fields.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _is_own(host, names):
    """Whether `host`, with or without a port, is an address or one of `names`. A name of somebody else's that leads
    here makes a browser take this charge point for that site (DNS rebinding)."""
    if host[:1] == "[":
        address, bracket, _ = host[1:].partition("]")
        return bracket and not address.strip("0123456789abcdef:.")
    name = host.partition(":")[0].rstrip(".")
    if name.endswith(_LOCAL):
        name = name[: -len(_LOCAL)]
    return name == "localhost" or name in names or _is_address(name)


def _is_address(name):
    parts = name.split(".")
    return len(parts) == 4 and all([part.isdigit() and int(part) < 256 for part in parts])
