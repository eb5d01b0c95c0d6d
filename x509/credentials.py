"""What this charge point proves who it is with: private keys and certificates, on flash in the folder of the store.

client.<n> is a private key (private_key.py) and behind it the certificate and those of the CAs between it and the root;
one file, so that they always fit. client.key is a key whose request has been answered, client.key.new one of which that
is not known. Nothing gives these files out: no page, no message, no log, no diagnostics (A02.FR.05).

Each change is one rename or one removal, so a power cut leaves what was, or what is to be.
"""

import os

from x509 import CertificateError

_PREFIX = "client."
_ASKED = "client.key"
_NEW = "client.key.new"


class Credential:
    """`name` of its file; `key`: DER of the private key; `chain`: DER of the certificates, its own first; `begins` and
    `ends`: seconds since 1970, its validity."""

    def __init__(self, name, ders):
        from x509 import certificate

        self.name = name
        self.key, *self.chain = ders
        own = certificate.read(self.chain[0])
        self.begins, self.ends = own.not_before, own.not_after


def usable(store, now):
    """Credentials, the best first: what is valid, the newest start first (A02.FR.09), then all others, which a wrong
    clock may have made so. `now`: seconds since 1970. One that cannot be read is left out."""
    found = []
    for name in _files(store):
        try:
            found.append(Credential(name, _elements(store, name)))
        except (OSError, CertificateError, ValueError):
            pass
    return sorted(found, key=lambda one: (not one.begins <= now <= one.ends, -one.begins, -_number(one.name)))


def install(store, key, chain, keep):
    """Keep the private key and its certificates, DER; those that are there already go, but for `keep`, the name of the
    one that works now, or None. Returns the name. OSError if it is not installed then."""
    names = _files(store)
    name = "%s%d" % (_PREFIX, max([_number(other) for other in names] or [0]) + 1)
    store.write_file(name, key, *chain)
    for other in names:
        if other != keep:
            store.remove_file(other)
    for other in (_ASKED, _NEW):
        if _key(store, other) == key:
            store.remove_file(other)
    return name


def remove(store, name):
    store.remove_file(name)


def put_new(store, key):
    """Keep a private key that is about to be sent for signing; it takes the place of another one. OSError."""
    store.write_file(_NEW, key)


def asked(store):
    """The central system has answered to the request for this key: it is not sent again by itself."""
    try:
        os.rename(store.path + "/" + _NEW, store.path + "/" + _ASKED)
    except OSError:
        pass


def unsent(store):
    """The private key of which it is not known whether the central system has seen the request; None."""
    return _key(store, _NEW)


def is_asked(store):
    """Whether a request has been answered, and no certificate has come yet."""
    return _key(store, _ASKED) is not None


def find_key(store, point):
    """The private key, DER, whose public one has the bytes `point`; None."""
    from x509 import private_key

    for name in [_NEW, _ASKED] + _files(store):
        key = _key(store, name)
        if key and private_key.read(key)[1] == point:
            return key
    return None


def _key(store, name):
    """The private key at the beginning of the file `name`, DER; None if there is none, or it cannot be read."""
    from x509 import private_key

    try:
        key = _elements(store, name)[0]
        private_key.read(key)
        return key
    except (OSError, CertificateError, IndexError):
        return None


def _elements(store, name):
    """[DER] in the file `name`. OSError; CertificateError."""
    from x509.store import content, elements

    return elements(content(store.path + "/" + name))


def _files(store):
    return [name for name in os.listdir(store.path) if name.startswith(_PREFIX) and name[len(_PREFIX) :].isdigit()]


def _number(name):
    return int(name[len(_PREFIX) :])
