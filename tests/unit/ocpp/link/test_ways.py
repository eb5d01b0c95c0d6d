"""Which way to the central system is tried, and what is left after each failure and each restart (white paper A01, A05,
A00.FR.004, 005)."""

from helpers import folder, raises, replaced
from link_world import Keys, section

from ocpp import events, log
from ocpp.link import ways
from ocpp.store import Store

KEY, NEW = "0123456789abcdef", "fedcba9876543210"


class Rpc:
    heard = False


class Link:
    """What ways.py needs of a Link."""

    def __init__(self):
        self.rpc = Rpc()
        self.refused = None


class Site:
    """A flash, and a charge point that starts on it as often as a story wants."""

    def __init__(self, url="ws://h", key=KEY, **first):
        self.store = Store(folder("ways"))
        self.url, self.key, self.first = url, key, first
        self.start()

    def start(self, **changes):
        for name, value in changes.items():
            setattr(self, name, value)
        self.link = Link()
        self.store = Store(self.store.path)
        self.link.csms, self.link.keys = section(self.url, self.key), Keys(0, self.store, **self.first)
        self.link.on_trial = self.link.told = None
        ways.begin(self.link)
        return self

    def ask(self, *new):
        """The central system has asked for this way, and the answer has left."""
        assert ways.save_now(self.link, [self.link.ways[0], list(new)])
        self.link.ways, self.link.tries = [self.link.ways[0], list(new)], 0

    def tried(self, outcome):
        """The way of the next try, which ends as `outcome` says: "fails", "refused", "silent" or "works"."""
        way = ways.choose(self.link)
        self.link.rpc.heard = outcome == "works"
        if outcome in ("works", "silent"):
            if self.link.on_trial:
                ways.settle(self.link)
        else:
            ways.failed(self.link, outcome == "refused")
        return way[:2]

    @property
    def shown(self):
        return self.link.keys.values["SecurityProfile"]


def started(url, key, first):
    return Site(url, key, **first)


class Told:
    """`with Told() as told`: the security events in the block, (kind, text) each."""

    def __enter__(self):
        log.configure("error")
        told = []
        self._replaced = replaced(events, tell=lambda kind, info="": told.append((kind, info)))
        self._replaced.__enter__()
        return told

    def __exit__(self, *error):
        self._replaced.__exit__(*error)


def test_the_first_profile_comes_from_config_json():
    """A00.FR.004: without ocpp.SecurityProfile from URL and key."""
    with replaced(ways, _check_start=lambda link: None):  # there are no certificates here
        for url, key, first, profile in (
            ("ws://h", "", None, 0),
            ("ws://h", KEY, None, 1),
            ("wss://h", KEY, None, 2),
            ("wss://h", "", None, 0),
            ("ws://h", KEY, "0", 0),
            ("ws://h", KEY, "1", 1),
            ("wss://h", KEY, "2", 2),
            ("wss://h", "", "3", 3),
            ("wss://h", KEY, "0", 0),
        ):
            site = Site(url, key, **({"SecurityProfile": first} if first else {}))
            assert site.link.ways == [[profile, None]] and site.shown == profile, (url, key, first)


def test_contradictions_are_one_line_for_the_owner():
    for url, key, first, words in (
        ("ws://h", KEY, "4", "ocpp.SecurityProfile: '4' is not an integer from 0 to 3"),
        ("ws://h", KEY, "x", "ocpp.SecurityProfile: 'x'"),
        ("wss://h", KEY, "1", "needs a csms.url that begins with ws://"),
        ("ws://h", KEY, "2", "needs a csms.url that begins with wss://"),
        ("ws://h", KEY, "3", "needs a csms.url that begins with wss://"),
        ("ws://h", "", "1", "ocpp.SecurityProfile: 1 needs csms.authorization_key"),
        ("wss://h", "", "2", "needs csms.authorization_key"),
    ):
        text = str(raises(ValueError, started, url, key, {"SecurityProfile": first}))
        assert words in text and KEY not in text, text
    text = str(raises(ValueError, started, "ws://h", KEY, {"AuthorizationKey": NEW}))
    assert "ocpp.AuthorizationKey is not csms.authorization_key" in text and KEY not in text and NEW not in text


