"""The firmware's version: shown to the CSMS, on the owner's page and in every build's manifest."""

VERSION = "0.1.0"
