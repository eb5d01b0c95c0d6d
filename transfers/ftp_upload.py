"""An upload over FTP."""

from transfers import TransferError, ftp_control
from transfers.feed import Sender


async def upload(url, source, options):
    """Send `source` to the file or into the folder that `url` is: whichever the server has. TransferError."""
    folders, name = ftp_control.segments(url)
    sender = Sender(source, options)
    control = await ftp_control.opened(url, options)
    try:
        await control.enter(folders)
        if name and (await control.ask(b"CWD", name))[0] in (250, 200):
            name = b""
        await _stored(control, name or source.name.encode(), sender)
        await control.say_goodbye()
    finally:
        control.close()


async def _stored(control, name, sender):
    data = await control.data()
    try:
        await control.command(b"STOR", name, 150, 125)
        data.step = "STOR"
        while True:
            view = sender.fill(data.view)
            if not len(view):
                break
            await data.send(view)
    except TransferError as error:
        if error.reason == "connection":  # a server that refuses the rest says why
            reply = await control.reply()
            if reply[0] >= 400:
                control.check(reply)
        raise
    finally:
        data.close()
    control.check(await control.reply(), 226, 250)
