"""Points of the curves P-256 and P-384 (FIPS 186-4 D.1.2): y * y = x * x * x - 3 * x + b modulo a prime.

A point is (x, y), None at infinity. Inside a multiplication it is (X, Y, Z) with x = X / Z^2 and y = Y / Z^3, which
needs no division. The time depends on the numbers: fit for what is signed now and then (a request for a certificate),
not for what others can have signed, and measure, again and again. Keys of TLS are used by mbedTLS alone.
"""

import binascii

from micropython import const

from x509.power import power

_WINDOW = const(4)  # bits
_HALF = const(8)  # 1 << _WINDOW - 1

# size in bytes; p, b, n, and the base point.
_P256 = """32
ffffffff00000001000000000000000000000000ffffffffffffffffffffffff
5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296
4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"""
_P384 = """48
fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff
b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef
ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973
aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7
3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"""


class Curve:
    """`size` in bytes of a number, the `prime`, `b`, the order `n` and the `base` point."""

    def __init__(self, name):
        """`name`: "P-256" or "P-384"."""
        size, *numbers = (_P256 if name == "P-256" else _P384).split()
        self.size = int(size)
        self.prime, self.b, self.n, *base = [int.from_bytes(binascii.unhexlify(number), "big") for number in numbers]
        self.base = tuple(base)

    def point(self, content):
        """The point of these bytes, not compressed (SEC 1 2.3.4); None if it is none of the curve."""
        size = self.size
        if len(content) != 1 + 2 * size or content[0] != 4:
            return None
        x, y = int.from_bytes(content[1 : 1 + size], "big"), int.from_bytes(content[1 + size :], "big")
        if x >= self.prime or y >= self.prime or (y * y - (x * x - 3) * x - self.b) % self.prime:
            return None
        return x, y

    def content(self, point):
        """The bytes of a point, not compressed."""
        return b"\x04" + point[0].to_bytes(self.size, "big") + point[1].to_bytes(self.size, "big")

    def total(self, products):
        """The sum of the products of [(number, point)]; numbers from 0 to below n."""
        prime = self.prime
        parts = [(_digits(number, 8 * self.size), self._odd_multiples(point)) for number, point in products]
        x = y = z = 0
        for at in range(8 * self.size, -1, -1):
            if z:
                x, y, z = _doubled(x, y, z, prime)
            for digits, multiples in parts:
                digit = digits[at]
                if digit > _HALF:
                    other = multiples[16 - digit >> 1]
                    x, y, z = _added(x, y, z, other[0], prime - other[1], prime)
                elif digit:
                    other = multiples[digit >> 1]
                    x, y, z = _added(x, y, z, other[0], other[1], prime)
        return self._plain(x, y, z)

    def _plain(self, x, y, z):
        if not z:
            return None
        prime = self.prime
        inverse = power(z, prime - 2, prime)
        square = inverse * inverse % prime
        return x * square % prime, y * square * inverse % prime

    def _odd_multiples(self, point):
        """The points 1, 3, 5 and 7 times `point`."""
        prime = self.prime
        twice = self._plain(*_doubled(point[0], point[1], 1, prime))
        found = [point]
        for _ in range(3):
            last = found[-1]
            found.append(self._plain(*_added(last[0], last[1], 1, twice[0], twice[1], prime)))
        return found


def _digits(number, bits):
    """The non-adjacent form of `number` with a window of 4 bits: a digit for each bit, 0 or odd from -7 to 7, negative
    ones plus 16; the lowest first."""
    digits = bytearray(bits + 1)
    at = 0
    while number:
        if number & 1:
            digit = number & 15
            digits[at] = digit
            number -= digit if digit < _HALF else digit - 16
        number >>= 1
        at += 1
    return digits


def _doubled(x, y, z, prime):
    """Twice the point (x, y, z)."""
    zsquare = z * z % prime
    ysquare = y * y % prime
    beta = x * ysquare % prime
    alpha = 3 * (x - zsquare) * (x + zsquare) % prime
    new = (alpha * alpha - 8 * beta) % prime
    return new, (alpha * (4 * beta - new) - 8 * ysquare * ysquare) % prime, 2 * y * z % prime


def _added(x, y, z, other_x, other_y, prime):
    """The sum of the points (x, y, z), z 0 at infinity, and (other_x, other_y)."""
    if not z:
        return other_x, other_y, 1
    zsquare = z * z % prime
    run = (other_x * zsquare - x) % prime
    rise = (other_y * zsquare * z - y) % prime
    if not run:
        return (0, 0, 0) if rise else _doubled(x, y, z, prime)
    area = run * run % prime
    volume = area * run % prime
    shift = x * area % prime
    new = (rise * rise - volume - 2 * shift) % prime
    return new, (rise * (shift - new) - y * volume) % prime, z * run % prime
