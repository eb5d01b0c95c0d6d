"""Root mean square of ADC samples, its loops as machine code; `_rms_py` is the same in plain Python."""

import micropython


@micropython.viper
def _total(samples, count: int, mean: int) -> int:
    at = ptr16(samples)
    total = 0
    for index in range(count):
        total += int(at[index]) - mean
    return total


@micropython.viper
def _squares(samples, count: int, mean: int) -> int:
    at = ptr16(samples)
    total = 0
    for index in range(count):
        value = int(at[index]) - mean
        total += value * value
    return total


@micropython.viper
def _root(square: int) -> int:
    root = 0
    bit = 1 << 28  # the mean square is below 1 << 30
    while bit:
        if square >= root + bit:
            square -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root


def rms(samples, count):
    """RMS of the first `count` of `samples` (array "H") without their mean, in 1/16 of their unit, rounded down.

    Samples are 0 to 4095 and at most 500, so that all sums fit 32 bits. Nothing is checked here.
    """
    mean = _total(samples, count, 0) // count
    # The mean is rounded: take back what that adds.
    squares = _squares(samples, count, mean) - _total(samples, count, mean) ** 2 // count
    return _root(squares // count * 256 + squares % count * 256 // count)
