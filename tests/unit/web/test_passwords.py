"""HTTP Basic authentication: what is right, and who has to wait after wrong passwords, and for how long."""

import binascii

from web import passwords

ATTACKER, OWNER = "10.0.0.66", "10.0.0.1"


def basic(text):
    return binascii.b2a_base64(text.encode()).decode().strip()


def test_right_and_wrong():
    right = basic("owner:caf\u00e9 secret")

    def is_right(field):
        return passwords.is_right(field, "owner", "caf\u00e9 secret")

    for field in ("Basic " + right, "bAsIc " + right, "Basic   " + right + " "):
        assert is_right(field) is True
    for field in ("", "Basic", "Basic ", "Basic !!!!", "Basic =", "Basic " + right[:-3], "Basic " + right + "=", right,
                  "Bearer " + right, "Basic \u00e9", "Basic " + right + ", Basic " + right):
        assert is_right(field) is False, field
    for text in ("owner:", "owner", "", ":caf\u00e9 secret", "Owner:caf\u00e9 secret", "owner:caf\u00e9 secret "):
        assert is_right("Basic " + basic(text)) is False, text


def test_all_of_it_is_compared():
    """Time must not tell how much of a password is right, so one byte after the other is looked at, to the end."""
    looked = []

    class Hash:
        """In place of SHA-256."""

        def __init__(self, data):
            self.data = data

        def digest(self):
            for at in range(32):
                looked.append(at)
                yield self.data[at % len(self.data)]

    real, passwords.hashlib = passwords.hashlib, type("hashlib", (), {"sha256": Hash})
    try:
        for field in ("Basic " + basic("x"), "Basic " + basic("admin:secre"), "Basic " + basic("admin:secret")):
            looked.clear()
            passwords.is_right(field, "admin", "secret")
            assert len(looked) == 64, field
    finally:
        passwords.hashlib = real


def guesses(seen, addresses, seconds, each=10):
    """How many passwords are looked at in so many seconds, with `each` tries a second from each address."""
    looked = 0
    for now in range(seconds):
        for _ in range(each):
            for address in addresses:
                if not passwords.wait_s(seen, address, now):
                    passwords.count_wrong(seen, address, now)
                    looked += 1
    return looked


def test_five_wrong_ones_slow_an_address_down():
    seen, now, waits = {}, 100, []
    for number in range(1, 14):
        assert passwords.wait_s(seen, ATTACKER, now) == 0
        assert passwords.count_wrong(seen, ATTACKER, now) is (number == 5)
        waits.append(passwords.wait_s(seen, ATTACKER, now))
        now += waits[-1]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_try_that_comes_too_early_makes_it_no_longer():
    seen = {}
    for _ in range(5):
        passwords.count_wrong(seen, OWNER, 100)
    assert [passwords.wait_s(seen, OWNER, 100) for _ in range(1000)][-1] == 1
    assert passwords.wait_s(seen, OWNER, 101) == 0


def test_an_attack_from_one_address():
    """A day of it; the owner's own address does not wait at all."""
    seen = {}
    assert guesses(seen, [ATTACKER], 300) <= 15
    assert guesses({}, [ATTACKER], 86400, each=1) <= 86400 // 60 + 11
    assert passwords.wait_s(seen, OWNER, 302) == 0


def test_an_attack_from_many_addresses():
    """Two seconds for one guess of all together; who has given the right password before is not held up."""
    seen = {}
    passwords.note_right(seen, OWNER, 0)
    addresses = ["10.0.1.%d" % number for number in range(200)]
    assert 100 <= guesses(seen, addresses, 300, each=1) <= 160
    assert len(seen) <= 10
    assert passwords.wait_s(seen, OWNER, 300) == 0
    assert 0 < passwords.wait_s(seen, "10.0.0.2", 300) <= 2


def test_nobody_is_locked_out_for_ever():
    """The address of the attack itself is free a minute after it, and ten minutes after it nothing is left of it."""
    seen = {}
    guesses(seen, [ATTACKER], 1000)
    assert passwords.wait_s(seen, ATTACKER, 1000 + 60) == 0
    passwords.note_right(seen, ATTACKER, 1060)
    assert passwords.wait_s(seen, ATTACKER, 1060) == 0
    for _ in range(4):
        passwords.count_wrong(seen, ATTACKER, 1000 + 60 + 601)
    assert passwords.wait_s(seen, ATTACKER, 1661) == 0


def test_the_right_password_forgives_no_wrong_ones():
    """One who attacks from behind the owner's address, as a proxy's, is not let free by the owner's own requests."""
    seen, looked = {}, 0
    for now in range(600):
        if not passwords.wait_s(seen, OWNER, now):
            passwords.note_right(seen, OWNER, now)
            passwords.count_wrong(seen, OWNER, now)
            looked += 1
    assert looked <= 20


def test_memory_is_bounded_and_keeps_who_is_known():
    seen = {}
    for number in range(3):
        passwords.note_right(seen, "10.0.0.%d" % number, number)
    for number in range(1000):
        passwords.count_wrong(seen, "10.1.%d.%d" % (number // 256, number % 256), 10 + number)
    assert len(seen) <= 10 and ["10.0.0.%d" % number in seen for number in range(3)] == [True] * 3
    for number in range(1000):
        passwords.note_right(seen, "10.2.%d.%d" % (number // 256, number % 256), 2000 + number)
    assert len(seen) <= 10 and "10.2.3.231" in seen
