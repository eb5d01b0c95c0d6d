"""The firmware's WebSocket against the Autobahn cases: kosoku is the server, echo_client.py the client.

Not run: sections 12 and 13, compression, which the client does not offer.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from kosoku import FailureError, run_fuzzingserver
from limits import patient

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
QUIET_S = 30

# Messages of 64 KiB to 1 MiB, the hard limit of the client: they need more memory than the board has.
LARGE = ["1.1.6", "1.1.7", "1.1.8", "1.2.6", "1.2.7", "1.2.8", "10.1.1"]
LARGE += ["9.1.1", "9.1.2", "9.1.3", "9.2.1", "9.2.2", "9.2.3", "9.5.*", "9.6.*"]
SMALL_OF_9 = ["9.7.*", "9.8.*"]
# Messages of 4 MiB and more.
REFUSED = ["9.1.4", "9.1.5", "9.1.6", "9.2.4", "9.2.5", "9.2.6", "9.3.*", "9.4.*"]


async def run(cases, but, heap, max_message):
    """case id -> CaseResult."""
    async with run_fuzzingserver(cases, but, port=0) as server:
        client = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("micropython"),
            *("-X", "heapsize=" + heap, HERE / "echo_client.py"),
            *(server.address, str(server.port), str(max_message)),
            env={**os.environ, "MICROPYPATH": "%s:.frozen" % ROOT},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await asyncio.wait_for(client.communicate(), patient(QUIET_S))
        finally:
            if client.returncode is None:
                client.kill()
                await client.wait()
        if client.returncode or output:
            pytest.fail(
                "echo_client.py ended with %d:\n%s" % (client.returncode, output.decode()), pytrace=False
            )
        try:
            results = await asyncio.wait_for(server.get_result(), patient(1))
        except FailureError as failure:
            results = failure.results
        return {result.case_id: result for result in results}


def judge(results, count):
    """Fail with a line for each case that did not pass."""
    assert len(results) == count
    failures = [
        "%s: %s, close %s. %s %s\n    expected: %s"
        % (
            case_id,
            result.behavior.value,
            result.behavior_close.value,
            result.result,
            result.result_close,
            " ".join(result.expectation.split()),
        )
        for case_id, result in results.items()
        if not result.passed
    ]
    if failures:
        pytest.fail("%d of %d cases:\n%s" % (len(failures), count, "\n".join(failures)), pytrace=False)


def test_framing_pings_fragments_utf8_and_closing_in_the_memory_of_the_board():
    cases = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"] + SMALL_OF_9
    results = asyncio.run(run(cases, LARGE, "96wK", 8192))
    judge(results, 252)
    # Right in every detail, not merely within what is tolerated.
    tolerated = [case_id for case_id, result in results.items() if result.behavior.value == "NON-STRICT"]
    assert tolerated == []


def test_messages_up_to_1_mib():
    results = asyncio.run(run(LARGE, None, "8wM", 1048576))
    judge(results, 25)


def test_larger_messages_are_refused():
    results = asyncio.run(run(REFUSED, None, "96wK", 8192))
    assert len(results) == 24
    codes = {case_id: result.remote_close_code for case_id, result in results.items()}
    assert set(codes.values()) == {1009}, codes