def test_the_key_may_stand_among_the_keys():
    assert Site("ws://h", "", AuthorizationKey=KEY).link.csms["authorization_key"] == KEY


def test_a_way_that_works_takes_the_place_of_the_one_before():
    with Told() as told:
        site = Site()
        site.ask(1, NEW)
        assert site.tried("works") == [1, NEW] and site.link.ways == [[1, NEW]]
        assert site.start().link.ways == [[1, NEW]] and site.tried("fails") == site.tried("fails") == [1, NEW]
        assert [kind for kind, _ in told] == ["ReconfigurationOfSecurityParameters"]
        assert NEW not in repr(told)


def test_both_are_tried_in_turns_until_the_central_system_speaks():
    with Told() as told:
        site = Site(key="")
        site.ask(1, NEW)
        assert [site.tried(outcome)[0] for outcome in ("fails", "silent", "refused", "fails", "fails")] == [
            1,
            0,
            1,
            0,
            1,
        ]
        assert site.tried("works") == [0, None] and site.link.ways == [[0, None]] and site.shown == 0
        assert site.start().link.ways == [[0, None]]
        assert "did not work" in told[0][1]


def test_a_key_that_was_not_refused_stays():
    """A01.FR.03: the central system may have forgotten the old one by the next connection; it may be an old server of
    many that has taken it now."""
    with Told():
        site = Site()
        site.ask(1, NEW)
        assert [site.tried(outcome)[1] for outcome in ("fails", "works")] == [NEW, None]
        assert [site.tried(outcome)[1] for outcome in ("fails", "fails", "works")] == [NEW, None, NEW]
        assert site.link.ways == [[1, NEW]]


def test_a_key_that_was_refused_goes_when_the_old_one_works():
    with Told():
        site = Site()
        site.ask(1, NEW)
        assert [site.tried(outcome)[1] for outcome in ("refused", "works")] == [NEW, None]
        assert site.link.ways == [[1, None]] == site.start().link.ways


def test_a_crash_in_a_try_is_not_repeated_for_ever():
    """The way of before comes first after it."""
    with Told():
        site = Site(key="")
        site.ask(1, NEW)
        assert ways.choose(site.link)[0] == 1
        site.start()
        assert ways.choose(site.link)[0] == 0
        site.start()
        assert site.tried("fails") == [0, None] and site.tried("works") == [1, NEW]


def test_tries_do_not_wear_out_the_flash():
    with Told():
        site = Site(key="")
        site.ask(1, NEW)
        before = site.store.writes
        turns = [site.tried("fails")[0] for _ in range(1000)]
        assert turns == [1, 0] * 500 and site.store.writes - before < 10
        assert site.start().link.ways == [[0, None], [1, NEW]]


def test_what_the_owner_changes_counts():
    """A00.FR.005: by config.json, and by it alone, the security profile gets lower."""
    with Told():
        site = Site(SecurityProfile="0")
        site.ask(1, NEW)
        site.tried("works")
        assert site.start().link.ways == [[1, NEW]], "nothing was changed"
        assert site.start(url="ws://other").link.ways == [[1, NEW]]
        assert site.start(first={}).link.ways == [[1, NEW]], "URL and key make the same of it"
        assert site.start(first={"SecurityProfile": "0"}).link.ways == [[0, NEW]]
        site.ask(1, NEW)
        site.tried("works")
        assert site.start(key="another password").link.ways == [[1, None]]


def test_an_owner_who_follows_the_central_system_takes_nothing_back():
    """From ws to wss in csms.url, without ocpp.SecurityProfile, when it has asked for profile 3 before."""
    with Told(), replaced(ways, _check_start=lambda link: None):
        site = Site()
        site.ask(3, None)
        site.tried("works")
        assert site.start(url="wss://h").link.ways == [[3, None]]
        assert site.start(url="ws://h").link.ways == [[1, None]], "but back is lower"
