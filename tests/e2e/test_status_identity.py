"""What becomes of a session whose idTag the central system does not accept any more (1.6 3.5.4, 4.8, E 3.5, 3.17), and
of a card that was not shown at a certain connector (E 3.20)."""

import pytest
from status_table import Stage

REFUSED = """
        refuse StartTransaction Blocked
        plug                   | A2 Preparing
        card TAG               |                               | Authorize TAG, StartTransaction TAG
        until SuspendedEV
        ev C
        until Charging
        judge                  | B4 SuspendedEV, D3 Charging"""

SESSIONS = {
    "invalid, and the cable waits for its owner": f"""
        with StopTransactionOnInvalidId=true
        {REFUSED}, C6 Finishing | StopTransaction DeAuthorized
        card STRANGER          |                               | Authorize STRANGER
        card TAG
        unplug                 | F1 Available
    """,
    "invalid, and the car goes without the cable": f"""
        with StopTransactionOnInvalidId=true
        {REFUSED}, C6 Finishing | StopTransaction DeAuthorized
        unplug                 | = Finishing (EV side disconnected)
        card STRANGER          |                               | Authorize STRANGER
        card TAG               | F1 Available
    """,
    "invalid, and the cable is a fixed one": f"""
        with tethered StopTransactionOnInvalidId=true
        {REFUSED}, C6 Finishing | StopTransaction DeAuthorized
        card OTHER             | F2 Preparing, B3 Charging     | Authorize OTHER, StartTransaction OTHER
    """,
    "invalid, and only the energy stops": f"""
        with StopTransactionOnInvalidId=false
        {REFUSED}, C5 SuspendedEVSE
        ev B
        card TAG               | E6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "invalid, energy has stopped, the car goes": f"""
        with tethered StopTransactionOnInvalidId=false
        {REFUSED}, C5 SuspendedEVSE
        unplug                 | E1 Available                  | StopTransaction EVDisconnected
    """,
    "invalid, with a last portion": f"""
        with MaxEnergyOnInvalidId=5 StopTransactionOnInvalidId=true
        {REFUSED}, C6 Finishing | StopTransaction DeAuthorized
    """,
    "invalid, with a last portion, and only the energy stops": f"""
        with MaxEnergyOnInvalidId=5 StopTransactionOnInvalidId=false
        {REFUSED}, C5 SuspendedEVSE
        ChangeAvailability 1 Inoperative: Scheduled
        RemoteStopTransaction 1: Accepted | E6 Finishing       | StopTransaction Remote
    """,
    "invalid, before the car asks": """
        refuse StartTransaction Invalid
        plug                   | A2 Preparing
        card TAG               |                               | Authorize TAG, StartTransaction TAG
        until SuspendedEV
        judge                  | B4 SuspendedEV, D6 Finishing  | StopTransaction DeAuthorized
    """,
    "a card for the connector where a car comes": """
        with two
        card TAG               | 1: A2 Preparing               | Authorize TAG
        plug 2 | 1: B1 Available, 2: A2 Preparing, 2: B4 SuspendedEV | StartTransaction TAG
    """,
    "a card for the connector where a car waits": """
        with two
        plug 2                 | 2: A2 Preparing
        card TAG               | 2: B4 SuspendedEV             | Authorize TAG, StartTransaction TAG
        card OTHER             | 1: A2 Preparing               | Authorize OTHER
        plug 1                 | 1: B4 SuspendedEV             | StartTransaction OTHER
        card TAG               | 2: D6 Finishing               | StopTransaction Local
    """,
    "a card shown at one connector stays there": """
        with two
        card TAG 1             | 1: A2 Preparing               | Authorize TAG
        plug 2                 | 2: A2 Preparing
        plug 1                 | 1: B4 SuspendedEV             | StartTransaction TAG
    """,
    "a car that nobody authorized is not charged with the next card": """
        with two ConnectionTimeOut=1
        plug 1                 | 1: A2 Preparing, 1: B6 Finishing
        card TAG               | 2: A2 Preparing, 2: B1 Available | Authorize TAG
    """,
    "a remote start for no certain connector": """
        with two AuthorizeRemoteTxRequests=false
        RemoteStartTransaction TAG: Accepted | 1: A2 Preparing
        RemoteStartTransaction TWO 2: Accepted | 2: A2 Preparing
        RemoteStartTransaction MORE: Rejected
        plug 2                 | 2: B4 SuspendedEV             | StartTransaction TWO
        plug 1                 | 1: B4 SuspendedEV             | StartTransaction TAG
    """,
}


@pytest.mark.parametrize("session", SESSIONS)
def test_identity(csms, firmware, session):
    Stage(csms, firmware).play(SESSIONS[session])
