"""PEM: DER in base64 between lines that say what it is (RFC 7468)."""

import binascii

from micropython import const

from x509 import CertificateError

_BEGIN = "-----BEGIN "  # what is looked for is made bytes for a text in bytes
_END = "-----END "
_DASHES = "-----"
_LINE = const(48)  # bytes of DER, 64 letters
_MAX_BLOCKS = const(20)
_PIECE = const(256)  # characters
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def blocks(text):
    """[(label, DER)] of all blocks in `text`, a str or a bytearray; lines outside of blocks are left out.
    CertificateError "malformed"."""
    found = []  # type: list[tuple[str, bytes]]
    begin, dashes = (_BEGIN, _DASHES) if isinstance(text, str) else (_BEGIN.encode(), _DASHES.encode())
    at = 0
    while True:
        start = text.find(begin, at)
        if start < 0:
            return found
        if len(found) == _MAX_BLOCKS:
            raise _malformed("has more than %d blocks" % _MAX_BLOCKS)
        stop = text.find(dashes, start + len(_BEGIN))
        label = _part(text, start + len(_BEGIN), min(stop, start + _PIECE)) if stop >= 0 else ""
        body = stop + len(_DASHES)
        end = text.find(dashes, body)
        mark = _END + label + _DASHES
        if not label or len(label) > 64 or "\n" in label or end < 0 or _part(text, end, end + len(mark)) != mark:
            raise _malformed("has a block that does not end, or ends as another one")
        found.append((label, _decoded(text, body, end)))
        at = end + len(mark)


def only(text, label="CERTIFICATE"):
    """The DER of all blocks, of which there has to be one, and which have this label. CertificateError "malformed"."""
    found = blocks(text)
    if not found or [other for other, _ in found if other != label]:
        raise _malformed("has no %s, or something else" % label)
    return [der for _, der in found]


def _decoded(text, at, end):
    """The bytes of the base64 in text[at:end]. A piece at a time, for a board has no room for some copies of a long
    text. MicroPython leaves out what is no base64, so letters are looked at here."""
    pieces = []  # type: list[bytes]
    letters = ""
    while at < end:
        stop = min(at + _PIECE, end)
        letters += "".join(_part(text, at, stop).split())
        at = stop
        cut = len(letters) if at == end else len(letters) // 4 * 4
        content = _base64(letters[:cut])
        letters = letters[cut:]
        if content:
            if pieces and len(pieces[-1]) % 3:  # the piece before was the last one
                raise _malformed("has a block that is cut off")
            pieces.append(content)
    if not pieces:
        raise _malformed("has a block that is cut off")
    return b"".join(pieces)


def _part(text, start, stop):
    """text[start:stop] as a str."""
    part = text[start:stop]
    if isinstance(part, str):
        return part
    try:
        return str(part, "utf-8")
    except UnicodeError:
        raise _malformed("has something that is not ASCII")


def _base64(text):
    letters = text.encode()
    bare = letters.rstrip(b"=")
    if len(letters) % 4 or len(letters) - len(bare) > 2:
        raise _malformed("has a block that is cut off")
    for letter in bare:
        if letter not in _ALPHABET:
            raise _malformed("has a block that is not base64")
    return binascii.a2b_base64(letters)


def _malformed(what):
    return CertificateError("malformed", "The PEM text %s." % what)


def pem(label, der):
    """The PEM text of one block, with a newline at the end."""
    lines = [_BEGIN + label + _DASHES]
    for at in range(0, len(der), _LINE):
        lines.append(binascii.b2a_base64(der[at : at + _LINE]).decode().strip())
    return "\n".join(lines + [_END + label + _DASHES, ""])
