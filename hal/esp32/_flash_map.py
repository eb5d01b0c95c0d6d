"""Maps flash as machine code, which runs from memory; `_flash_map_py` is the same in plain Python."""

import micropython


@micropython.viper
def map_pages(table, first: int, count: int, control, state) -> int:
    """Let the `count` entries of the MMU's `table` show the pages of flash from `first` on. The cache is off meanwhile,
    so nothing may run that is in flash: interrupts are off, and no function is called. That is what ESP-IDF's
    cache_hal_suspend() and mmu_hal_map_region() do. 0, or 1 if the cache does not come to rest.

    `control`: the two registers that control the cache; `state`: the one that has its state. All are addresses, or
    arrays of words in a test."""
    words = ptr32(table)
    controls = ptr32(control)
    states = ptr32(state)
    for _ in range(100000):
        on = controls[0]
        masks = controls[1]
        # Read twice, for one processor may read such a register wrongly while the other one does (erratum 3.10).
        if (states[0] >> 7) & 0xFFF == 1 and controls[0] == on and controls[1] == masks:
            controls[0] = on & ~8
            for at in range(count):
                words[at] = first + at
            controls[0] = on | 8
            controls[1] = masks
            return 0
    return 1
