"""Secrets in a file of their own beside config.json: given once, and config.json can be shown, kept in a repository and
replaced without them."""

from config.fill import SECRETS, named

_NETWORKS = "network.wifi"


def add(config, given, where=""):
    """Put what is `given` into `config`, both as parsed from JSON and of the same shape, where `config` has nothing or
    "". A network that `config` does not have is added. What is wrong with a value, fill() finds.

    ValueError for a field that is no secret: there would be two places to look for it."""
    if type(given) is not dict:
        raise ValueError("must be a {section}")
    for name in sorted(given):
        value, field = given[name], where + named(name)
        if field == _NETWORKS and type(value) is list:
            _add_networks(_part(config, name, []), value)
        elif type(value) is dict:
            add(_part(config, name, {}), value, field + ".")
        elif name in SECRETS:
            config[name] = config.get(name) or value
        else:
            raise ValueError("%s is no secret, it belongs into config.json" % field)


def _part(config, name, empty):
    """The part of `config` of this name, which is made if it is missing; another one if it is of a wrong kind, which
    fill() finds."""
    part = config.setdefault(name, empty)
    return part if type(part) is type(empty) else empty


def _add_networks(networks, given):
    for network in given:
        for other in networks:
            if type(other) is dict and type(network) is dict and other.get("ssid") == network.get("ssid"):
                other["password"] = other.get("password") or network.get("password", "")
                break
        else:
            networks.append(network)
