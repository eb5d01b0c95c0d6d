"""tools/shake.py: of a library stays what is called, and what that calls."""

import sys

from rooms import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from shake import shake  # noqa: E402

LIBRARY = '''import asyncio

class Server:
    kinds = ("a",)

    def __init__(self):
        self.routes = []

    def get(self, path):
        return self._route(path)

    def _route(self, path):
        return getattr(self, "_named")

    def _named(self):
        pass

    def start_server(self):
        self.run_for_ever()

    def run_for_ever(self):
        pass

    @classmethod
    def redirect(cls):
        return Moved()

class Moved:
    pass

redirect = Server.redirect
'''
USER = "import asyncio\nfrom library import Server\nServer().get(1)\nasyncio.start_server()\n"


def names(text):
    scope = {}
    exec(text, scope)
    return set(scope), set(vars(scope["Server"]))


def test_what_is_called_stays_and_nothing_else():
    (text,) = shake({"library.py": LIBRARY}, [USER]).values()
    outside, inside = names(text)
    assert {"get", "_route", "_named", "__init__"} <= inside
    assert not {"start_server", "run_for_ever", "redirect"} & inside and not {"Moved", "redirect"} & outside


def test_another_user_gets_what_it_calls():
    (text,) = shake({"library.py": LIBRARY}, [USER + "Server.redirect()\n"]).values()
    outside, inside = names(text)
    assert "redirect" in inside and "Moved" in outside and "run_for_ever" not in inside
