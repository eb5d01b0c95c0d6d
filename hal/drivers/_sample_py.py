"""The plain twin of `_sample`, for interpreters that cannot load its machine code."""


def fill(read, wait, samples, count, seed):
    """Put `count` answers of read() (microvolts, below 4 V) into `samples` (array "H"), in units of 64 microvolts."""
    for index in range(count):
        seed = (seed * 69069 + 1) & 0xFFFFFF
        wait(seed >> 19)
        samples[index] = read() >> 6
    return seed


def extremes(samples, count, found):
    """Second highest and second lowest of the first `count` (2 or more) of `samples` into `found`, both arrays "H"."""
    top = high = 0
    bottom = low = 0xFFFF
    for index in range(count):
        value = samples[index]
        if value > high:
            if value > top:
                high = top
                top = value
            else:
                high = value
        if value < low:
            if value < bottom:
                low = bottom
                bottom = value
            else:
                low = value
    found[0] = high
    found[1] = low
