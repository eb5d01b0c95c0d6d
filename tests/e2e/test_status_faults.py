"""Faults and warnings in each phase of a session, and their end (1.6 4.9 A9 to I9 and I1 to I8, 7.6)."""

import pytest
from status_table import Stage

SESSIONS = {
    "at an empty connector": """
        fault GroundFailure    | A9 Faulted GroundFailure (residual)
        card TAG
        fault none             | I1 Available
    """,
    "before the transaction": """
        plug                   | A2 Preparing
        fault GroundFailure    | B9 Faulted GroundFailure (residual)
        fault none             | I2 Preparing
        unplug                 | B1 Available
    """,
    "between card and plug": """
        card TAG               | A2 Preparing                  | Authorize TAG
        fault GroundFailure    | B9 Faulted GroundFailure (residual)
        plug
        fault none             | I2 Preparing, B4 SuspendedEV  | StartTransaction TAG
    """,
    "while charging, and it goes on": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        fault OverVoltage      | C9 Faulted OverVoltage (grid)
        ev B
        fault none             | I4 SuspendedEV
        ev C                   | D3 Charging
        card TAG               | C6 Finishing                  | StopTransaction Local
    """,
    "while charging, and the driver gives up": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        fault GroundFailure    | C9 Faulted GroundFailure (residual)
        card TAG               |                               | StopTransaction Local
        fault none             | I6 Finishing
        unplug                 | F1 Available
    """,
    "after the transaction": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        fault HighTemperature  | D9 Faulted HighTemperature (heat)
        fault none             | I4 SuspendedEV
        card TAG               | D6 Finishing                  | StopTransaction Local
        fault HighTemperature  | F9 Faulted HighTemperature (heat)
        fault none             | I6 Finishing
        fault HighTemperature  | F9 Faulted HighTemperature (heat)
        unplug
        fault none             | I1 Available
    """,
    "of a connector out of service": """
        ChangeAvailability 1 Inoperative: Accepted | A8 Unavailable
        fault GroundFailure    | H9 Faulted GroundFailure (residual)
        fault none             | I8 Unavailable
        fault GroundFailure    | H9 Faulted GroundFailure (residual)
        ChangeAvailability 1 Operative: Accepted
        fault none             | I1 Available
    """,
    "a warning stops nothing": """
        fault WeakSignal       | = Available WeakSignal
        plug                   | A2 Preparing WeakSignal
        card TAG               | B4 SuspendedEV WeakSignal     | Authorize TAG, StartTransaction TAG
        fault none             | = SuspendedEV
        ev C                   | D3 Charging
        fault ReaderFailure    | = Charging ReaderFailure
        card TAG               | C6 Finishing ReaderFailure    | StopTransaction Local
        fault none             | = Finishing
    """,
    "a pilot line that is broken without a car": """
        fault EVCommunicationError | A9 Faulted OtherError (pilot)
        fault none             | I1 Available
        ChangeAvailability 1 Inoperative: Accepted | A8 Unavailable
        fault EVCommunicationError | H9 Faulted OtherError (pilot)
        fault none             | I8 Unavailable
    """,
    "one after the other": """
        fault GroundFailure    | A9 Faulted GroundFailure (residual)
        fault none             | I1 Available
        fault InternalError    | A9 Faulted InternalError
        fault OtherError       | = Faulted OtherError
        fault none             | I1 Available
    """,
    "a car that cannot be understood, before and after": """
        plug                   | A2 Preparing
        fault EVCommunicationError | = Preparing EVCommunicationError (pilot)
        fault none             | = Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        fault EVCommunicationError | D5 SuspendedEVSE EVCommunicationError (pilot)
        fault none             | E4 SuspendedEV
        card TAG               | D6 Finishing                  | StopTransaction Local
        fault EVCommunicationError | = Finishing EVCommunicationError (pilot)
        fault none             | = Finishing
    """,
    "a car that cannot be understood, while charging": """
        plug                   | A2 Preparing
        card TAG               | B4 SuspendedEV                | Authorize TAG, StartTransaction TAG
        ev C                   | D3 Charging
        fault EVCommunicationError | C5 SuspendedEVSE EVCommunicationError (pilot)
        ev B
        fault none             | E4 SuspendedEV
        ev C                   | D3 Charging
        card TAG               | C6 Finishing                  | StopTransaction Local
    """,
}


@pytest.mark.parametrize("session", SESSIONS)
def test_fault(csms, firmware, session):
    Stage(csms, firmware).play(SESSIONS[session])
