"""The module `onewire`: a bus with nothing on it."""


class OneWire:
    def __init__(self, pin):
        pass

    def reset(self):
        return False
