"""The firmware's version: shown to the CSMS, on the owner's page and in every build's manifest."""

VERSION = "0.1.0"
# When it was made, in UTC: a board that does not know the time starts its clock there. A build from a checkout puts the
# time of the last commit here if that is later.
BUILT = "2026-11-28T00:00:00Z"
