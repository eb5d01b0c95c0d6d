"""Makes the pair of keys with which the owner signs updates, outside of the checkout; never over one that is there.

    python tools/keys.py FOLDER
"""

import argparse
import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ROOT = Path(__file__).resolve().parents[1]
PRIVATE, PUBLIC = "update.key", "update.pub"
BITS = 3072
SALT = 32  # bytes; updates/signature.py checks the same


class Failed(Exception):
    """No key; args[0] says why."""


def make(folder):
    """Write both files. Failed."""
    folder = folder.resolve()
    if folder == ROOT or ROOT in folder.parents:
        raise Failed("%s is in the checkout: a private key there would be published with it" % folder)
    if (folder / PRIVATE).exists() or (folder / PUBLIC).exists():
        raise Failed("there is a key in %s already; it stays" % folder)
    key = rsa.generate_private_key(65537, BITS)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private)
    (folder / PUBLIC).write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))


def signer(folder):
    """The function that signs bytes with the private key in `folder`. Failed."""
    try:
        key = serialization.load_pem_private_key((folder / PRIVATE).read_bytes(), None)
    except OSError as error:
        raise Failed("no key in %s: `make keys` makes one (%s)" % (folder, error.strerror)) from error
    except (ValueError, TypeError) as error:
        raise Failed("%s: %s" % (folder / PRIVATE, error)) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != BITS:
        raise Failed("%s is no RSA key of %d bits" % (folder / PRIVATE, BITS))
    return lambda data: key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), SALT), hashes.SHA256())


def main():
    parser = argparse.ArgumentParser(description="Make the keys for signed updates.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.expanduser()
    try:
        make(folder)
    except (Failed, OSError) as error:
        print("keys: %s" % error, file=sys.stderr)
        return 1
    print("%s signs updates; keep it secret, and a copy of it in a safe place" % (folder / PRIVATE))
    print("%s belongs on each board: copy it to config/update.pub here, then `make flash`" % (folder / PUBLIC))
    return 0


if __name__ == "__main__":
    sys.exit(main())
