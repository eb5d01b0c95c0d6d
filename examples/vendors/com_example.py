"""DataTransfer messages of the vendorId com.example; on the board this file is vendors/com_example.py.

    messageId "Register"    data "1": the energy register of connector 1 in Wh, as text
    messageId "OwnerLimit"  data "1 10": at most 10 A at connector 1, whatever charging profiles allow; "1" ends that
"""


async def transfer(core, message_id, data):
    """(DataTransferStatus, data or None); KeyError, for a messageId not in here, becomes UnknownMessageId."""
    answer = {"Register": _register, "OwnerLimit": _limit}[message_id]
    words = (data or "").split()
    connector = core.connector(int(words[0])) if words and words[0].isdigit() else None
    return answer(connector, words[1:]) if connector else ("Rejected", "no such connector")


def _register(connector, words):
    return "Accepted", "%d" % connector.evse.devices.meter.energy_wh


def _limit(connector, words):
    if words and not (words[0].isdigit() and int(words[0]) <= 80):
        return "Rejected", "amperes from 0 to 80"
    connector.evse.limits.set("owner", int(words[0]) * 10 if words else None)  # in tenths of an ampere
    return "Accepted", None
