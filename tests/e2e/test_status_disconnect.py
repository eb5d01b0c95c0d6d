"""The car goes in the middle of a transaction (1.6 4.9, 4.10, 9.1.23, 9.1.33): socket and fixed cable."""

import pytest
from status_table import Stage

CHARGING = """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
"""

SESSIONS = {
    "the cable is given back": """
        with StopTransactionOnEVSideDisconnect=true UnlockConnectorOnEVSideDisconnect=true
        charging
        unplug | C6 Finishing (EV side disconnected), F1 Available | StopTransaction EVDisconnected
    """,
    "the cable is kept for its owner": """
        with StopTransactionOnEVSideDisconnect=true UnlockConnectorOnEVSideDisconnect=false
        charging
        unplug                 | C6 Finishing (EV side disconnected) | StopTransaction EVDisconnected
        card STRANGER          |                               | Authorize STRANGER
        card TAG               | F1 Available
    """,
    "a fixed cable": """
        with tethered StopTransactionOnEVSideDisconnect=true
        charging
        unplug                 | C1 Available                  | StopTransaction EVDisconnected
    """,
    "a car that had paused": """
        with tethered
        charging
        ev B                   | C4 SuspendedEV
        unplug                 | D1 Available                  | StopTransaction EVDisconnected
    """,
    "the transaction waits for the car": """
        with StopTransactionOnEVSideDisconnect=false UnlockConnectorOnEVSideDisconnect=true
        charging
        unplug                 | C4 SuspendedEV (EV side disconnected)
        ev C                   | = SuspendedEV, D3 Charging
        card TAG               | C6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "the transaction waits, and its owner ends it without the car": """
        with StopTransactionOnEVSideDisconnect=false UnlockConnectorOnEVSideDisconnect=false
        charging
        unplug                 | C4 SuspendedEV (EV side disconnected)
        card STRANGER          |                               | Authorize STRANGER
        card TAG               | D6 Finishing (EV side disconnected), F1 Available | StopTransaction Local
    """,
    "the transaction waits at a fixed cable": """
        with tethered StopTransactionOnEVSideDisconnect=false
        charging
        unplug                 | C4 SuspendedEV (EV side disconnected)
        RemoteStopTransaction 1: Accepted | D1 Available       | StopTransaction Remote
    """,
}


@pytest.mark.parametrize("session", SESSIONS)
def test_disconnect(csms, firmware, session):
    Stage(csms, firmware).play(SESSIONS[session].replace("charging\n", CHARGING.strip() + "\n", 1))
