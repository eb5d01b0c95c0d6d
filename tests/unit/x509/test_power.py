"""x509/power.py: what pow() gives, in steps."""

from x509.power import power

PRIME = (1 << 255) - 19


def test_powers_are_those_of_pow():
    for exponent in (0, 1, 2, 3, 17, 65537, PRIME - 2):
        for base in (1, 2, PRIME - 1, PRIME // 3):
            assert power(base, exponent, PRIME) == pow(base, exponent, PRIME), (base, exponent)


def test_an_inverse():
    assert power(12345, PRIME - 2, PRIME) * 12345 % PRIME == 1
