"""A card before an MFRC522: its UID, after ISO/IEC 14443-3 type A; needed as long as there is one."""

from micropython import const

# Registers (chapter 9) and their bits.
_COMMAND = const(0x01)
_DIV_IRQ = const(0x05)
_CRC_DONE = const(0x04)
_ERROR = const(0x06)
_COLLISION = const(0x08)
_WRONG = const(0x13)  # FIFO overflow, parity, protocol
_FIFO = const(0x09)
_FIFO_LEVEL = const(0x0A)
_COLL = const(0x0E)
_CRC_HIGH = const(0x21)
_CRC_LOW = const(0x22)

# Commands (10.3).
_IDLE = const(0x00)
_CALCULATE_CRC = const(0x03)

# States of the reader after those in mfrc522.py.
_WOKEN = const(3)
_FOUND = const(4)
_SELECTED = const(5)

_ANSWER_MS = const(5)  # the longest answer takes 1 ms
_EVERY_MS = const(200)

# In reader.frame.
_FRAME = const(9)  # SEL, NVB, four bytes of the UID, BCC, CRC
_KNOWN = const(9)  # bits of this level's UID that are known
_LENGTH = const(10)  # of the UID, so far
_UID = const(11)


def _receive(reader, at, bits=0):
    """Put an answer into the frame from `at`, after `bits` that are there; the number of bytes."""
    frame = reader.frame
    count = min(reader.read(_FIFO_LEVEL), _FRAME - at)
    for end in range(at, at + count):
        byte = reader.read(_FIFO)
        if bits:
            known = 255 >> 8 - bits
            byte = frame[end] & known | byte & ~known
            bits = 0
        frame[end] = byte
    return count


def _crc(reader, start, end):
    """CRC_A of a part of the frame, low byte first on the air (14443-3 annex B)."""
    reader.load(start, end)
    reader.write(_DIV_IRQ, _CRC_DONE)
    reader.write(_COMMAND, _CALCULATE_CRC)
    for _ in range(20):
        if reader.read(_DIV_IRQ) & _CRC_DONE:
            break
    else:
        raise OSError
    reader.write(_COMMAND, _IDLE)
    return reader.read(_CRC_LOW) | reader.read(_CRC_HIGH) << 8


def _append_crc(reader, end):
    crc = _crc(reader, 0, end)
    reader.frame[end] = crc & 255
    reader.frame[end + 1] = crc >> 8


def answered(reader, state, now):
    """Go on after the answer to what was sent in `state`; the ms until the next step. One without sense ends it."""
    error = reader.read(_ERROR)
    if state == _WOKEN:  # two kinds of cards answer with a collision
        reader.frame[_LENGTH] = 0
        return _level(reader, 0x93)
    if not error & _WRONG:
        if state == _FOUND:
            return _found(reader, error & _COLLISION)
        if not error & _COLLISION:
            return _selected(reader, now)
    return _EVERY_MS


def _level(reader, sel):
    """Ask for the UID of a cascade level (14443-3 6.5.3)."""
    reader.frame[0] = sel
    reader.frame[_KNOWN] = 0
    return _ask(reader)


def _ask(reader):
    known = reader.frame[_KNOWN]
    whole = 2 + (known >> 3)
    bits = known & 7
    reader.frame[1] = whole << 4 | bits
    reader.send(whole + (bits > 0), bits)
    reader.state = _FOUND
    return _ANSWER_MS


def _found(reader, collision):
    frame = reader.frame
    known = frame[_KNOWN]
    count = _receive(reader, 2 + (known >> 3), known & 7)
    if collision:
        # CollPos counts in the bytes of the FIFO, 0 = 32; of two cards the one with a 1 there goes on.
        coll = reader.read(_COLL)
        last = (known & 24) + (coll - 1 & 31)
        if coll & 0x20 or not known <= last < 32:
            return _EVERY_MS
        frame[2 + (last >> 3)] |= 1 << (last & 7)
        frame[_KNOWN] = last + 1
        if last < 31:
            return _ask(reader)
    bcc = frame[2] ^ frame[3] ^ frame[4] ^ frame[5]
    if collision:
        frame[6] = bcc
    elif count + (known >> 3) != 5 or frame[6] != bcc:
        return _EVERY_MS
    frame[1] = 0x70
    _append_crc(reader, 7)
    reader.send(9)
    reader.state = _SELECTED
    return _ANSWER_MS


def _selected(reader, now):
    frame = reader.frame
    if _receive(reader, 6) != 3 or _crc(reader, 6, 7) != frame[7] | frame[8] << 8:
        return _EVERY_MS
    more = frame[6] & 4  # SAK: UID not complete; the first byte of this level is the cascade tag
    for at in range(3 if more else 2, 6):
        frame[_UID + frame[_LENGTH]] = frame[at]
        frame[_LENGTH] += 1
    if more:
        return _level(reader, frame[0] + 2) if frame[2] == 0x88 and frame[0] < 0x97 else _EVERY_MS
    reader.seen(memoryview(frame)[_UID : _UID + frame[_LENGTH]], now)
    frame[0] = 0x50  # HALT
    frame[1] = 0
    _append_crc(reader, 2)
    reader.send(4)
    return _EVERY_MS
