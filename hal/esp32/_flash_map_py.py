"""The plain twin of `_flash_map`: it shows what that does, and is never run on a board."""


def map_pages(table, first, count, control, state):
    """As `_flash_map.map_pages`, of lists of words."""
    for _ in range(100000):
        on, masks = control[0], control[1]
        if (state[0] >> 7) & 0xFFF == 1 and control[0] == on and control[1] == masks:
            control[0] = on & ~8
            for at in range(count):
                table[at] = first + at
            control[0] = on | 8
            control[1] = masks
            return 0
    return 1
