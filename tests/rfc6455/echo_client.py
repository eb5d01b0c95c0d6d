"""Runs under MicroPython: echoes all cases of an Autobahn server with the firmware's WebSocket.

echo_client.py HOST PORT MAX_MESSAGE
"""

import asyncio
import gc
import sys

from ocpp import websocket

AGENT = "upoint"


async def echo(host, port, path, max_message):
    """Send back each message until the connection ends."""
    gc.collect()
    socket = await websocket.connect(host, port, path, protocol=None, max_message=max_message)
    try:
        while True:
            await echo_one(socket)
    except websocket.ConnectionClosed:
        pass


async def echo_one(socket):
    try:
        message = await socket.receive()
    except websocket.MessageTooLarge:
        await socket.close(1009)
    else:
        await socket.send(message, socket.last_binary)


async def main(host, port, max_message):
    socket = await websocket.connect(host, port, "/getCaseCount", protocol=None)
    count = int((await socket.receive()).decode())
    await socket.close()
    for case in range(1, count + 1):
        await echo(host, port, "/runCase?case=%d&agent=%s" % (case, AGENT), max_message)
    await echo(host, port, "/updateReports?agent=" + AGENT, max_message)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
