"""Out of service, reset, power cut, offline: what a connector tells of it (1.6 4.9, 5.2, 5.14, 5.18)."""

import pytest
from status_table import Stage

SESSIONS = {
    "a connector goes out of service and comes back": """
        ChangeAvailability 1 Inoperative: Accepted | A8 Unavailable
        ChangeAvailability 1 Inoperative: Accepted
        card TAG
        ChangeAvailability 1 Operative: Accepted   | H1 Available
        ChangeAvailability 1 Operative: Accepted
        plug                   | A2 Preparing
        ChangeAvailability 1 Inoperative: Accepted | B1 Available, A8 Unavailable
        ChangeAvailability 1 Operative: Accepted   | H2 Preparing
    """,
    "during a transaction": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        ChangeAvailability 1 Inoperative: Scheduled
        card TAG               | C6 Finishing                  | StopTransaction Local
        unplug                 | F8 Unavailable
        ChangeAvailability 1 Operative: Accepted   | H1 Available
    """,
    "during a transaction at a fixed cable": """
        with tethered
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ChangeAvailability 1 Inoperative: Scheduled
        unplug                 | D8 Unavailable                | StopTransaction EVDisconnected
    """,
    "taken back before the transaction ends": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ChangeAvailability 1 Inoperative: Scheduled
        ChangeAvailability 1 Operative: Accepted
        card TAG               | D6 Finishing                  | StopTransaction Local
        unplug                 | F1 Available
    """,
    "after the transaction": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        card TAG               | D6 Finishing                  | StopTransaction Local
        ChangeAvailability 1 Inoperative: Accepted
        unplug                 | F8 Unavailable
    """,
    "the whole charge point": """
        with two
        plug 2                 | 2: A2 Preparing
        card TAG               | 2: B4 SuspendedEV             | Authorize TAG, StartTransaction TAG
        ChangeAvailability 0 Inoperative: Scheduled | 0: A8 Unavailable, 1: A8 Unavailable
        unplug 2 | 2: D6 Finishing (EV side disconnected), 2: F8 Unavailable | StopTransaction EVDisconnected
        ChangeAvailability 0 Operative: Accepted | 0: H1 Available, 1: H1 Available, 2: H1 Available
    """,
    "a reset, and it is still out of service": """
        with two
        ChangeAvailability 2 Inoperative: Accepted | 2: A8 Unavailable
        Reset Soft: Accepted
        restarted | 0: boot Available, 1: boot Available, 2: boot Unavailable
        ChangeAvailability 0 Inoperative: Accepted | 0: A8 Unavailable, 1: A8 Unavailable
        Reset Hard: Accepted
        restarted | 0: boot Unavailable, 1: boot Unavailable, 2: boot Unavailable
    """,
    "scheduled over a reset": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ChangeAvailability 1 Inoperative: Scheduled
        Reset Soft: Accepted   | D6 Finishing                  | StopTransaction SoftReset
        restarted              | 0: boot Available, 1: boot Unavailable
    """,
    "unlocked during a transaction": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        UnlockConnector 1: Unlocked | C6 Finishing             | StopTransaction UnlockCommand
        unplug                 | F1 Available
    """,
    "unlocked without one": """
        UnlockConnector 1: Unlocked
        plug                   | A2 Preparing
        UnlockConnector 1: Unlocked
        UnlockConnector 2: NotSupported
    """,
    "a soft reset during a transaction, and the car stays": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        Reset Soft: Accepted   | C6 Finishing                  | StopTransaction SoftReset
        restarted              | 0: boot Available, 1: boot Available
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
    """,
    "a power cut during a transaction, and the car is still there": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        power_cut              | 0: boot Available, boot SuspendedEVSE
        plug                   | E4 SuspendedEV
        ev C                   | D3 Charging
        card TAG               | C6 Finishing                  | StopTransaction Local
    """,
    "only what holds is told after an outage": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        offline
        card TAG
        unplug
        plug
        online                 | online Preparing              | StopTransaction Local
    """,
    "nothing is told after an outage without a change": """
        plug                   | A2 Preparing
        offline
        unplug
        plug
        online
        unplug                 | B1 Available
    """,
    "a fault during an outage": """
        offline
        fault GroundFailure
        online                 | online Faulted GroundFailure (residual)
        fault none             | I1 Available
    """,
}


@pytest.mark.parametrize("session", SESSIONS)
def test_availability(csms, firmware, session):
    Stage(csms, firmware).play(SESSIONS[session])
