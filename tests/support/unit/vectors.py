"""Published test vectors: those of the package cryptography_vectors, and files beside the tests."""

import binascii
import os

from x509.encode import integer, tlv


def path(name):
    """The path of the file `name` of the package cryptography_vectors in .venv."""
    (python,) = [entry for entry in os.listdir(".venv/lib") if entry.startswith("python")]
    return ".venv/lib/%s/site-packages/cryptography_vectors/%s" % (python, name)


def unhex(digits):
    if digits == "-":
        return b""
    return binascii.unhexlify(("0" if len(digits) % 2 else "") + digits)


def records(name, section="["):
    """Each record, {name: text}, in the sections whose heads begin with `section` of a file of NIST's CAVP. What stands
    between the head and the first record with a message or a result (a modulus) is in all of them."""
    common, record, wanted = {}, {}, False
    with open(path(name)) as file:
        for line in file.read().split("\n") + [""]:
            line = line.strip()
            key, equals, value = line.partition(" = ")
            if line.startswith("[") and not line.startswith("[B."):
                wanted, common = line.startswith(section), {}
            elif equals:
                record[key] = value
            elif not line and record:
                if not ("Msg" in record or "Result" in record or "d" in record):
                    common.update(record)
                elif wanted:
                    yield dict(common, **record)
                record = {}


def lines(name):
    """The words of each line of a file beside the tests that is no comment."""
    with open(name) as file:
        for line in file:
            if not line.startswith("#"):
                yield line.split()


def number(digits):
    return int(digits, 16)


def point_of(record):
    return b"\x04" + unhex(record["Qx"]) + unhex(record["Qy"])


def signature_of(record):
    return tlv(0x30, integer(number(record["R"])), integer(number(record["S"])))
