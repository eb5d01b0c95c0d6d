"""The benchmark's measure: a charge point on CPython, written the usual way with the `ocpp` package.

python tools/reference_cp.py URL KEYS; KEYS is a JSON file with the configurationKey of a GetConfiguration.
It answers ChangeConfiguration and GetConfiguration, keeps the values in memory and does nothing else.
"""

import asyncio
import json
import sys

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import Action, ConfigurationStatus
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed


class ReferenceChargePoint(ChargePoint):
    """Holds its configuration keys in a dict."""

    def __init__(self, identity, connection, keys):
        super().__init__(identity, connection)
        self.keys = {entry["key"]: entry for entry in keys}

    @on(Action.change_configuration)
    def on_change_configuration(self, key, value):
        entry = self.keys.get(key)
        if entry is None:
            return call_result.ChangeConfiguration(ConfigurationStatus.not_supported)
        if entry["readonly"]:
            return call_result.ChangeConfiguration(ConfigurationStatus.rejected)
        entry["value"] = value
        return call_result.ChangeConfiguration(ConfigurationStatus.accepted)

    @on(Action.get_configuration)
    def on_get_configuration(self, key=None):
        known = [self.keys[name] for name in key or self.keys if name in self.keys]
        unknown = [name for name in key or () if name not in self.keys]
        return call_result.GetConfiguration(known, unknown or None)


async def main(url, keys):
    """Connect, boot, and answer until the connection ends."""
    async with connect(url, subprotocols=["ocpp1.6"]) as connection:
        point = ReferenceChargePoint("reference", connection, keys)
        serving = asyncio.create_task(point.start())
        await point.call(call.BootNotification("reference", "upoint"))
        try:
            await serving
        except ConnectionClosed:
            pass


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        asyncio.run(main(sys.argv[1], json.load(file)))
