"""An MFRC522 on an SPI bus: registers, FIFO, CRC coprocessor and antenna, as its data sheet has them."""

from nfc_cards import bits_of, bytes_of, crc_a

IDLE, CALC_CRC, TRANSCEIVE, SOFT_RESET = 0, 3, 12, 15
COMMAND, COM_IRQ, DIV_IRQ, ERROR, FIFO, FIFO_LEVEL, CONTROL, BIT_FRAMING, COLL = 1, 4, 5, 6, 9, 10, 12, 13, 14
MODE, TX_CONTROL, TX_ASK, CRC_H, CRC_L, VERSION = 0x11, 0x14, 0x15, 0x21, 0x22, 0x37


class Chip:
    """`cards` are in its field. `dead`: None, or what MISO says then. `spoil(bits)` may change an answer."""

    def __init__(self, version=0x92):
        self.version = version
        self.cards = []
        self.dead = self.spoil = None
        self.parity_error = self.crc_stuck = False
        self.resets = self.transfers = 0
        self.selected = True
        self.reset()

    def reset(self):
        self.registers = bytearray(64)
        for register, value in ((COMMAND, 0x20), (COM_IRQ, 0x14), (COLL, 0x20), (MODE, 0x3F), (TX_CONTROL, 0x80)):
            self.registers[register] = value
        self.fifo = []
        self.sent = None
        for card in self.cards:
            card.leave()

    # What the driver is given: `cs` and `spi` are both this object.

    def __call__(self, level):
        self.selected = not level

    def write_readinto(self, out, into):
        assert self.selected and len(out) == len(into)
        self.transfers += 1
        register = out[0] >> 1 & 63
        reads = out[0] & 0x80
        assert not out[0] & 1
        into[0] = 0x5A  # not defined
        for at in range(1, len(out)):
            if self.dead is not None:
                into[at] = self.dead() if callable(self.dead) else self.dead
            elif reads:
                into[at] = self.read(register)
            else:
                into[at] = 0xA5
                self.write(register, out[at])

    def read(self, register):
        if register == FIFO:
            return self.fifo.pop(0) if self.fifo else 0
        if register == FIFO_LEVEL:
            return len(self.fifo)
        return self.version if register == VERSION else self.registers[register]

    def write(self, register, value):
        if register == FIFO:
            self.fifo.append(value)
        elif register == FIFO_LEVEL:
            if value & 0x80:
                self.fifo = []
        elif register in (COM_IRQ, DIV_IRQ):
            now = self.registers[register]
            self.registers[register] = now | value & 0x7F if value & 0x80 else now & ~value
        elif register == BIT_FRAMING:
            self.registers[register] = value & 0x7F
            if value & 0x80 and self.registers[COMMAND] & 15 == TRANSCEIVE and self.sent is None:
                self._transmit()
        elif register == COMMAND:
            self._command(value & 15)
        elif register not in (ERROR, CONTROL, CRC_H, CRC_L, VERSION):
            self.registers[register] = value

    def _command(self, command):
        self.registers[COMMAND] = command
        self.sent = None
        if command == SOFT_RESET:
            self.resets += 1
            self.reset()
        elif command == CALC_CRC and not self.crc_stuck:
            assert self.registers[MODE] & 3 == 1, "CRC_A begins with 6363h"
            crc = crc_a(self.fifo)
            self.fifo = []
            self.registers[CRC_L], self.registers[CRC_H] = crc
            self.registers[DIV_IRQ] |= 4

    def _transmit(self):
        last = self.registers[BIT_FRAMING] & 7
        bits = bits_of(self.fifo)
        self.sent = bits[: len(bits) - 8 + last] if last else bits
        self.fifo = []

    def settle(self):
        """Time passes: the cards answer what was sent, all at once."""
        if not self.sent or self.registers[TX_CONTROL] & 3 != 3 or self.registers[TX_ASK] != 0x40:
            return
        answers = [card.hear(self.sent) for card in self.cards]
        answers = [answer for answer in answers if answer is not None]
        self.sent = []
        if answers:
            self._received(answers)

    def _received(self, answers):
        bits = list(answers[0])
        collision = None
        for at in range(len(bits)):
            if collision is None and any(answer[at] != bits[at] for answer in answers):
                collision = at
            if collision is not None and not self.registers[COLL] & 0x80:
                bits[at] = 0
        if self.spoil:
            self.spoil(bits)
        align = self.registers[BIT_FRAMING] >> 4 & 7
        self.fifo = list(bytes_of([0] * align + bits))
        self.registers[CONTROL] = (align + len(bits)) & 7
        self.registers[COM_IRQ] |= 0x20
        self.registers[ERROR] = 2 if self.parity_error else 0
        coll = self.registers[COLL] & 0x80
        if collision is None:
            self.registers[COLL] = coll | 0x20
            return
        self.registers[ERROR] |= 8
        place = align + collision + 1
        self.registers[COLL] = coll | (0x20 if place > 32 else place & 31)
