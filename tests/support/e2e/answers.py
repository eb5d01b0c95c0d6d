"""What the central system answers when a test sets nothing else, and the ways a test can have it
misbehave."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class CallError(Exception):
    """A CALLERROR, as an answer received or to be given."""

    def __init__(self, code, description="", details=None):
        super().__init__(code, description, details or {})
        self.code, self.description, self.details = self.args


@dataclass
class Delayed:
    """Give `answer` after `seconds`."""

    seconds: float
    answer: object

    async def over(self):
        await asyncio.sleep(self.seconds)


class Held:
    """Give `answer` when the test calls `release`."""

    def __init__(self, answer):
        self.answer = answer
        self._released = threading.Event()
        self.release = self._released.set

    async def over(self):
        while not self._released.is_set():
            await asyncio.sleep(0.02)


@dataclass
class Raw:
    """Send this text as it is; `{id}` in it stands for the messageId."""

    text: str


SILENCE = "never answered"
DROP = "the connection is cut instead of an answer"


def utc(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)


class Answers:
    """A lenient central system. Its clock can be `ahead` (timedelta) and write its time as it likes
    (`time_format`). An answer is a payload, a CallError, Delayed, Held, Raw, SILENCE, DROP, or a function of
    the message that returns one."""

    def __init__(self):
        self.interval = 300
        self.ahead = timedelta()
        self.time_format = utc
        self.transactions = {}  # transactionId -> StartTransaction
        self._always = {}
        self._next = {}

    def now(self):
        """The time as this central system sees it."""
        return datetime.now(UTC) + self.ahead

    def on(self, action, answer):
        """Answer each `action` with `answer` from now on."""
        self._always[action] = answer

    def once(self, action, *answers):
        """Give each of `answers` to one `action`, in order; then go on as before."""
        self._next.setdefault(action, []).extend(answers)

    def default(self, action):
        """Forget what `on` and `once` said about `action`."""
        self._always.pop(action, None)
        self._next.pop(action, None)

    def answer_to(self, message):
        """The answer to `message`."""
        queue = self._next.get(message.action)
        answer = queue.pop(0) if queue else self._always.get(message.action, self.usual)
        return answer(message) if callable(answer) else answer

    def usual(self, message):
        """What everything is answered with unless a test says otherwise: Accepted."""
        time = self.time_format(self.now())
        if message.action == "BootNotification":
            return {"status": "Accepted", "currentTime": time, "interval": self.interval}
        if message.action == "Heartbeat":
            return {"currentTime": time}
        if message.action == "Authorize":
            return {"idTagInfo": {"status": "Accepted"}}
        if message.action == "StartTransaction":
            return {"transactionId": self.transaction_id(message), "idTagInfo": {"status": "Accepted"}}
        if message.action in ("DataTransfer", "SignCertificate"):
            return {"status": "Accepted"}
        return {}

    def transaction_id(self, start):
        """Counting from 1; a StartTransaction that is sent again keeps its id."""
        for transaction_id, known in self.transactions.items():
            if dict(known) == dict(start):
                return transaction_id
        self.transactions[len(self.transactions) + 1] = start
        return len(self.transactions)
