"""Runs under MicroPython: for each line [action, response, payload] on stdin the verdict of ocpp.schema.

A verdict is the error code that goes on the wire and the description; an empty line for a valid payload.
"""

import json
import sys

from ocpp.errors import OcppError
from ocpp.schema import Schema

schema = Schema(sys.argv[1])
while True:
    line = sys.stdin.buffer.readline()
    if not line:
        break
    verdict = ""
    try:
        schema.check(*json.loads(line))
    except OcppError as error:
        verdict = error.code + " " + error.args[0].replace("\n", " ")
    except Exception as error:
        verdict = "crash " + repr(error)
    sys.stdout.buffer.write(verdict.encode() + b"\n")
