"""Readings of a signal that switches between two levels, as machine code; `_sample_py` is the same in plain Python."""

import micropython


@micropython.viper
def fill(read, wait, samples, count: int, seed: int) -> int:
    """Put `count` answers of read() (microvolts, below 4 V) into `samples` (array "H"), in units of 64 microvolts.

    Before each wait(us) is called with 0 to 31, chance from `seed`: readings at even distances might always miss the
    same part of a period. Returns the next seed. Nothing is checked here.
    """
    at = ptr16(samples)
    for index in range(count):
        seed = (seed * 69069 + 1) & 0xFFFFFF
        wait(seed >> 19)
        at[index] = int(read()) >> 6
    return seed


@micropython.viper
def extremes(samples, count: int, found):
    """Second highest and second lowest of the first `count` (2 or more) of `samples` into `found`, both arrays "H".

    The highest and the lowest may be a spike.
    """
    at = ptr16(samples)
    top = high = 0
    bottom = low = 0xFFFF
    for index in range(count):
        value = int(at[index])
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
    to = ptr16(found)
    to[0] = high
    to[1] = low
