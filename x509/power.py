"""Powers modulo a number. MicroPython's pow() is one call in C, 177 ms on an ESP32 with 3,072 bits, in which the safety
loop would wait; here it runs between the products, of which one takes 10 ms.
"""


def power(base, exponent, modulus):
    """`base` to the power of `exponent`, 0 or more, modulo `modulus`."""
    result = 1
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        exponent >>= 1
        if exponent:
            base = base * base % modulus
    return result
