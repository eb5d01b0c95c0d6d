"""boot.py opens the contactors before anything else can go wrong, whatever config.json says; nothing on a PC."""

import os
import sys

from helpers import folder, raises

_DEFAULT = [26, 25, 27]  # both contactors, then the pilot


class _Pin:
    """machine.Pin of an ESP32: records its calls, refuses the numbers that the real one refuses."""

    OUT = "out"
    told = []
    absent = ()

    def __init__(self, number, mode, value=None):
        if not 0 <= number < 34 or 5 < number < 12 or number in self.absent:
            raise ValueError("invalid pin")
        self.told.append((number, mode, value))


class _Machine:
    Pin = _Pin


def _run(machine=_Machine, opener=None):
    """Run boot.py as the board does; the names it leaves behind."""
    with open("boot.py") as file:
        source = file.read()
    before = sys.modules.get("machine")
    sys.modules["machine"] = machine
    names = {"open": opener} if opener else {}
    names["print"] = lambda *words: None
    home = os.getcwd()
    os.chdir(_root)
    try:
        exec(source, names)
    finally:
        os.chdir(home)
        del sys.modules["machine"]
        if before:
            sys.modules["machine"] = before
    return names


def _boot(config=None):
    """The GPIOs that boot.py switches off with these bytes in config/config.json, in this order."""
    global _root
    _root = folder("boot")
    if config is not None:
        os.mkdir(_root + "/config")
        with open(_root + "/config/config.json", "wb") as file:
            file.write(config)
    _Pin.told.clear()
    _run()
    assert all((mode, value) == ("out", 0) for _, mode, value in _Pin.told), _Pin.told
    return [number for number, _, _ in _Pin.told]


def _with(pins, module="wroom"):
    return _boot(b'{"board": {"module": "%s", "pins": {%s}}}' % (module.encode(), pins))


def test_without_a_config_contactors_open_and_pilot_low():
    assert _boot() == _DEFAULT


def test_a_pc_without_pins_goes_on():
    class NoPins:
        pass

    _boot()
    _Pin.told.clear()
    _run(NoPins)
    assert _Pin.told == []


def test_the_projects_config_has_the_default_map():
    with open("config/config.json", "rb") as file:
        assert _boot(file.read()) == _DEFAULT


def test_named_pins_replace_the_default_ones():
    assert _with(b'"contactor": 22') == [22, 25, 27]
    assert _with(b'"contactor":22 , "contactor_l2l3" :\n23\n, "pilot":\t4') == [22, 23, 4]
    assert _with(b'"pilot_high": 36, "pilot_low": 39, "proximity": 34, "residual": 32') == _DEFAULT


def test_each_connector_that_is_named():
    pins = b'"pilot_2": 4, "contactor_2": 16, "contactor_l2l3_2": 17'
    assert _with(pins) == [26, 16, 25, 17, 27, 4]


def test_what_is_not_a_pin_leaves_the_default():
    for value in (b'"22"', b"22.0", b"-1", b"-22", b"null", b"true", b"[22]", b'{"a": 22}', b"0x16", b"", b"9" * 3000):
        assert _with(b'"contactor": ' + value) == _DEFAULT, value


def test_a_pin_that_is_no_output_is_never_driven():
    for number in (1, 3, 6, 7, 8, 9, 10, 11, 20, 24, 28, 29, 30, 31, 34, 35, 36, 37, 38, 39, 40, 255):
        assert _with(b'"contactor": %d' % number) == _DEFAULT, number


def test_the_memory_of_a_wrover_is_never_driven():
    assert _with(b'"contactor": 16, "contactor_l2l3": 17') == [16, 17, 27]
    assert _with(b'"contactor": 16, "contactor_l2l3": 17', "wrover") == _DEFAULT


def test_a_pin_that_fails_keeps_no_other_closed():
    _Pin.absent = (26, 22)
    try:
        assert _boot() == [25, 27]
        assert _with(b'"contactor": 22') == [25, 27]
    finally:
        _Pin.absent = ()


def test_broken_json_still_names_its_pins():
    whole = b'{"board": {"pins": {"contactor": 22, "pilot": 4}}, "csms": {"url": "ws://h"}}'
    for broken in (whole[:-3], whole[1:], whole.replace(b"ws:", b'w"s:'), whole + b"}", b"\xef\xbb\xbf" + whole,
                   whole.replace(b"}", b",}"), whole.replace(b"ws", b"\xff\x00\xc3")):
        assert _boot(broken) == [22, 25, 4], broken
    assert _boot(whole[:40]) == [22, 25, 27]


def test_strange_files_leave_the_default_map():
    wide = b"".join(bytes((byte, 0)) for byte in b'{"board": {"pins": {"contactor": 22}}}')
    for strange in (b"", b"[]", b"null", b'"', b'"contactor', b'"contactor"', b'"contactor":', b"[" * 9000, b'"' * 9000,
                    b"\x00" * 9000, bytes(range(256)) * 20, wide, b"x" * 60000):
        assert _boot(strange) == _DEFAULT, strange[:40]


def test_a_folder_in_place_of_the_file():
    _boot()
    os.mkdir(_root + "/config")
    os.mkdir(_root + "/config/config.json")
    _Pin.told.clear()
    _run()
    assert [number for number, _, _ in _Pin.told] == _DEFAULT


def test_whatever_reading_the_file_raises():
    def fails(error):
        def opener(*arguments):
            raise error

        return opener

    for error in (OSError(5), MemoryError(), RuntimeError(), ValueError()):
        _Pin.told.clear()
        _run(opener=fails(error))
        assert [number for number, _, _ in _Pin.told] == _DEFAULT, error
    _Pin.told.clear()
    raises(KeyboardInterrupt, _run, _Machine, fails(KeyboardInterrupt()))
    assert [number for number, _, _ in _Pin.told] == _DEFAULT


def test_nothing_large_stays_for_main_py():
    _boot(b'{"board": {"pins": {"contactor": 22}}}')
    values = [value for name, value in _run().items() if name[:2] != "__"]
    assert not [value for value in values if isinstance(value, (list, bytes, str))]


_root = folder("boot")
