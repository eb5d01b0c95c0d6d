import gc
import sys
from time import ticks_diff

from hal.meter import maps
from hal.meter.modbus import Bus
from hal.meter.registers import RegisterMeter
from meter_wire import Line, Slave, checksum, frame, run

# Volts, amperes, watts, Hz and kWh as an SDM630 shows them.
SDM630 = {0: 230.2, 2: 229.94, 4: 231.06, 6: 15.96, 8: 16.04, 10: 0.0, 52: 7362.4, 70: 49.98, 72: 1234.567}
KEPT = ([160, 160, 0], [2302, 2299, 2311], 4998, 7362, 1234567)


def sdm630(**kwargs):
    slave = Slave(1, SDM630)
    line = Line(slave)
    return slave, line, RegisterMeter(Bus(line, line), 1, maps.named("sdm630"), **kwargs)


def values(meter):
    return meter.currents, meter.voltages, meter.frequency, meter.power_w, meter.energy_wh


def test_simulated_meter_speaks_as_in_the_manual():
    # SDM630 Modbus protocol: volts of phase 1, 230.2 V.
    assert checksum(b"123456789") == b"\x37\x4b"
    request = b"\x01\x04\x00\x00\x00\x02\x71\xcb"
    assert Slave(1, SDM630).hear(request) == b"\x01\x04\x04\x43\x66\x33\x33" + checksum(b"\x01\x04\x04\x43\x66\x33\x33")
    assert Slave(2, SDM630).hear(request) == b""


def test_asks_for_neighbours_at_once_and_takes_the_values():
    slave, line, meter = sdm630()
    assert (meter.ok, meter.stale, meter.energy_wh) == (False, True, 0)
    run(line, [meter], 900)
    assert [data for _, data in line.sent] == [frame(b"\x01\x04\x00\x00\x00\x0c"), frame(b"\x01\x04\x00\x34\x00\x16")]
    assert values(meter) == KEPT
    assert (meter.ok, meter.stale, meter.error) == (True, False, None)
    assert line.faults == []


def test_asks_again_every_second():
    slave, line, meter = sdm630()
    run(line, [meter], 10000)
    assert 16 <= len(slave.asked) <= 20
    slave.set({52: 11.5, 72: 1234.6})
    run(line, [meter], 1200)
    assert (meter.power_w, meter.energy_wh) == (12, 1234600)


def test_line_is_quiet_between_frames():
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    answered = 8 * 10 // 9 + 6 + 29 * 10 // 9  # question, turnaround, answer at 9600 baud
    assert ticks_diff(line.sent[1][0], line.sent[0][0]) >= answered + 4


def test_one_phase_meters():
    for name in ("sdm120", "sdm230"):
        slave = Slave(7, {0: 231.5, 6: 31.94, 12: 7394.0, 70: 50.02, 72: 0.999})
        line = Line(slave)
        meter = RegisterMeter(Bus(line), 7, maps.named(name), phases=1)
        line.de.append((line.now, 1))
        run(line, [meter], 900)
        assert slave.asked == [(4, 0, 14), (4, 70, 4)]
        assert values(meter) == ([319], [2315], 5002, 7394, 999)


def test_sdm72_measures_neither_currents_nor_voltages():
    line = Line(Slave(1, {52: 6900.0, 72: 12.0}))
    meter = RegisterMeter(Bus(line, line), 1, maps.named("sdm72"), phases=3)
    run(line, [meter], 900)
    # Shared alike at 230 V: 6900 / 3 / 230 = 10.0 A.
    assert values(meter) == ([100, 100, 100], [], None, 6900, 12000)
    assert meter.ok


def test_second_sdm72_has_the_registers_of_the_sdm630():
    assert maps.named("sdm72v2") == maps.named("sdm630")


def test_power_fed_back_is_negative():
    slave, line, meter = sdm630()
    slave.set({52: -1200.6})
    run(line, [meter], 900)
    assert meter.power_w == -1201


def test_fewer_phases_than_the_meter_has():
    slave, line, meter = sdm630(phases=1)
    run(line, [meter], 900)
    assert (meter.currents, meter.voltages) == ([160], [2302])


