"""The transaction that runs on a connector."""


class Transaction:
    def __init__(self, record, jumps=0):
        """`record` as on flash: {"n": its own number, "idTag", "parent", "meter": Wh at the start, "start": body of its
        start message, "era"}; "limit" when its energy is limited; "ending", "stop", "stop_number", "stop_era" at its
        end. `jumps`: those of the clock when it began, 0 if that was before the charge point started."""
        self.record = record
        self.jumps = jumps
        self.number = record["n"]
        self.id_tag = record["idTag"]

    def belongs_to(self, id_tag, parent=None):
        """True for the idTag that started it, in any case (E 3.74), or one of the same group `parent` (1.6 3.10)."""
        own = self.record["parent"]
        return self.id_tag.lower() == id_tag.lower() or bool(parent and own and parent.lower() == own.lower())
