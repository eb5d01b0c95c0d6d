"""The plain twin of `_rms`, for interpreters that cannot load its machine code."""


def _root(square):
    root = 0
    bit = 1 << 28
    while bit:
        if square >= root + bit:
            square -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root


def rms(samples, count):
    """RMS of the first `count` of `samples` (array "H") without their mean, in 1/16 of their unit, rounded down."""
    total = 0
    for index in range(count):
        total += samples[index]
    mean = total // count
    total = squares = 0
    for index in range(count):
        value = samples[index] - mean
        total += value
        squares += value * value
    # The mean is rounded: take back what that adds.
    squares -= total**2 // count
    return _root(squares // count * 256 + squares % count * 256 // count)
