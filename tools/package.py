"""Makes the signed package of an update for the board, build/upoint-<version>.bin.

    python tools/package.py KEYS [--version N.N.N] [--unsigned]

KEYS is the folder of tools/keys.py. Without --version it is that of version.py.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from archive import sign
from compiler import Refused
from keys import Failed, signer

from build import BOARD, ROOT, SLOT, build, constant


def package(version, sign_with, folder=ROOT / "build", changed=None):
    """(path of the package, its size) of this version; sign_with(bytes) -> signature, or None; `changed`: path -> file
    in the place of those sources. Refused; Failed."""
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        raise Failed("%r is no version: numbers with dots between" % version)
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as trees:
        trees = Path(trees)
        (trees / "cache").symlink_to(_cache(folder))
        build("package", "xtensawin", BOARD, trees, version, changed)
        content = (trees / "package" / SLOT).read_bytes()
    path = folder / ("upoint-%s.bin" % version)
    path.write_bytes(sign(content, sign_with) if sign_with else content)
    return path, path.stat().st_size


def _cache(folder):
    """That of the usual build."""
    (folder / "cache").mkdir(exist_ok=True)
    return folder / "cache"


def main():
    parser = argparse.ArgumentParser(description="Make the signed package of an update.")
    parser.add_argument("keys", type=Path, help="the folder of the private key")
    parser.add_argument("--version", default=constant(ROOT / "version.py", "VERSION"))
    parser.add_argument("--unsigned", action="store_true", help="for boards whose config.json has updates.unsigned")
    options = parser.parse_args()
    try:
        sign_with = None if options.unsigned else signer(options.keys.expanduser())
        path, size = package(options.version, sign_with)
    except (Failed, Refused, OSError) as error:
        print("package: %s" % error, file=sys.stderr)
        return 1
    print("%s: %d bytes, %s" % (path.relative_to(ROOT), size, "not signed" if options.unsigned else "signed"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
