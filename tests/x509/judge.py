"""Runs under MicroPython: for each line of JSON on stdin, a function's name and its arguments, a line with the result.

Certificates come as PEM. A CertificateError gives {"reason": ..., "error": its text}, anything else that is raised
{"crash": ...}.
"""

import binascii
import gc
import json
import sys

from x509 import CertificateError, certificate, pem, verify


def read(text):
    return [certificate.read(der) for der in pem.only(text)]


def hexed(content):
    return binascii.hexlify(content).decode()


def chain(certificates, roots, now, usage):
    """The subject of the root at which it ends."""
    return hexed(verify.chain(read(certificates), read(roots) if roots else [], now, usage).subject)


def host(text, name):
    verify.host(read(text)[0], name)


def fields(text):
    """What a Certificate says of itself."""
    found = read(text)[0]
    key = [found.key[0]] + [hexed(part) if isinstance(part, bytes) else "%d" % part for part in found.key[1:]]
    return {
        "serial": hexed(found.serial), "issuer": hexed(found.issuer), "subject": hexed(found.subject),
        "common_name": found.common_name, "organization": found.organization,
        "not_before": found.not_before, "not_after": found.not_after, "spki": hexed(found.spki), "key": key,
        "dns_names": list(found.dns_names), "ip_addresses": [hexed(address) for address in found.ip_addresses],
        "is_ca": found.is_ca, "path_length": found.path_length, "key_usage": found.key_usage,
        "extended_key_usage": found.extended_key_usage, "unknown": list(found.unknown), "tbs": hexed(found.tbs),
        "signature_algorithm": list(found.signature_algorithm), "signature": hexed(found.signature),
    }


def hash_data(text, issuer, algorithm):
    from x509 import hash_data

    return hash_data.of(read(text)[0], read(issuer)[0], algorithm)


def request(organization, common_name):
    """[PEM of a new private key, PEM of the request for its certificate]."""
    from x509 import csr, p256, private_key

    private = p256.generate()
    key = private_key.der(private, p256.public(private))
    return [pem.pem(private_key.LABEL, key), pem.pem(csr.LABEL, csr.make(private, organization, common_name))]


def loads(text, key):
    """Whether mbedTLS takes both for a client of TLS."""
    import tls

    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.load_cert_chain(pem.only(text)[0], pem.only(key, "EC PRIVATE KEY")[0])
    return True


def owns(text, key):
    """Whether the certificate has the public key of this private one."""
    from x509 import p256, private_key

    private, _ = private_key.read(pem.only(key, "EC PRIVATE KEY")[0])
    return p256.matches(private, read(text)[0].key)


def main():
    functions = {"chain": chain, "host": host, "fields": fields, "hash_data": hash_data, "request": request,
                 "loads": loads, "owns": owns}
    while True:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        name, arguments = json.loads(line)
        try:
            result = functions[name](*arguments)
        except CertificateError as error:
            result = {"reason": error.reason, "error": str(error)}
        except Exception as error:
            result = {"crash": repr(error)}
        gc.collect()
        sys.stdout.buffer.write(json.dumps(result).encode() + b"\n")


main()
