"""Firmware updates of the board: packages are received, checked and installed, and the new version is on trial.

receiver.py streams a package to flash; package.py checks its head, signature.py the signature of that; installation.py
lets the new version start, and knows what became of it; trial.py confirms it. What runs before the firmware is loaded
is in slots.py and slot_trial.py, which no update replaces. layout.py changes records of the store whose form is another
one. Nothing of this is in memory while there is no update.
"""

PART = "firmware.part"  # a package that is not installed yet; tools/flash.py has the same


class UpdateError(Exception):
    """Why a package is not installed. `reason`, for programs: NotFirmware, Unsigned, NoPublicKey, InvalidSignature,
    WrongArchitecture, WrongMicroPython, WrongBoard, Downgrade, TooLarge, Damaged, FlashFull, FlashFailed, OnTrial,
    NothingReceived. The text says it for people: what is wrong, and where."""

    def __init__(self, reason, text):
        super().__init__(text)
        self.reason = reason
