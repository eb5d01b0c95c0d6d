"""tools/chip.py without an emulator: what it makes of what an emulated board tells, sends and leaves behind."""

import json
import os
import struct
import subprocess
import sys

import pytest
from chip_modules import clock, heaps, image, powered
from limits import patient
from support import TOOLS

BOARD = bytes([192, 168, 4, 15])


def run_tool(**environment):
    known = {name: value for name, value in os.environ.items() if name not in ("QEMU_XTENSA", "ESP32_FIRMWARE")}
    return subprocess.run([sys.executable, TOOLS / "chip.py"], env={**known, **environment}, capture_output=True,
                          text=True, timeout=patient(6))


def test_without_an_emulator_it_is_skipped_in_one_line():
    done = run_tool()
    assert (done.returncode, done.stdout, done.stderr) == (
        0, "chip: skipped, there is no emulator: QEMU_XTENSA is not set\n", "")


def test_an_emulator_that_is_not_there_is_named():
    done = run_tool(QEMU_XTENSA="/nowhere/qemu")
    assert (done.returncode, done.stdout) == (
        0, "chip: skipped, there is no emulator: QEMU_XTENSA is no file: /nowhere/qemu\n")


def packet(ms, source, target, content, flags=0x18):
    """A line of a capture file: an Ethernet frame with a TCP segment; source and target are (address, port)."""
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(content), 0, 0, 64, 6, 0) + source[0] + target[0]
    tcp = struct.pack(">HHIIBBHHH", source[1], target[1], 0, 0, 0x50, flags, 0, 0, 0)
    data = (bytes(12) + b"\x08\x00" + ip + tcp + content)[: clock.CAPTURED]
    return struct.pack("<IIII", 946684800 + ms // 1000, ms % 1000 * 1000, len(data), len(data)) + data


HERE, THERE = (bytes([192, 168, 4, 2]), 9000), (BOARD, 50000)
PAGE = (bytes([192, 168, 4, 2]), 40000)


def read_capture(path, *packets):
    path.write_bytes(bytes(24) + b"".join(packets))
    return clock.ChipClock(path, "192.168.4.15")


def test_an_answer_takes_from_the_first_segment_there_to_the_last_one_back(tmp_path):
    packets = [packet(900, HERE, THERE, b""), packet(1000, HERE, THERE, b"call"), packet(1020, HERE, THERE, b"more"),
               packet(1030, THERE, HERE, b""), packet(1040, PAGE, THERE, b"GET"), packet(1100, THERE, HERE, b"an"),
               packet(1150, THERE, HERE, b"swer"), packet(1300, THERE, PAGE, b"HTTP"), packet(1400, THERE, HERE, b"")]
    read = read_capture(tmp_path / "air", *packets).read()
    assert clock.answer_time(read, lambda port: port == 9000) == 150
    assert clock.answer_time(read, lambda port: port != 9000) == 260
    assert clock.answer_time(read[:4], lambda port: port == 9000) is None


def test_a_capture_file_is_read_on_from_where_it_ended_within_a_packet(tmp_path):
    whole = packet(1000, HERE, THERE, b"one") + packet(2500, HERE, THERE, b"two")
    chip_clock = read_capture(tmp_path / "air", whole[:-5])
    assert [found.ms for found in chip_clock.read()] == [1000]
    (tmp_path / "air").write_bytes(bytes(24) + whole)
    assert [found.ms for found in chip_clock.read()] == [1000, 2500]


def test_the_port_to_which_the_board_opens_a_connection_is_seen(tmp_path):
    opened = read_capture(tmp_path / "air", packet(7, THERE, HERE, b"", flags=2), packet(9, HERE, THERE, b"", flags=18))
    assert [found.opens for found in opened.read()] == [9000, None]


def test_other_packets_only_have_a_time(tmp_path):
    arp = bytes(12) + b"\x08\x06" + bytes(28)
    line = struct.pack("<IIII", 946684801, 0, len(arp), len(arp)) + arp
    assert [(found.ms, found.peer) for found in read_capture(tmp_path / "air", line).read()] == [(1000, None)]


def test_heaps_of_a_status_are_taken_as_far_as_it_has_them():
    assert heaps.heap_of_status({"heap_free": 5}) == {}
    assert heaps.heap_of_status({"heap": {"booted": [1, 2]}}) == {}
    assert heaps.heap_of_status({"heap": {"free": 9, "idf_free": 8, "least": 3}}) == {
        "free": 9, "idf_free": 8, "least free": 3}
    assert heaps.heap_of_status({"heap": {"free": 9, "least": {"free": 2, "idf_largest": 1}}}) == {
        "free": 9, "least free": 2, "least idf_largest": 1}


def test_what_is_truly_free_is_without_the_block_of_esp_idf():
    assert heaps.heap_of_line("@heap 1092 93776 61232 44792 43008") == {
        "free": 50768, "used": 61232, "idf_free": 44792, "idf_largest": 43008}
    assert heaps.heap_of_line("@heap none left") == {} == heaps.heap_of_line("1092 INFO connected")


def test_the_least_of_all_is_kept():
    seen = heaps.Heaps()
    for heap in ({"free": 30000, "idf_free": 9000}, {"free": 10000, "least free": 8000}, {"free": 20000}, {}):
        seen.add(heap)
    assert seen.text() == "MicroPython truly free 20.0 kB (least 8.0), ESP-IDF free 9.0 kB (least 9.0)"


def test_lateness_is_the_worst_with_its_cause():
    late = heaps.Lateness()
    for worst, cause in ((7, "import"), (31, "TLS"), (9, "TLS")):
        late.add({"tick_max_ms": worst, "tick_cause": cause})
    assert late.text() == "at most 31 ms (tick_cause TLS)"


def test_the_spread_of_times():
    assert heaps.spread([]) == "none"
    assert heaps.spread([5.0, *[1.0] * 60, *[2.0] * 39]) == "100, median 1 ms, p99 2, worst 5"


@pytest.mark.parametrize("text", [
    "Traceback (most recent call last):", "MemoryError: memory allocation failed, allocating 9025 bytes",
    "Guru Meditation Error: Core  0 panic'ed (LoadProhibited)", "abort() was called at PC 0x400d1234 on core 0",
    "E (3210) task_wdt: Task watchdog got triggered"])
def test_these_lines_of_a_console_are_no_good(text):
    assert powered.is_fatal(text)


@pytest.mark.parametrize("text", ["rst:0x1 (POWERON_RESET),boot:0x12", "2676 INFO connecting to 192.168.4.2", ">>> ",
                                  "2751 WARNING no connection: [Errno 118] EHOSTUNREACH"])
def test_these_lines_of_a_console_are_good(text):
    assert not powered.is_fatal(text)


def test_an_excerpt_is_of_the_lines_around_or_of_the_last_ones_without_heaps():
    lines = ["line %d" % at for at in range(40)] + ["@heap 1 2 3 4 5"] * 3
    assert powered.excerpt(lines, 20).split() == " ".join(lines[17:29]).split()
    assert powered.excerpt(lines).split() == " ".join(lines[28:40]).split()


def test_a_flash_image_holds_micropython_and_the_files(tmp_path):
    files = {"main.py": b"print(1)", "config/config.json": b"{}", "firmware.a": bytes(range(256)) * 700}
    image.write_image(tmp_path / "flash.bin", b"MicroPython", files)
    flash = (tmp_path / "flash.bin").read_bytes()
    assert len(flash) == 4 << 20 and flash[0x1000:].startswith(b"MicroPython\xff")
    assert image.read_files(tmp_path / "flash.bin") == files


def test_a_blank_flash_has_no_file_system(tmp_path):
    image.write_image(tmp_path / "flash.bin", b"MicroPython")
    assert set((tmp_path / "flash.bin").read_bytes()[0x200000:]) == {0xFF}


def test_the_configuration_takes_the_place_of_the_built_one(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.json").write_text("{}")
    (tmp_path / "main.py").write_text("start()")
    files = image.built_files(tmp_path, {"web": {"port": 1}}, tell_heaps=True)
    assert json.loads(files["config/config.json"]) == {"web": {"port": 1}}
    assert files["main.py"].endswith(b"\nstart()") and b"@heap" in files["main.py"]
    assert image.built_files(tmp_path, {}, tell_heaps=False)["main.py"] == b"start()"
    files = image.built_files(tmp_path, {"board": {"type": "esp32-devkitc-v4"}}, tell_heaps=False)
    assert files["main.py"] == b"import chip_equipment\nstart()"
    assert files["chip_equipment.mpy"].startswith(b"M\x06")
