"""The tables of sessions fail when they should."""

import pytest
from status_table import Stage, transition


def test_ways_of_the_table():
    """1.6 4.9 with B6 of E 3.20."""
    assert transition("Available", "Preparing") == "A2"
    assert transition("Preparing", "Finishing") == "B6"
    assert transition("Faulted", "Unavailable") == "I8"
    with pytest.raises(AssertionError, match="not in the table"):
        transition("Preparing", "Unavailable")


@pytest.mark.parametrize(
    "line",
    [
        "plug | A3 Preparing",
        "plug | A6 Finishing",
        "plug | = Preparing",
        "card TAG | A2 Preparing",
        "fault GroundFailure | A9 Faulted OtherError",
        "fault PowerSwitchFailure | A9 Faulted PowerSwitchFailure",
        "ChangeAvailability 1 Inoperative: Scheduled | A8 Unavailable",
    ],
)
def test_a_line_that_is_wrong(csms, firmware, line):
    with pytest.raises(AssertionError) as failure:
        Stage(csms, firmware).play(line)
    assert "in 10 s" not in str(failure.value)
