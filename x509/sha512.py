"""SHA-512 and SHA-384 (FIPS 180-4), which stock MicroPython has not. 0.1 s for 128 bytes on the chip: for certificates,
not for files."""

from micropython import const

_WORD = (1 << 64) - 1
_BLOCK = const(128)
_ROUNDS = const(80)


def digest(name, data):
    """The hash of `data` (bytes); `name`: "SHA384" or "SHA512"."""
    primes = _primes(_ROUNDS)
    constants = [_root(prime, 3) for prime in primes]
    state = [_root(prime, 2) for prime in (primes[:8] if name == "SHA512" else primes[8:16])]
    length = len(data)
    whole = length // _BLOCK * _BLOCK
    for at in range(0, whole, _BLOCK):
        _mix(state, data[at : at + _BLOCK], constants)
    last = bytes(data[whole:]) + b"\x80"
    last += bytes(-(len(last) + 16) % _BLOCK) + (8 * length).to_bytes(16, "big")
    for at in range(0, len(last), _BLOCK):
        _mix(state, last[at : at + _BLOCK], constants)
    return b"".join([word.to_bytes(8, "big") for word in state])[: 64 if name == "SHA512" else 48]


def _primes(count):
    found = []  # type: list[int]
    number = 2
    while len(found) < count:
        if all([number % prime for prime in found]):
            found.append(number)
        number += 1
    return found


def _root(prime, degree):
    """The first 64 bits behind the point of the square or cube root of `prime`: where all constants come from."""
    number = prime << 64 * degree
    root = 1 << 69  # more than that of any prime below 410
    while True:
        better = ((degree - 1) * root + number // root ** (degree - 1)) // degree
        if better >= root:
            return root & _WORD
        root = better


def _turned(word, bits):
    return word >> bits | word << 64 - bits


def _mix(state, block, constants):
    """Work the 128 bytes of `block` into the 8 words of `state`. Turned words may have bits beyond the 64th: what is
    added up is cut at the end."""
    words = [int.from_bytes(block[at : at + 8], "big") for at in range(0, _BLOCK, 8)]
    a, b, c, d, e, f, g, h = state
    for at in range(_ROUNDS):
        if at >= 16:
            low, high = words[(at + 1) % 16], words[(at + 14) % 16]
            low = _turned(low, 1) ^ _turned(low, 8) ^ low >> 7
            high = _turned(high, 19) ^ _turned(high, 61) ^ high >> 6
            words[at % 16] = words[at % 16] + low + words[(at + 9) % 16] + high & _WORD
        first = (_turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41)) + (e & f ^ ~e & g)
        first += h + constants[at] + words[at % 16]
        second = (_turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39)) + (a & b ^ a & c ^ b & c)
        h, g, f, e, d, c, b, a = g, f, e, d + first & _WORD, c, b, a, first + second & _WORD
    for at, word in enumerate((a, b, c, d, e, f, g, h)):
        state[at] = state[at] + word & _WORD
