"""Checks fields of config.json that depend on each other."""

from config.fields import FIELDS, METERS, ONE_PHASE, SENSORS
from config.fill import check, fill, wrong


def check_all(config):
    """ValueError for what does not fit together; meters and sensors get the defaults of their kind."""
    _check_urls(config["csms"])
    _check_backoff(config["csms"]["backoff_s"])
    _check_web(config["web"])
    board = config["board"]["type"]
    for at, connector in enumerate(config["connectors"]):
        where = "connectors[%d]." % at
        connector["temperature"] = connector["temperature"] or SENSORS[board]
        connector["meter"] = _meter(connector, METERS[board], where + "meter")
        _check_id_tag(connector["free_id_tag"], where + "free_id_tag")
        _check_bounds(connector["pilot"]["bounds_mv"], where + "pilot.bounds_mv")
    _check_bus(config["connectors"])


def _check_urls(csms):
    _check_url("csms.url", csms["url"], ("ws", "wss"))
    for profile in sorted(csms["urls"]):
        if csms["urls"][profile]:
            _check_url("csms.urls." + profile, csms["urls"][profile], ("ws",) if profile == "1" else ("wss",))
    if csms["url"][:4].lower() == "wss:" and not csms["ca_cert"]:
        # Without it no certificate would be verified, and wss would only look safe.
        wrong("csms.ca_cert", "", "the DER file of the certificate authority for wss")


def _check_url(name, url, schemes):
    scheme, _, rest = url.partition("://")
    host, colon, port = rest.partition("?")[0].partition("/")[0].partition(":")
    path = rest[len(host + colon + port) :].replace("{id}", "")
    if scheme not in schemes or not host or "{" in host or "{" in path or "}" in path:
        examples = " or ".join([one + "://host:port/path" for one in schemes])
        wrong(name, url, examples + ", {id} behind the host only")
    if colon and not (port.isdigit() and 0 < int(port) < 65536):
        wrong(name, url, "with a port of 1 to 65535")


def _check_backoff(backoff):
    if backoff[0] > backoff[1]:
        wrong("csms.backoff_s", backoff, "[first, longest] with first not above longest")


def _check_web(web):
    """A page that the network can reach needs a password; one that only this machine can reach does not."""
    if web["port"] and not web["password"] and web["host"] not in "127.0.0.1 localhost ::1".split():
        wrong("web.password", "", "given where web.host is not 127.0.0.1: the whole network can ask")


def _meter(connector, known, where):
    """The section of a meter that the board can read: any other would bill nothing. Without a type, its usual one."""
    given, phases = connector["meter"], connector["phases"]
    given["type"] = kind = given["type"] or known[0]
    if phases > 1:
        known = [name for name in known if name not in ONE_PHASE]
    check(["text", None, known], kind, "%s.%s" % (where, "type"))
    rules = {"type": ["text", ""]}
    rules.update(FIELDS[kind])
    meter = fill(rules, given, where)
    if kind == "modbus":
        if meter["map"] and meter["model"]:
            wrong("%s.%s" % (where, "model"), meter["model"], "left out where there is a map")
        meter["model"] = meter["model"] or ("sdm630" if phases > 1 else "sdm120")
    return meter


def _check_bounds(bounds, where):
    for at in range(5):
        if bounds[at] <= bounds[at + 1]:
            wrong(where, bounds, "falling")


def _check_id_tag(id_tag, where):
    """1.6 7.15: a CiString20 is printable ASCII."""
    if not all([32 <= ord(character) < 127 for character in id_tag]):
        wrong(where, id_tag, "1 to 20 characters of printable ASCII")


def _check_bus(connectors):
    """All meters with Modbus are on one bus."""
    first = None
    addresses = {}  # type: dict[int, str]
    for at, connector in enumerate(connectors):
        meter, where = connector["meter"], "connectors[%d].meter" % at
        if meter["type"] != "modbus":
            continue
        other = addresses.get(meter["address"])
        if other:
            wrong("%s.%s" % (where, "address"), meter["address"], "another than %s has" % other)
        addresses[meter["address"]] = where
        first = first or meter
        for name in ("baudrate", "parity"):
            if meter[name] != first[name]:
                wrong("%s.%s" % (where, name), meter[name], "the same for all meters, they share a bus")
