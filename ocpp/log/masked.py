"""Masks in the log what only the owner may read: passwords, keys and, unless log.frames is 2, idTags."""

from micropython import const

MASK = "***"
_LONGEST = const(600)  # characters that are looked at
_SPACE = const(9)  # characters before a colon, at the most
_ID_TAGS = ("idTag", "parentIdTag")
_SECRETS = ("password", "secret", "key", "token")  # ends of names, in small letters


def is_secret(name):
    """Whether what a field of this name holds is a secret."""
    name = name.lower()
    return any([name.endswith(end) for end in _SECRETS])


def url(text):
    """`text` with user and password of each URL in it masked."""
    begin = 0
    while True:
        at = text.find("://", begin)
        if at < 0:
            return text
        at += 3
        end = at
        while end < len(text) and text[end : end + 1] not in "/?# \"'<>":
            end += 1
        sign = text.rfind("@", at, end)
        if sign >= 0:
            text = text[:at] + MASK + text[sign:]
            end = at + len(MASK)
        begin = end


def frame(text, id_tags):
    """The beginning of `text`, the JSON of a frame or a part of it, masked; `id_tags`: whether they may be seen.

    In a frame that names a secret key, the value of every key is masked: its name may come behind it."""
    keys = "authorizationkey" in text.lower()
    cut = len(text) > _LONGEST
    pieces, name, end = [], None, 0
    text = text[:_LONGEST]
    for start, stop in _strings(text):
        if text[stop : stop + _SPACE].lstrip()[:1] == ":":
            name = text[start + 1 : stop - 1]
        elif _hidden(name, text[end:start], keys, id_tags):
            pieces.append(text[end : start + 1] + MASK)
            end = stop - 1 if text[stop - 1 : stop] == '"' and stop - 1 > start else stop
    return url("".join(pieces) + text[end:]) + ("..." if cut else "")


def _hidden(name, before, keys, id_tags):
    if name is None or before.rstrip()[-1:] != ":":
        return False  # in a list
    return is_secret(name) and name != "key" or keys and name == "value" or name in _ID_TAGS and not id_tags


def _strings(text):
    """(start, end) of each JSON string in `text`, with its quotes; the last one may have no end."""
    at = text.find('"')
    while at >= 0:
        end = _end_of_string(text, at + 1)
        yield at, end
        at = text.find('"', end)


def _end_of_string(text, at):
    """Where the string ends whose first character is at `at`. Slices, for an index would make each character a name."""
    while True:
        quote, escape = text.find('"', at), text.find("\\", at)
        if quote < 0:
            return len(text)
        if escape < 0 or quote < escape:
            return quote + 1
        at = escape + 2
