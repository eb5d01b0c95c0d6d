"""Three walks through the code, as docs/architecture.md names them: each file that a message, a card or a limit passes,
in their order. The test follows them by the imports; where one file hands something to another at the start, the line
that does so is named. What only lends a value is left out: log, memory, errors, clock, constants, frames, meters."""

import re

import pytest
from rooms import ROOT, imported, modules, tree

# Of each walk its files, and for those that no earlier one imports: (file, text in it) that hands them over.
CALL = (
    ("ocpp/websocket/__init__.py", None),  # the reader task; at the end the answer leaves
    ("ocpp/websocket/reading.py", None),  # frames become a message
    ("ocpp/rpc/__init__.py", ("ocpp/link/__init__.py", "connecting.connect(self, self.rpc.receive)")),
    ("ocpp/rpc/receiving.py", None),  # a CALL is queued
    ("strict_json.py", None),
    ("ocpp/rpc/answering.py", None),  # finds who handles it
    ("ocpp/schema/checking.py", None),
    ("profiles/core/calls/change_configuration.py",
     ("ocpp/rpc/answering.py", '"profiles.%s.calls.%s" % (profile.folder, file)')),
    ("ocpp/keys/key_values.py", None),  # the value is checked
    ("ocpp/store/records.py", None),  # and on flash
)
CARD = (
    ("profiles/core/__init__.py", None),  # the task that waits for cards
    ("profiles/core/card_presented.py", None),
    ("profiles/core/authorization.py", None),
    ("profiles/core/cache.py", None),
    ("profiles/core/connector.py", None),  # has the session that is claimed
    ("profiles/core/session.py", None),
    ("profiles/core/transactions.py", None),  # the transaction begins
    ("ocpp/outbox/__init__.py", ("ocpp/engine/start.py", "Outbox(store, ")),
    ("ocpp/outbox/journal_lines.py", None),  # its start message is on flash
    ("ocpp/outbox/delivery.py", None),
    ("profiles/core/transaction_messages.py", None),  # and becomes StartTransaction.req
    ("ocpp/rpc/__init__.py", ("ocpp/engine/start.py", "engine.spawn(engine.outbox.run, engine.rpc.call, ")),
    ("ocpp/schema/checking.py", ("ocpp/schema/__init__.py", "from ocpp.schema import checking")),
    ("ocpp/websocket/__init__.py", ("ocpp/link/__init__.py", "self.rpc.send = socket.send")),
)
LIMIT = (
    ("profiles/smart_charging/calls/set_charging_profile.py", None),
    ("profiles/smart_charging/stored.py", None),  # the profile is on flash
    ("profiles/smart_charging/__init__.py", ("profiles/smart_charging/calls/set_charging_profile.py", ".changed()")),
    ("profiles/smart_charging/limits.py", None),
    ("profiles/smart_charging/shares.py", None),
    ("hal/evse/facts.py", ("app/hardware.py", "EvseFacts(evse)")),
    ("hal/evse/machine.py", ("app/hardware.py", "from hal.evse.machine import Evse")),
    ("hal/evse/limits.py", None),  # the lowest limit counts
    ("hal/evse/pilot.py", None),  # the duty cycle
)
WALKS = {"call": (CALL, 10), "card": (CARD, 14), "limit": (LIMIT, 9)}
KNOWN = modules()
NAMES = {path: name for name, path in KNOWN.items()}


def imports(path):
    return {name for name, _ in imported(tree(path), KNOWN)}


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_is_short(name):
    walk, most = WALKS[name]
    assert len({path for path, _ in walk}) == len(walk) <= most


@pytest.mark.parametrize("name", WALKS)
def test_each_file_of_a_walk_follows_from_those_before(name):
    walk, _ = WALKS[name]
    before, bad = set(), []
    for path, handed in walk:
        if handed:
            giver, text = handed
            if text not in (ROOT / giver).read_text():
                bad.append("%s does not hand over %s" % (giver, path))
        elif before and not any(NAMES[path] in imports(other) for other in before):
            bad.append("nothing before %s imports it" % path)
        before.add(path)
    assert bad == []


@pytest.mark.parametrize("name", WALKS)
def test_the_architecture_names_the_files_of_a_walk_in_their_order(name):
    document = (ROOT / "docs" / "architecture.md").read_text()
    (part,) = [part for part in document.split("\n## ") if part.startswith("A %s\n" % name.replace("call", "CALL"))]
    named = re.findall(r"^\d+\. `([\w/.]+\.py)`", part, re.MULTILINE)
    assert named == [path for path, _ in WALKS[name][0]]