def test_silence_keeps_the_values_as_stale_until_it_answers():
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    slave.spoil = lambda answer: b""
    count = len(line.sent)
    run(line, [meter], 2000)
    # Three times, then a second's rest.
    assert len(line.sent) == count + 3
    assert (meter.ok, meter.stale, meter.error) == (False, True, "no answer")
    assert values(meter) == KEPT
    slave.spoil = None
    run(line, [meter], 2000)
    assert meter.ok and meter.error is None and not meter.stale
    assert line.faults == []


def spoiled(spoil):
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    slave.set({0: 1.0, 6: 99.0, 52: 9.0, 72: 9999.0})
    slave.spoil = spoil
    run(line, [meter], 3000)
    assert not meter.ok and values(meter) == KEPT
    error = meter.error
    slave.spoil = None
    run(line, [meter], 3000)
    assert meter.ok and meter.energy_wh == 9999000
    return error


def test_wrong_answers_are_refused():
    def flipped(answer):
        return answer[:5] + bytes((answer[5] ^ 1,)) + answer[6:]

    def changed(at, byte):
        return lambda answer: frame(answer[:at] + bytes((byte,)) + answer[at + 1 : -2])

    assert spoiled(flipped) == "wrong CRC"
    assert spoiled(lambda answer: answer[:-1]) == "no answer"
    assert spoiled(lambda answer: answer[:1]) == "no answer"
    assert spoiled(lambda answer: b"\x00" + answer) == "wrong CRC"
    assert spoiled(lambda answer: b"\xa5" * 200) == "wrong CRC"
    assert spoiled(changed(0, 2)) == "another slave answered"
    assert spoiled(changed(1, 3)) == "another question was answered"
    assert spoiled(changed(2, 4)) == "another question was answered"


def test_exception_answers_are_told():
    assert spoiled(lambda answer: frame(b"\x01\x84\x02")) == "exception 2"
    assert spoiled(lambda answer: frame(b"\x01\x84\x02") + b"more") == "exception 2"
    assert spoiled(lambda answer: b"\x01\x84\x02\x00\x00") == "wrong CRC"


def test_a_number_that_is_none_is_refused():
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    for words in ((0x7FC0, 0), (0x7F80, 0), (0xFFFF, 0xFFFF)):
        slave.words[72], slave.words[73] = words
        run(line, [meter], 1500)
        assert (meter.ok, meter.error, meter.energy_wh) == (False, "not a number", 1234567)


def test_one_disturbance_costs_one_retry():
    slave, line, meter = sdm630()
    wrong = [1]
    slave.spoil = lambda answer: answer[:-1] + b"\x00" if wrong and wrong.pop() else answer
    run(line, [meter], 900)
    assert meter.ok and values(meter) == KEPT and len(line.sent) == 3


def test_noise_between_questions_is_thrown_away():
    slave, line, meter = sdm630()
    for _ in range(8):
        line.noise(b"\x01\x04\x18\x00")
        run(line, [meter], 500)
    assert meter.ok and values(meter) == KEPT


def test_line_that_never_finishes_sending_is_let_go():
    slave, line, meter = sdm630()
    line.txdone = lambda: False
    run(line, [meter], 1700)
    assert (meter.ok, meter.error) == (False, "no answer")
    assert line.de[-1][1] == 0


def test_two_meters_share_a_line_and_a_dead_one_does_not_stop_the_other():
    one, two = Slave(1, SDM630), Slave(2, {0: 225.0, 72: 5.0})
    line = Line(one, two)
    bus = Bus(line, line)
    meters = [RegisterMeter(bus, address, maps.named("sdm630")) for address in (1, 2)]
    run(line, meters, 1500)
    assert [meter.energy_wh for meter in meters] == [1234567, 5000]
    one.spoil = lambda answer: b""
    two.set({72: 6.0})
    run(line, meters, 5000)
    assert (meters[0].ok, meters[1].ok, meters[1].energy_wh) == (False, True, 6000)
    assert line.faults == []


def test_idle_poll_allocates_nothing():
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    now = line.now
    if sys.implementation.name != "micropython":
        return
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(50):
        meter.poll(now)
    assert gc.mem_alloc() == before
