"""Resolves a redirect (RFC 9110 15.4; RFC 3986 5.2); loaded for one."""

from micropython import const

from transfers.failure import failed
from transfers.url import parse

_MAX_REDIRECTS = const(5)


def target_of(url, answer, count):
    """The Url to which `answer` sends on from `url`, for the `count`th time, from 1; TransferError "redirect"."""
    if count > _MAX_REDIRECTS:
        raise failed("redirect", "more than %d, the last one at %s" % (_MAX_REDIRECTS, url.shown()))
    if not answer.location:
        raise failed("redirect", "%s: %s without Location" % (url.shown(), answer.text))
    target = followed(url, answer.location)
    if target.scheme != url.scheme and (url.scheme, target.scheme) != ("http", "https"):
        raise failed("redirect", "%s leads from %s to %s" % (url.shown(), url.scheme, target.scheme))
    return target


def followed(base, location):
    """The Url to which `location`, absolute or relative, leads from `base` (RFC 3986 5.2). User and password go only to
    the place they were for."""
    if location.split("/")[0].endswith(":"):
        target = parse(location)
    elif location[:2] == "//":
        target = parse(base.scheme + ":" + location)
    else:
        path = base.path.split("?")[0]
        if location[:1] == "/":
            path = location
        elif location[:1] == "?":
            path += location
        elif location:
            path = path[: path.rfind("/") + 1] + location
        target = parse(base.place() + _without_dots(path))
    if target.user is None and target.place() == base.place():
        target.user, target.password = base.user, base.password
    return target


def _without_dots(path):
    """`path` with "." and ".." resolved, but for those in its query."""
    path, mark, query = path.partition("?")
    kept = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept) + mark + query
