"""One connector: its IEC 61851-1 machine, faults, limits, self-test, and the loop that keeps all of them safe."""
