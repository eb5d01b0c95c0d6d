"""The parts of a charge point but meters and card readers, each behind the pins it is wired to."""
