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
    # Three times at first: a register that was read once may have been read wrongly.
    both = [frame(b"\x01\x04\x00\x00\x00\x0c"), frame(b"\x01\x04\x00\x34\x00\x16")]
    assert [data for _, data in line.sent] == 3 * both
    assert values(meter) == KEPT
    assert (meter.ok, meter.stale, meter.error) == (True, False, None)
    assert line.faults == []


def test_asks_again_every_second():
    slave, line, meter = sdm630()
    run(line, [meter], 10000)
    assert 20 <= len(slave.asked) <= 24
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
        assert slave.asked == 3 * [(4, 0, 14), (4, 70, 4)]
        assert values(meter) == ([319], [2315], 5002, 7394, 999)


def test_sdm72_measures_neither_currents_nor_voltages():
    line = Line(Slave(1, {52: 6900.0, 72: 12.0}))
    meter = RegisterMeter(Bus(line, line), 1, maps.named("sdm72"), phases=3)
    run(line, [meter], 2000)
    # Shared alike at 230 V: 6900 / 3 / 230 = 10.0 A.
    assert values(meter) == ([100, 100, 100], [], None, 6900, 12000)
    assert meter.ok


def test_second_sdm72_has_the_registers_of_the_sdm630():
    assert maps.named("sdm72v2") == maps.named("sdm630")


def late_sdm72(late_ms):
    """A meter that had measured 12 kWh, and answers `late_ms` after each question from then on."""
    line = Line(Slave(1, {52: 6900.0, 72: 12.0}))
    meter = RegisterMeter(Bus(line, line), 1, maps.named("sdm72"), phases=3, pause_ms=maps.PAUSES_MS["sdm72"])
    run(line, [meter], 2500)
    assert meter.ok and meter.energy_wh == 12000
    line.late_ms = late_ms
    return line, meter


def test_a_late_answer_is_never_taken_for_that_to_another_question():
    """Power read as energy was 7 MWh once; whatever the lateness, and however long it lasts."""
    for late_ms in (300, 400, 520, 700, 900, 1100, 1600):
        line, meter = late_sdm72(late_ms)
        for _ in range(20):
            run(line, [meter], 1000)
            assert (meter.energy_wh, meter.power_w, meter.doubt) == (12000, 6900, None), late_ms
        # One that is later than time-out and silence together answers the same question again.
        assert meter.ok == (late_ms < 500) or late_ms > 1000, late_ms
        line.late_ms = 0
        run(line, [meter], 6000)
        assert meter.ok and meter.energy_wh == 12000


def test_questions_of_a_map_that_are_alike_are_not_mixed_up_either():
    """Where registers lie far apart there are two questions of the same length: the silence keeps them apart."""
    config = {"energy": {"register": 342}, "power": {"register": 52}, "current1": {"register": 6}}
    for late_ms in (450, 520, 700, 900):
        line = Line(Slave(1, {6: 16.0, 52: 6900.0, 342: 12.0}))
        meter = RegisterMeter(Bus(line, line), 1, maps.custom(config), phases=1)
        run(line, [meter], 2000)
        assert meter.ok and [request[2] for request in maps.custom(config)] == [2, 2, 2]
        for at in range(24):
            # Now and then it is late.
            line.late_ms = late_ms if at % 3 else 0
            run(line, [meter], 370)
            found = (meter.energy_wh, meter.power_w, meter.currents, meter.doubt)
            assert found == (12000, 6900, [160], None), (late_ms, found)


def test_no_two_questions_of_a_model_are_alike():
    for name in maps.NAMED:
        shapes = [(request[0], request[2]) for request in maps.named(name)]
        assert len(set(shapes)) == len(shapes), name
    assert len(maps.named("sdm72")) == 1, "registers that are near are read together"


def test_after_a_time_out_the_line_is_silent_before_the_next_question():
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    slave.spoil = lambda answer: b""
    count = len(line.sent)
    run(line, [meter], 6000)
    gaps = [ticks_diff(after[0], before[0]) for before, after in zip(line.sent[count:], line.sent[count + 1 :])]
    assert len(gaps) >= 2 and min(gaps) >= 1000, gaps


def test_an_sdm72_has_half_a_second_between_questions():
    for name in ("sdm72", "sdm72v2"):
        line = Line(Slave(1, SDM630))
        meter = RegisterMeter(Bus(line, line), 1, maps.named(name), pause_ms=maps.PAUSES_MS[name])
        run(line, [meter], 8000)
        gaps = [ticks_diff(after[0], before[0]) for before, after in zip(line.sent, line.sent[1:])]
        assert meter.ok and min(gaps) >= 500, (name, gaps)


def test_a_line_that_is_never_silent_is_an_error_of_the_meter():
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    slave.spoil = lambda answer: b""
    for _ in range(80):
        line.noise(b"\x01")
        run(line, [meter], 100)
    assert (meter.ok, meter.error, meter.energy_wh) == (False, "the line is never silent", 1234567)
    slave.spoil = None
    run(line, [meter], 4000)
    assert meter.ok


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
    run(line, [meter], 3000)
    # Twice, each time until the line was silent, then a second's rest.
    assert len(line.sent) == count + 2
    assert (meter.ok, meter.stale, meter.error) == (False, True, "no answer")
    assert values(meter) == KEPT
    slave.spoil = None
    run(line, [meter], 3000)
    assert meter.ok and meter.error is None and not meter.stale
    assert line.faults == []


def spoiled(spoil):
    slave, line, meter = sdm630()
    run(line, [meter], 900)
    slave.set({0: 1.0, 6: 99.0, 52: 9.0, 72: 1234.6})
    slave.spoil = spoil
    run(line, [meter], 3000)
    assert not meter.ok and values(meter) == KEPT
    error = meter.error
    slave.spoil = None
    run(line, [meter], 3000)
    assert meter.ok and meter.energy_wh == 1234600
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


def test_exception_answers_are_errors_of_the_meter():
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
    run(line, [meter], 2500)
    assert meter.ok and values(meter) == KEPT and len(line.sent) == 7


def test_noise_between_questions_is_thrown_away():
    slave, line, meter = sdm630()
    for _ in range(8):
        line.noise(b"\x01\x04\x18\x00")
        run(line, [meter], 500)
    assert meter.ok and values(meter) == KEPT


def test_line_that_never_finishes_sending_is_let_go():
    slave, line, meter = sdm630()
    line.txdone = lambda: False
    run(line, [meter], 2000)
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
    two.set({72: 5.05})
    run(line, meters, 8000)
    assert (meters[0].ok, meters[1].ok, meters[1].energy_wh) == (False, True, 5050)
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
