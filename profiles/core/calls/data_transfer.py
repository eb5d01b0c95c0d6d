"""DataTransfer (1.6 4.3, 5.6): the owner's own messages.

A file vendors/<vendorId>.py with `async def transfer(core, message_id, data)` -> (status, data or None) serves a
vendor; dots and other signs in the vendorId become underscores. It raises KeyError for a messageId it does not know.
"""

import memory


async def handle(core, payload):
    """Answer with the result of the owner's file, or UnknownVendorId or UnknownMessageId."""
    vendor = "".join(c if c.isalpha() or c.isdigit() else "_" for c in payload["vendorId"])
    module = memory.load("vendors." + vendor)
    if module is None:
        return {"status": "UnknownVendorId"}
    try:
        status, data = await module.transfer(core, payload.get("messageId"), payload.get("data"))
    except KeyError:
        return {"status": "UnknownMessageId"}
    answer = {"status": status}
    if data is not None:
        answer["data"] = data
    return answer
