"""A download over FTP, which goes on where the last one has ended if the server can (RFC 3659)."""

from transfers import ftp_control
from transfers.failure import failed
from transfers.collect import Receiver


async def download(url, sink, options):
    """Bring the file at `url` to `sink`. TransferError."""
    folders, name = ftp_control.segments(url)
    if not name:
        raise failed("bad url", "no name of a file at its end")
    control = await ftp_control.opened(url, options)
    try:
        await control.enter(folders)
        total = await _fact(control, b"SIZE", name)
        total = int(total) if total and total.isdigit() else None
        validator = "%s %s" % ("" if total is None else total, await _fact(control, b"MDTM", name) or "")
        receiver = Receiver(sink, options)
        offset = _offset(sink, total, validator)
        if offset and offset == total:
            receiver.begin(offset, total, validator)
        else:
            await _received(control, name, receiver, offset, total, validator)
        await control.say_goodbye()
    finally:
        control.close()


async def _fact(control, verb, name):
    """A fact about the file `name` from the server, as text; None if it does not know it."""
    code, text = await control.ask(verb, name)
    return text.strip() if code == 213 else None


def _offset(sink, total, validator):
    """The offset from which to download: 0 if `sink` has the beginning of another file."""
    if getattr(sink, "validator", "") not in ("", validator) or total is not None and sink.position > total:
        return 0
    return sink.position


async def _received(control, name, receiver, offset, total, validator):
    data = await control.data()
    try:
        if offset:
            code, _ = await control.ask(b"REST", str(offset).encode())
            if code != 350:
                offset = 0
        await control.command(b"RETR", name, 150, 125)
        receiver.begin(offset, total, validator)
        data.step = "RETR"
        while True:
            view = await data.piece()
            if not len(view):
                break
            receiver.take(view)
    finally:
        data.close()
    control.check(await control.reply(), 226, 250)
    receiver.end()
