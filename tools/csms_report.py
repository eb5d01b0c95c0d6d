"""What the central system says: a readable line, or one JSON object a line, for each event."""

import json
import os
import signal
import sys
import time


class Report:
    """Writes events to a stream, each at once; a reader that went away ends the program."""

    def __init__(self, json_lines=False, stream=None):
        self.json_lines = json_lines
        self.stream = stream or sys.stdout

    def event(self, kind, charge_point, text, **data):
        """kind: listening, connected, disconnected, refused, call, command, answer, problem, note.

        charge_point is an id or None; data must be JSON; text may have several lines.
        """
        if self.json_lines:
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            record = {"time": now, "event": kind, "chargePoint": charge_point, "text": text}
            self._write(json.dumps(record | data))
            return
        mark = "! " if kind == "problem" else ""
        head, *rest = text.split("\n")
        lines = ["%s  %-12s %s%s" % (time.strftime("%H:%M:%S"), charge_point or "-", mark, head)]
        lines += [" " * 23 + line for line in rest]
        self._write("\n".join(lines))

    def _write(self, text):
        try:
            print(text, file=self.stream, flush=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())
            signal.raise_signal(signal.SIGTERM)
