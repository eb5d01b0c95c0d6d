"""TLS to the central system: its version, cipher suites, and whom to trust (white paper A00.FR.301 to 429); loaded for
a connection.

MicroPython verifies the chain of the server's certificate, its dates and its use. The handshake is held where it has
done so: a name that a certificate gives to its owner alone (CN), or the certificate of an authority, would do for it.
Only after host() the handshake ends, and the request with the password leaves.
"""

import hashlib

from micropython import const

from ocpp import log, websocket
from ocpp.websocket.frames import HandshakeError

_NO_MEMORY = const(-32512)  # MBEDTLS_ERR_SSL_ALLOC_FAILED
_ALERT = const(-30592)  # MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
_BAD_CERTIFICATE = const(-31232)  # MBEDTLS_ERR_SSL_BAD_CERTIFICATE
_X509 = (-10752, -8320)  # the range of MBEDTLS_ERR_X509_...
_EOF = const(-29312)  # MBEDTLS_ERR_SSL_CONN_EOF
_ENDED = (0, 32, 104, _EOF)  # EOFError, EPIPE, ECONNRESET
_REFUSED = "the central system's certificate is refused: "
_CERTIFICATE = "InvalidCentralSystemCertificate"
_DENIED = "FailedToAuthenticateAtCentralSystem"
# Words of mbedTLS and what they mean here.
_MEANINGS = (
    ("trusted CA", "it comes from no installed authority"),
    ("(CN)", "it is for another host"),
    ("expired", "it has expired"),
    ("future", "it is not valid yet"),
)


async def connect(link, profile, host, port, path, options):
    """The open WebSocket with the security profile 0, 2 or 3; arguments as of websocket.connect(). HandshakeError, with
    its `event`, if the central system is not what it should be, or refuses."""
    client = None
    if profile == 3:
        client = _client(link)
        if not client:
            raise HandshakeError(0, "security profile 3 needs a certificate of the charge point, and there is none")
        await _check_profile(host, port, options)
    link.client = client and client.name
    made, names = context(link, client)
    client = None
    guard = Guard(made, host, profile)
    try:
        socket = await websocket.connect(host, port, path, tls=guard, **options)
    except HandshakeError as error:
        if error.event == _DENIED:
            link.refused = link.client
        if guard.unclear:
            raise await _explained(error, profile, host, port, options)
        raise
    link.root = names.get(guard.root)
    _root_works(link)
    return socket


def _client(link):
    """Apart, for connect() waits for long and would keep the module in memory."""
    from ocpp.link import credentials

    return credentials.client(link)


def _root_works(link):
    """A root that has replaced another does work: that one goes (M05.FR.12)."""
    if link.keys.values.get("AdditionalRootCertificateCheck") and link.root:
        from ocpp.link import credentials

        try:
            credentials.installed(link).works(link.root)
        except OSError as error:
            log.warning("the root certificate of before is not deleted: %r", error)


async def _check_profile(host, port, options):
    """A central system that does not ask for the certificate has another security profile (A00.FR.003)."""
    from ocpp.link import tls_probe

    answer = await tls_probe.look(host, port, options.get("address"))
    if answer.asks is False:
        raise HandshakeError(
            0,
            "the central system asks for no certificate, so it does not use security profile 3",
            event="CentralSystemFailedToAuthenticate",
        )


async def _explained(error, profile, host, port, options):
    """A HandshakeError that says more than `error`, if the server does."""
    from ocpp.link import tls_probe

    found = tls_probe.explain(await tls_probe.look(host, port, options.get("address")), profile)
    return HandshakeError(0, found[0], event=found[1]) if found else error


def context(link, client=None):
    """The context that verifies the central system. `client`: the Credential, for security profile 3.
    ValueError, one line for the owner, for a certificate that is none. With it, {SHA-256 of a root: its name}."""
    from ocpp.link import credentials
    from x509 import server

    made = server.context()
    names = {}
    for name, root in credentials.roots(link):
        try:
            made.load_verify_locations(root)
        except (OSError, ValueError) as error:
            if name == credentials.OWNERS:
                raise credentials.wrong(link, error)
        names[hashlib.sha256(root).digest()] = name
    for certificate in client.chain if client else ():
        made.load_cert_chain(certificate, client.key)  # each call adds one to the chain
    return made, names


def check_start(link):
    """For a way with wss: ValueError, one line for the owner, if config.json asks for what cannot work; what was lost
    since is logged."""
    from ocpp.link import credentials

    context(link)
    for way in link.ways:
        if way[0] == 3 and not credentials.usable(link.keys.store, 0):
            if link.csms["profile"] == "3":
                raise ValueError("ocpp.SecurityProfile: 3 needs a certificate of the charge point, and there is none")
            log.error("security profile 3 is in use, but the certificate of the charge point is gone")


class Guard:
    """In the place of an ssl context for websocket.connect(). `over`: the handshake is; `unclear`: it has failed, and
    tls_probe may tell why; `root`: the SHA-256 of the certificate at which the chain ends."""

    def __init__(self, made, host, profile):
        self.root = None
        self.over = self.unclear = False
        self._host, self._profile = host, profile
        self._context, self._seen = made, None
        made.verify_callback = self._see

    def wrap_socket(self, socket, **options):
        return self._context.wrap_socket(socket, **options)

    def _see(self, certificate, depth):
        """Called in the handshake for each certificate of the chain, the root first; no error may leave it."""
        try:
            if self.root is None:
                self.root = hashlib.sha256(certificate).digest()
            if depth == 0:
                self._seen = bytes(certificate)
        except MemoryError:
            return _NO_MEMORY
        return 0

    async def check(self, stream):
        """Bring the handshake to where the certificate has been verified; HandshakeError if it is refused."""
        failure = None
        byte = bytearray(1)
        try:
            count = stream.s.readinto(byte)  # this begins it; no server speaks before it is asked
            while self._seen is None:
                if count is not None:
                    raise EOFError
                count = await stream.readinto(byte)
        except (OSError, EOFError, ValueError) as error:
            failure = error
        finally:
            self._context.verify_callback = None  # which would keep this object as long as the connection
        if self._seen and not isinstance(failure, ValueError):
            self._check_certificate()
        if failure:
            raise self.refusal(failure)

    def _check_certificate(self):
        from x509 import CertificateError, server

        try:
            server.check(self._seen, self._host)
        except CertificateError as error:
            raise HandshakeError(0, _REFUSED + str(error), event=_CERTIFICATE)

    def refusal(self, error):
        """The HandshakeError for what has ended the connection before the answer to the request."""
        number = error.args[0] if isinstance(error, OSError) and error.args else 0
        text, event = " ".join(str(error).split()), None
        if isinstance(error, ValueError) or number == _BAD_CERTIFICATE or _X509[0] <= number <= _X509[1]:
            event = _CERTIFICATE
            reasons = [meaning for words, meaning in _MEANINGS if words in text]
            text = _REFUSED + (", ".join(reasons) or text)
        elif self._seen and self._profile == 3 and (number == _ALERT or number in _ENDED and not self.over):
            event, text = _DENIED, "the central system refuses the certificate of the charge point"
        else:
            self.unclear = not self.over and (number < 0 or number in _ENDED)
            text = "closed by the server" if number in (0, _EOF) else "TLS failed: " + text if number < 0 else text
        return HandshakeError(0, text, event=event)
