"""One connected charge point of the central system: answers its CALLs and sends it CALLs."""

import asyncio
import json
import time
import uuid

import csms_meter as meter
from ocpp.exceptions import FormationViolationError, FormatViolationError, NotSupportedError, OCPPError
from ocpp.exceptions import NotImplementedError as NotImplementedAction
from ocpp.messages import Call, CallError, unpack, validate_payload
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.enums import Action
from websockets.exceptions import ConnectionClosed

_ANSWER_SECONDS = 30


def now():
    """The time as OCPP writes it, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Station(ChargePoint):
    """The central system's side of one connection.

    `ocpp` runs handlers inside its receive loop, so no handler here awaits an answer of the charge point;
    commands run in tasks of their own. It also has the meanings of NotImplemented and NotSupported swapped
    (OCPP-J 4.2.3): here NotImplemented is an unknown action, NotSupported a known one that a central system
    does not serve. And FormatViolation, which it sends for a broken schema, is FormationViolation in 1.6.
    """

    def __init__(self, identity, connection, book, report, options, statuses):
        super().__init__(identity, connection, response_timeout=_ANSWER_SECONDS)
        self.book = book
        self.report = report
        self.options = options
        self.statuses = statuses
        self.model = ""
        self.messages = 0
        self._request = {}
        self._commands = set()
        self._closing = None

    def tell(self, kind, text, **data):
        """Report an event of this charge point; `messages` counts the frames of this connection."""
        self.report.event(kind, self.id, text, messages=self.messages, **data)

    async def route_message(self, raw_msg):
        self.messages += 1
        try:
            message = unpack(raw_msg)
        except OCPPError as error:
            self.tell("problem", "not an OCPP message: %s: %.200s" % (_cause(error), raw_msg))
            return
        if isinstance(message, Call):
            await self._serve_call(message)
        else:
            self._response_queue.put_nowait(message)

    async def _serve_call(self, message):
        try:
            if message.action not in list(Action):
                raise NotImplementedAction("%s is no action of OCPP 1.6" % (message.action,))
            if message.action not in self.route_map:
                raise NotSupportedError("a central system does not serve %s" % message.action)
            self._request = message.payload
            await self._handle_call(message)
        except OCPPError as error:
            cause = _cause(error)
            kind = FormationViolationError if isinstance(error, FormatViolationError) else type(error)
            text = "%s answered with %s: %s" % (message.action, kind.code, cause)
            self.tell("problem", text, code=kind.code)
            await self._send(message.create_call_error(kind(cause)).to_json())

    async def _send(self, message):
        self.messages += 1
        await super()._send(message)

    def _got(self, action, text, problems=(), **data):
        """Report a CALL of the charge point, then what is wrong with it."""
        text = "%s  %s" % (action, text) if text else action
        self.tell("call", text, action=action, payload=self._request, **data)
        for problem in problems:
            self.tell("problem", problem, action=action)

    def _authorize(self, tag):
        """IdTagInfo; identifiers are case-insensitive (errata 3.74)."""
        return {"status": "Invalid" if tag.lower() in self.options.rejected else "Accepted"}

    @on(Action.boot_notification)
    def on_boot(self, charge_point_vendor, charge_point_model, **extra):
        version = extra.get("firmware_version", "")
        self.model = " ".join((charge_point_vendor, charge_point_model, version)).strip()
        self._got("BootNotification", self.model)
        return call_result.BootNotification(now(), self.options.heartbeat, "Accepted")

    @on(Action.heartbeat)
    def on_heartbeat(self, **extra):
        self._got("Heartbeat", "")
        return call_result.Heartbeat(now())

    @on(Action.authorize)
    def on_authorize(self, id_tag, **extra):
        info = self._authorize(id_tag)
        self._got("Authorize", "%s: %s" % (id_tag, info["status"]), answer=info["status"])
        return call_result.Authorize(info)

    @on(Action.status_notification)
    def on_status(self, connector_id, error_code, status, **extra):
        self.statuses[connector_id] = status
        details = [error_code] if error_code != "NoError" else []
        details += [extra[name] for name in ("info", "vendor_error_code") if extra.get(name)]
        self._got("StatusNotification", "connector %d: %s" % (connector_id, " ".join([status] + details)))
        return call_result.StatusNotification()

    @on(Action.start_transaction)
    def on_start(self, connector_id, id_tag, meter_start, **extra):
        transaction, problems = self.book.start(self.id, self._request)
        info = self._authorize(id_tag)
        details = (connector_id, transaction.id, id_tag, meter_start)
        text = "connector %d: transaction %d of %s at %d Wh" % details
        if info["status"] != "Accepted":
            text += ": " + info["status"]
        self._got("StartTransaction", text, problems, transactionId=transaction.id, answer=info["status"])
        return call_result.StartTransaction(transaction.id, info)

    @on(Action.meter_values)
    def on_meter_values(self, connector_id, **extra):
        values = self._request["meterValue"]
        problems = self.book.meter(self.id, self._request, meter.energy_wh(values))
        self._got("MeterValues", "connector %d: %s" % (connector_id, meter.summary(values)), problems)
        return call_result.MeterValues()

    @on(Action.stop_transaction)
    def on_stop(self, transaction_id, meter_stop, **extra):
        transaction, problems = self.book.stop(self.id, self._request)
        used = ", %d Wh used" % transaction.energy if transaction else ""
        details = (transaction_id, meter_stop, used, extra.get("reason", "Local"))
        text = "transaction %d at %d Wh%s: %s" % details
        self._got("StopTransaction", text, problems, answer="Accepted", faults=len(problems))
        return call_result.StopTransaction({"status": "Accepted"})

    @on(Action.data_transfer)
    def on_data_transfer(self, vendor_id, **extra):
        self._got("DataTransfer", "%s %s: UnknownVendorId" % (vendor_id, extra.get("message_id", "")))
        return call_result.DataTransfer("UnknownVendorId")

    @on(Action.diagnostics_status_notification)
    def on_diagnostics(self, status, **extra):
        self._got("DiagnosticsStatusNotification", status)
        return call_result.DiagnosticsStatusNotification()

    @on(Action.firmware_status_notification)
    def on_firmware(self, status, **extra):
        self._got("FirmwareStatusNotification", status)
        return call_result.FirmwareStatusNotification()

    @on(Action.signed_firmware_status_notification)
    def on_signed_firmware(self, status, **extra):
        self._got("SignedFirmwareStatusNotification", status)
        return call_result.SignedFirmwareStatusNotification()

    @on(Action.log_status_notification)
    def on_log_status(self, status, **extra):
        self._got("LogStatusNotification", status)
        return call_result.LogStatusNotification()

    @on(Action.security_event_notification)
    def on_security_event(self, type, **extra):
        self._got("SecurityEventNotification", " ".join((type, extra.get("tech_info", ""))).strip())
        return call_result.SecurityEventNotification()

    @on(Action.sign_certificate)
    def on_sign_certificate(self, **extra):
        self._got("SignCertificate", "Rejected: no certificate authority here")
        return call_result.SignCertificate("Rejected")

    def command(self, action, payload):
        """Send a CALL from a task of its own and report the answer."""
        task = asyncio.create_task(self._command(action, payload))
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)

    async def _command(self, action, payload):
        request = Call(str(uuid.uuid4()), action, payload)
        try:
            async with self._call_lock:
                self.tell("command", "%s sent" % action, action=action, payload=payload)
                await self._send(request.to_json())
                answer = await self._get_specific_response(request.unique_id, self._response_timeout)
        except TimeoutError:
            text = "no answer to %s within %d s" % (action, self._response_timeout)
            self.tell("problem", text, action=action)
        except (ConnectionClosed, asyncio.CancelledError):
            self.tell("problem", "disconnected before %s was answered" % action, action=action)
        else:
            await self._answered(action, answer)

    async def _answered(self, action, answer):
        if isinstance(answer, CallError):
            text = "%s answered with %s: %s" % (action, answer.error_code, answer.error_description)
            self.tell("problem", text, action=action, code=answer.error_code)
            return
        self.tell("answer", "%s  %s" % (action, _readable(action, answer.payload)), action=action,
                  answer=answer.payload)
        answer.action = action
        try:
            await validate_payload(answer, self._ocpp_version)
        except OCPPError as error:
            self.tell("problem", "%s: the answer breaks the schema: %s" % (action, _cause(error)))

    def replaced(self):
        """Close this connection, without waiting, because the charge point has opened a newer one."""
        self.tell("note", "connected again, so the older connection is closed")
        self._closing = asyncio.create_task(self._connection.close(1000, "replaced by a newer connection"))

    async def disconnected(self):
        """Give up the commands that wait for an answer."""
        for task in list(self._commands):
            task.cancel()
        await asyncio.gather(*self._commands, return_exceptions=True)


def _cause(error):
    """What is wrong, in one line, of an OCPPError."""
    return error.details.get("cause", error.description).split("\n")[0]


def _readable(action, payload):
    """A status by itself, configuration keys one a line, anything else as JSON."""
    if action == "GetConfiguration":
        entries = payload.get("configurationKey", [])
        lines = ["%s = %s%s" % (e.get("key"), e.get("value", ""), " (read only)" if e.get("readonly") else "")
                 for e in entries]
        lines += ["%s: unknown key" % key for key in payload.get("unknownKey", [])]
        return "\n".join(["%d keys" % len(entries)] + lines)
    return payload["status"] if list(payload) == ["status"] else json.dumps(payload)
