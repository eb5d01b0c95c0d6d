"""A Modbus RTU bus on a serial line, RS485 or not: one question at a time (Modbus over serial line 1.02)."""

from time import ticks_diff

from micropython import const

try:
    from hal.meter._crc16 import crc16
except (SyntaxError, ValueError, ImportError):
    from hal.meter._crc16_py import crc16

MAX_REGISTERS = const(32)  # of one question
_SIZE = const(69)  # of the answer to it: slave, function, length, 2 bytes a register, CRC
_TRIES = const(2)
_GAP_MS = const(20)  # 3.5 characters at 2400 baud
_TIMEOUT_MS = const(500)  # that answer takes 320 ms at 2400 baud
_SILENCE_MS = const(500)  # after a failure: an answer that comes later than that belongs to no question any more
_BUSY_MS = const(3000)  # a line on which there is no such silence for so long cannot be used
_WAITING = const(0)
_SENDING = const(1)
_LISTENING = const(2)

BUSY = const(0)
GOOD = const(1)
FAILED = const(2)


class Bus:
    """The line of `uart` (as machine.UART, time-out 0); `de` is the driver enable pin, None with automatic direction.

    A meter that wants to ask sets `owner` while it is None, calls ask(), then step() until that is not BUSY, and at
    last sets `owner` to None. `answer` holds the frame, its registers from byte 3; `error` is why the last question
    failed. Answers do not say which question they answer. So after a question that was not answered in time, or not
    properly, the line must have been silent before the next one: a late answer has then come and gone.
    """

    def __init__(self, uart, de=None):
        self._uart = uart
        self._de = de
        self.owner = self.error = None
        self.answer = bytearray(_SIZE)
        self._view = memoryview(self.answer)
        self._request = bytearray(8)
        self._quiet = self._waited = None  # since when the line is silent, since when a question waits for that
        self._silence_ms = _GAP_MS
        self._state = _WAITING
        self._pause_ms = self._tries = self._got = self._sent = 0
        self._drive(0)

    def _drive(self, on):
        if self._de:
            self._de.value(on)

    def ask(self, slave, function, start, count, pause_ms=0):
        """Ask `slave` for `count` registers from `start` with function 3 (holding) or 4 (input), `pause_ms` after what
        was last on the line at the earliest."""
        request = self._request
        for at, word in ((0, slave << 8 | function), (2, start), (4, count)):
            request[at] = word >> 8
            request[at + 1] = word & 255
        crc = crc16(request, 6)
        request[6] = crc & 255
        request[7] = crc >> 8
        self._pause_ms = pause_ms
        self._tries = _TRIES
        self._waited = None
        self._state = _WAITING

    def step(self, now):
        """Go on at `now` (ticks_ms): BUSY, GOOD or FAILED."""
        if self._state == _WAITING:
            return self._wait(now)
        if self._state == _SENDING and self._uart.txdone():
            # The slave answers after 3.5 characters: the line must be free by then.
            self._drive(0)
            self._state = _LISTENING
        error = self._listen() if self._state == _LISTENING else None
        if error is None:
            if ticks_diff(now, self._sent) < _TIMEOUT_MS:
                return BUSY
            error = "no answer"
        return self._end(error, now)

    def _wait(self, now):
        """Send the question when the line has been silent for long enough."""
        if self._waited is None:
            self._waited = now
        if self._uart.any():
            # It belongs to no question.
            self._uart.readinto(self.answer)
            self._quiet = now
        elif self._quiet is None or ticks_diff(now, self._quiet) >= max(self._silence_ms, self._pause_ms):
            self._send(now)
            return BUSY
        if ticks_diff(now, self._waited) < _BUSY_MS:
            return BUSY
        self.error = "the line is never silent"
        return FAILED

    def _send(self, now):
        self._got = 0
        self._drive(1)
        self._uart.write(self._request)
        self._sent = now
        self._state = _SENDING

    def _listen(self):
        """None while the answer is under way, "" when it is good, else what is wrong with it."""
        answer = self.answer
        expected = 5 + 2 * self._request[5]
        if self._uart.any():
            self._got += self._uart.readinto(self._view[self._got : expected]) or 0
        exception = self._got > 1 and answer[1] == self._request[1] | 0x80
        if exception:
            expected = 5
        if self._got < expected:
            return None
        if crc16(answer, expected - 2) != answer[expected - 2] | answer[expected - 1] << 8:
            return "wrong CRC"
        if answer[0] != self._request[0]:
            return "another slave answered"
        if exception:
            return "exception %d" % answer[2]
        if answer[1] != self._request[1] or answer[2] != expected - 5:
            return "another question was answered"
        return ""

    def _end(self, error, now):
        self._drive(0)
        self._quiet = now
        self.error = error
        # After a failure the answer to a question may still come, also when the next one has been answered.
        self._silence_ms = _SILENCE_MS if error or self._tries < _TRIES else _GAP_MS
        if not error:
            return GOOD
        self._tries -= 1
        self._waited = None
        self._state = _WAITING
        return BUSY if self._tries else FAILED
