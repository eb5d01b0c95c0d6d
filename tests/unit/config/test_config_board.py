"""The sections board and connectors of config.json: meters, pilot, lock, sensors, card reader, free charging."""

from config_file import board, load_changes, mistake


def test_meter_fits_the_board():
    assert mistake({"connectors": [{"meter": {"type": "ct"}}]}) == (
        'connectors[0].meter.type is "ct", must be "sim" or "modbus" or "pulse" or "none"'
    )
    assert load_changes(board())["connectors"][0]["meter"]["type"] == "pulse"
    assert mistake(board(meter={"type": "sim"})).startswith('connectors[0].meter.type is "sim", must be "pulse" or ')
    for kind in ("cse7766", "hlw8012"):
        assert load_changes(board(meter={"type": kind}, phases=1))["connectors"][0]["meter"]["type"] == kind
        assert mistake(board(meter={"type": kind})) == (
            'connectors[0].meter.type is "%s", must be "pulse" or "modbus" or "ct" or "none"' % kind
        )


def test_each_meter_has_fields_of_its_own():
    def meter(phases=3, **fields):
        return load_changes(board(meter=fields, phases=phases))["connectors"][0]["meter"]

    assert meter() == {"type": "pulse", "pulses_per_kwh": 1000, "volts": 230}
    assert meter(type="ct", ma_per_v=50000, hertz=60) == {
        "type": "ct", "ma_per_v": 50000, "least_ma": 300, "volts": 230, "hertz": 60
    }
    bus = {"type": "modbus", "map": {}, "address": 1, "baudrate": 9600, "parity": "none", "volts": 230}
    assert meter(type="modbus") == dict(bus, model="sdm630")
    assert meter(1, type="modbus", address=7) == dict(bus, model="sdm120", address=7)
    assert meter(1, type="cse7766") == {"type": "cse7766", "shunt_uohm": 1000}
    assert meter(type="none") == {"type": "none"}
    assert mistake(board(meter={"address": 2})) == (
        "connectors[0].meter.address is unknown, known here: pulses_per_kwh, type, volts"
    )
    assert mistake(board(meter={"type": "modbus", "adress": 2})).endswith("did you mean address?")
    assert mistake(board(meter={"type": "modbus", "address": 248})) == (
        "connectors[0].meter.address is 248, must be 1 to 247"
    )
    assert mistake(board(meter={"type": "modbus", "model": "sdm999"})).startswith(
        'connectors[0].meter.model is "sdm999", must be "sdm120" or '
    )
    assert mistake(board(meter={"type": "modbus", "model": "sdm120", "map": {"energy": {"register": 1}}})) == (
        'connectors[0].meter.model is "sdm120", must be left out where there is a map'
    )
    assert mistake(board(meter={"type": "modbus", "map": []})) == (
        "connectors[0].meter.map is a [list], must be a {section}"
    )


def test_meters_on_one_bus():
    def bus(*meters):
        connectors = [{"meter": dict(meter, type="modbus")} for meter in meters]
        return {"board.type": "esp32-devkitc-v4", "connectors": connectors}

    two = load_changes(bus({"address": 1, "baudrate": 2400}, {"address": 2, "baudrate": 2400}))["connectors"]
    assert [connector["meter"]["address"] for connector in two] == [1, 2]
    assert mistake(bus({}, {})) == (
        "connectors[1].meter.address is 1, must be another than connectors[0].meter has"
    )
    assert mistake(bus({}, {"address": 2, "baudrate": 2400})) == (
        "connectors[1].meter.baudrate is 2400, must be the same for all meters, they share a bus"
    )
    assert mistake(bus({"parity": "even"}, {"address": 2})).startswith('connectors[1].meter.parity is "none", must be')


def test_pilot_and_lock_and_sensors():
    connector = load_changes(board(lock="solenoid", temperature="ds18b20"))["connectors"][0]
    assert (connector["lock"], connector["temperature"]) == ("solenoid", "ds18b20")
    assert load_changes(board())["connectors"][0]["temperature"] == "none"
    assert mistake(board(lock="magnet")) == (
        'connectors[0].lock is "magnet", must be true or false or "motor" or "solenoid"'
    )
    assert mistake(board(pilot={"reading": "fast"})) == (
        'connectors[0].pilot.reading is "fast", must be "peak" or "sampled"'
    )
    bounds = [10400, 7400, 4400, 1400, -1400, -9900]
    assert load_changes(board(pilot={"bounds_mv": bounds}))["connectors"][0]["pilot"]["bounds_mv"] == bounds
    assert mistake(board(pilot={"bounds_mv": [1, 2]})) == (
        "connectors[0].pilot.bounds_mv is [1, 2], must be a list of 6 to 6"
    )
    assert mistake(board(pilot={"bounds_mv": [1, 2, 3, 4, 5, 6]})) == (
        "connectors[0].pilot.bounds_mv is [1, 2, 3, 4, 5, 6], must be falling"
    )
    assert mistake(board(pilot={"bounds_mv": [14000] + bounds[1:]})) == (
        "connectors[0].pilot.bounds_mv[0] is 14000, must be -13000 to 13000"
    )
    assert mistake(board(temperature="hot")) == (
        'connectors[0].temperature is "hot", must be "none" or "ntc" or "ds18b20"'
    )


def test_what_the_box_has():
    assert load_changes({"board.reader": "pn532-i2c", "board.button": True})["board"]["reader"] == "pn532-i2c"
    assert mistake({"board.reader": "rfid"}).startswith('board.reader is "rfid", must be "none" or "mfrc522" or ')
    assert mistake({"board.indicator": {"type": "led"}}) == (
        'board.indicator.type is "led", must be "none" or "leds" or "pixels"'
    )
    assert mistake({"board.start_delay_s": 1801}) == "board.start_delay_s is 1801, must be 0 to 1800"
    assert mistake({"board.buzzer": True}) == 'board.buzzer is true, must be "text"'


def test_free_charging():
    config = load_changes({"connectors": [{"free": True}, {"free": True, "free_id_tag": "12345678901234567890"}, {}]})
    free = [(connector["free"], connector["free_id_tag"]) for connector in config["connectors"]]
    assert free == [(True, "FREE"), (True, "12345678901234567890"), (False, "FREE")]
    for id_tag in ("", "123456789012345678901", "\u00e9", "a\nb"):
        assert mistake({"connectors": [{"free_id_tag": id_tag}]}).startswith("connectors[0].free_id_tag is "), id_tag
    assert mistake({"connectors": [{"free": "yes"}]}) == 'connectors[0].free is "yes", must be true or false'
