"""The root certificates on flash, each in a file of its own in the folder of the store; DER.

root.c.<n> is a CentralSystemRootCertificate, root.m.<n> a ManufacturerRootCertificate; a higher number is newer. Behind
a root that another one has signed stands that one: the hash of its key is part of the answer. The owner's root, the
file csms.ca_cert of config.json, is one more CentralSystemRootCertificate, older than all others: it counts and is
listed, but nobody can delete it over OCPP.

Each change is one rename or one removal, so a power cut leaves what was, or what is to be. With `one`, the key
AdditionalRootCertificateCheck, the newest root is on trial beside the one before it until a connection stands that it
has verified: see works() (M05.FR.08 to 13). The owner's root is retired then: root.c.retired has its SHA-256, so
another one that the owner puts there counts.
"""

import hashlib
import os

from micropython import const

CENTRAL = "CentralSystemRootCertificate"
MANUFACTURER = "ManufacturerRootCertificate"
OWNERS = "csms.ca_cert"  # the name of the owner's root
_PREFIXES = (("root.c.", CENTRAL), ("root.m.", MANUFACTURER))
_RETIRED = "root.c.retired"
_MAX_BYTES = const(8192)
_EFBIG = const(27)


class Roots:
    """Made for each use. `store`: an ocpp.store.Store; `owners`: the path of the owner's root, or "".

    A root has a name, which is that of its file, or OWNERS."""

    def __init__(self, store, owners="", one=False):
        self.store, self.owners, self.one = store, owners, one

    def names(self, kind):
        """Those of a type, the newest first: the order in which they are to be tried."""
        found = [name for name in self._files() if _kind(name) == kind]
        if kind == CENTRAL and self.owners and not (found and self.one and self._is_retired()):
            found.append(OWNERS)
        return found

    def count(self):
        """Of both types."""
        return len(self.names(CENTRAL)) + len(self.names(MANUFACTURER))

    def read(self, name):
        """[DER of the root, and of the one that has signed it if that is another]. OSError; CertificateError."""
        return elements(content(self.owners if name == OWNERS else self._path(name)))

    def add(self, kind, *ders):
        """Install a root, `ders` as read() gives them; returns its name. OSError if it is not installed then."""
        numbers = [_number(name) for name in self._files()]
        name = "%s%d" % (_prefix(kind), max(numbers or [0]) + 1)
        self.store.write_file(name, *ders)
        return name

    def remove(self, name):
        """OSError if it is still there."""
        os.remove(self._path(name))

    def works(self, name):
        """A connection stands whose server was verified by the root `name`. With `one` those that it replaces go, if
        it is the newest (M05.FR.12). OSError if one of them stays for now."""
        names = self.names(CENTRAL) if self.one else []
        if names and names[0] == name != OWNERS:
            for older in names[1:]:
                if older == OWNERS:
                    self.store.write_file(_RETIRED, self._owners_hash())
                else:
                    self.remove(older)

    def _files(self):
        """The names of all roots that are files here, the newest first."""
        found = [name for name in os.listdir(self.store.path) if _kind(name)]
        return sorted(found, key=lambda name: -_number(name))

    def _path(self, name):
        return self.store.path + "/" + name

    def _is_retired(self):
        try:
            return content(self._path(_RETIRED)) == self._owners_hash()
        except OSError:
            return False

    def _owners_hash(self):
        return hashlib.sha256(content(self.owners)).digest()


def elements(data):
    """The DER elements of which `data` consists, each a SEQUENCE. CertificateError."""
    from x509.der import SEQUENCE, Reader

    reader, found = Reader(data), []
    while reader.tag() is not None:
        found.append(reader.whole(SEQUENCE))
    return found


def content(path):
    """The bytes of a file. OSError, also if it has more than a certificate and its issuer's can have."""
    size = os.stat(path)[6]
    if size > _MAX_BYTES:
        raise OSError(_EFBIG)
    with open(path, "rb") as file:
        return file.read(size)  # not more: a board has no room for a buffer of the largest size


def _kind(name):
    """The type of the root in the file `name`; None if it is none."""
    for prefix, kind in _PREFIXES:
        if name.startswith(prefix) and name[len(prefix) :].isdigit():
            return kind
    return None


def _prefix(kind):
    return _PREFIXES[kind == MANUFACTURER][0]


def _number(name):
    return int(name.split(".")[-1])
