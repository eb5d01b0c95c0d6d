"""The wiring that README describes is that of the code: pins, front end, window of the interlock."""

from hal import board
from hal.colours import _SCHEME
from hal.pilot import BOUNDS
from hal.pilot_reader import GAIN_PERMILLE, ZERO_MV

with open("README.md") as file:
    README = file.read().split("\n")


def _rows(header):
    """The cells of each row of the table with this header."""
    at = README.index(header) + 2
    while README[at][:1] == "|":
        yield [cell.strip() for cell in README[at].strip("|").split("|")]
        at += 1


def _table(module):
    """name -> GPIO, 0 for -1 and where a WROVER has none, of all that the code knows."""
    tables = [board._CONNECTOR, board._RS485[module]]
    tables += list(board._TEMPERATURE.values()) + list(board._INDICATOR.values())
    for _, choices in board._PARTS + board._BOX:
        tables += list(choices.values())
    found = {}
    for entry in " ".join(tables).split():
        name, number, _ = entry.split(":")
        taken = module == "wrover" and number in ("16", "17")
        found[name] = "-" if number == "-1" or taken else number
    return found


def test_the_table_of_pins():
    for column, module in ((1, "wroom"), (2, "wrover")):
        told = {}
        for cells in _rows("| pin | WROOM | WROVER | |"):
            for name in cells[0].split(", "):
                told[name.strip("`")] = cells[column]
        known = _table(module)
        for name in ("ct_l2", "ct_l3"):  # in the row of ct
            assert known.pop(name) == "-"
        assert told == known


def test_the_front_end():
    rows = list(_rows("| pilot | +13 | +12 (A) | +9 (B) | +6 (C) | +3 (D) | 0 (E) | -12 (F) | -13 V |"))
    pins = [int(cell.split()[0]) for cell in rows[0][1:]]
    for millivolts, pin in zip((13000, 12000, 9000, 6000, 3000, 0, -12000, -13000), pins):
        assert abs((pin - ZERO_MV) * GAIN_PERMILLE // 1000 - millivolts) <= 12, millivolts
        assert 150 <= pin <= 2450
    # 200 k from the pilot, 43 k to 3.3 V, 33 k to ground
    total = 1 / 200 + 1 / 43 + 1 / 33
    assert abs(3300 / 43 / total - ZERO_MV) < 1 and abs(200 * total * 1000 - GAIN_PERMILLE) < 10


def test_the_window_of_the_interlock():
    text = " ".join(README)
    for bound, volts in ((BOUNDS[1], "7.5"), (BOUNDS[2], "4.5"), (BOUNDS[3], "1.5")):
        pin = ZERO_MV + bound * 1000 // GAIN_PERMILLE
        assert "%d mV (%s V)" % (pin, volts) in text, pin


def test_the_colours():
    """Each status of the light is in the table."""
    text = " ".join([cell for row in _rows("| light | |") for cell in row])
    for entry in _SCHEME.split():
        name = entry.split("=")[0]
        assert name in text or name in ("Authorizing", "Offline"), name
