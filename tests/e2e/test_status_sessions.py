"""The usual sessions, reported as 1.6 4.9 says: who comes first, who pauses, who ends it."""

import pytest
from status_table import Stage

SESSIONS = {
    "plug first": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        ev B                   | C4 SuspendedEV
        ev C                   | D3 Charging
        card TAG               | C6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "card first": """
        card TAG               | A2 Preparing                  | Authorize TAG
        plug                   | B4 SuspendedEV                | StartTransaction TAG
        card TAG               | D6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "remote first": """
        RemoteStartTransaction TAG 1: Accepted | A2 Preparing  | Authorize TAG
        plug                   | B4 SuspendedEV                | StartTransaction TAG
        ev C                   | D3 Charging
        RemoteStopTransaction 1: Accepted | C6 Finishing       | StopTransaction Remote
        unplug                 | F1 Available
    """,
    "remote with the car already there": """
        with AuthorizeRemoteTxRequests=false
        plug                   | A2 Preparing
        RemoteStartTransaction TAG: Accepted | B4 SuspendedEV  | StartTransaction TAG
        RemoteStopTransaction 1: Accepted | D6 Finishing       | StopTransaction Remote
        unplug                 | F1 Available
    """,
    "a car that asks before it is authorized": """
        ev C                   | A2 Preparing
        card TAG               | B3 Charging                   | Authorize TAG, StartTransaction TAG
        card TAG               | C6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "one session after the other without unplugging": """
        plug                   | A2 Preparing
        card ONE               | B4 SuspendedEV                | Authorize ONE, StartTransaction ONE
        card ONE               | D6 Finishing                  | StopTransaction Local
        card TWO               | F2 Preparing, B4 SuspendedEV  | Authorize TWO, StartTransaction TWO
        card TWO               | D6 Finishing                  | StopTransaction Local
        RemoteStartTransaction TAG 1: Accepted | F2 Preparing, B4 SuspendedEV | Authorize TAG, StartTransaction TAG
        RemoteStopTransaction 3: Accepted | D6 Finishing       | StopTransaction Remote
        unplug                 | F1 Available
    """,
    "the same card takes its claim back": """
        card TAG               | A2 Preparing                  | Authorize TAG
        card TAG               | B1 Available
        plug                   | A2 Preparing
        unplug                 | B1 Available
    """,
    "what does not last is left out": """
        with MinimumStatusDuration=2
        ev C
        card TAG               | A3 Charging                   | Authorize TAG, StartTransaction TAG
        card TAG               | C6 Finishing                  | StopTransaction Local
    """,
    "nobody plugs in": """
        with ConnectionTimeOut=1
        card TAG               | A2 Preparing, B1 Available    | Authorize TAG
        RemoteStartTransaction TAG: Accepted | A2 Preparing, B1 Available | Authorize TAG
    """,
    "nobody authorizes": """
        with ConnectionTimeOut=1
        plug                   | A2 Preparing, B6 Finishing
        card TAG               | F2 Preparing, B4 SuspendedEV  | Authorize TAG, StartTransaction TAG
        card TAG               | D6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "a card that is refused": """
        with ConnectionTimeOut=1
        refuse Authorize Blocked
        card BAD               |                               | Authorize BAD
        plug                   | A2 Preparing
        refuse Authorize Expired
        card BAD               | B6 Finishing                  | Authorize BAD
        refuse Authorize Invalid
        RemoteStartTransaction BAD 1: Accepted |               | Authorize BAD
        unplug                 | F1 Available
    """,
}


@pytest.mark.parametrize("session", SESSIONS)
def test_session(csms, firmware, session):
    Stage(csms, firmware).play(SESSIONS[session])
