"""What docs/wiring.md and its drawings say of voltages is that of the code: front end, proximity, interlock."""

from hal.drivers.peak_pilot import GAIN_PERMILLE, ZERO_MV
from hal.drivers.proximity import Proximity
from hal.evse.pilot import BOUNDS

with open("docs/wiring.md") as file:
    WIRING = file.read().split("\n")


def rows(header):
    """The cells of each row of the table with this header."""
    at = WIRING.index(header) + 2
    while WIRING[at][:1] == "|":
        yield [cell.strip() for cell in WIRING[at].strip("|").split("|")]
        at += 1


def numbers(cells):
    """The number with which each cell but the first begins."""
    return [int(cell.split()[0]) for cell in cells[1:]]


def test_the_front_end():
    shown = numbers(list(rows("| pilot | +13 | +12 (A) | +9 (B) | +6 (C) | +3 (D) | 0 (E) | -12 (F) | -13 V |"))[0])
    for millivolts, pin in zip((13000, 12000, 9000, 6000, 3000, 0, -12000, -13000), shown):
        assert abs((pin - ZERO_MV) * GAIN_PERMILLE // 1000 - millivolts) <= 12, millivolts
        assert 150 <= pin <= 2450
    # 200 k from the pilot, 43 k to 3.3 V, 33 k to ground
    total = 1 / 200 + 1 / 43 + 1 / 33
    assert abs(3300 / 43 / total - ZERO_MV) < 1 and abs(200 * total * 1000 - GAIN_PERMILLE) < 10


def test_the_cables():
    class Adc:
        def read_uv(self):
            return self.millivolts * 1000

    adc = Adc()
    header = "| cable | 13 A | 20 A | 32 A | 63 A |"
    ratings = numbers([cell.strip() for cell in header.strip("|").split("|")])
    resistors, pins = [numbers(row) for row in rows(header)]
    for rating, ohms, pin in zip(ratings, resistors, pins):
        assert abs(3300 * ohms / (1000 + ohms) - pin) < 1
        adc.millivolts = pin
        assert Proximity(adc).deciamps() == rating * 10


def test_the_window_of_the_interlock():
    with open("docs/interlock.svg") as file:
        drawing = file.read()
    text = " ".join(WIRING)
    for bound, volts in ((BOUNDS[1], "7.5"), (BOUNDS[2], "4.5"), (BOUNDS[3], "1.5")):
        shown = "%d mV (%s V)" % (ZERO_MV + bound * 1000 // GAIN_PERMILLE, volts)
        assert shown in text and shown in drawing, shown
