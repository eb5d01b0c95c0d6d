"""What is made once, from the configuration: board, EVSEs, the fields of BootNotification."""

from hal.evse import Evse


def make_board(config):
    """The board that the configuration names; ValueError if this build has none such."""
    section = config["board"]
    if section["type"] != "sim":
        raise ValueError("board.type: %r is not in this build, only 'sim'" % section["type"])
    from hal import sim

    return sim.Board(config["connectors"], section["max_current"])


def make_evses(config, board):
    """The EVSE of each connector."""
    evses = []
    for number, section in enumerate(config["connectors"]):
        socket = section["cable"] == "socket"
        evse = Evse(board.connectors[number], number + 1, section["phases"], section["max_current"] * 10, socket)
        evse.set_limit("board", config["board"]["max_current"] * 10)
        evses.append(evse)
    return evses


def boot_payload(section, version):
    """BootNotification.req from the section charge_point; what is empty is left out (1.6 6.3)."""
    fields = (
        ("chargePointVendor", section["vendor"]),
        ("chargePointModel", section["model"]),
        ("chargePointSerialNumber", section["serial_number"]),
        ("chargeBoxSerialNumber", section["box_serial_number"]),
        ("firmwareVersion", section["firmware_version"] or version),
    )
    return {name: value for name, value in fields if value}
