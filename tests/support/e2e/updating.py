"""A charge point that gets its updates from a central system: its flash, its packages, what it tells."""

from new_versions import VERSION, Flash, tool

STATUS, DIAGNOSTICS = "FirmwareStatusNotification", "DiagnosticsStatusNotification"
LONG_AGO = "2020-01-01T00:00:00Z"


def keys(folder):
    """(signer, PEM of the public key) of an owner."""
    made = tool("keys")
    made.make(folder)
    return made.signer(folder), (folder / made.PUBLIC).read_bytes()


def signed(content, signer):
    return tool("archive").sign(content, signer)


KEY, WIFI = "0123456789abcdef0123456789abcdef", "secret-wifi"


def with_secrets(csms, firmware, folder):
    """An Updating whose configuration has KEY and WIFI, which nobody may see."""
    made = Updating(csms, firmware, folder)
    firmware.config["csms"]["authorization_key"] = KEY
    firmware.config["network"] = {"wifi": [{"ssid": "home", "password": WIFI}]}
    csms.password = KEY.encode()
    return made


class Updating:
    """`csms`, `firmware` with a `flash` of its own."""

    def __init__(self, csms, firmware, folder):
        self.csms, self.firmware = csms, firmware
        self.flash = Flash(folder / "flash")
        firmware.build = self.flash.folder
        firmware.config["updates"] = {"unsigned": True}

    def ask(self, location, date=LONG_AGO, **more):
        """UpdateFirmware; a try that fails is the only one unless `more` says otherwise."""
        payload = {"location": location, "retrieveDate": date, "retries": 0, "retryInterval": 0} | more
        assert self.csms.call("UpdateFirmware", payload) == {}

    def told(self, action=STATUS):
        return [message["status"] for message in self.csms.received(action)]

    def expect(self, *statuses, action=STATUS, timeout=15):
        """These come next, in this order."""
        for status in statuses:
            assert self.csms.expect(action, timeout=timeout)["status"] == status

    def said(self, text):
        return [line for line in self.firmware.lines if text in line]

    def says(self, text):
        """The lines with `text`, as soon as there is one: it may be read after the message that follows it."""
        return self.firmware.wait("line with %r" % text, lambda: self.said(text))

    def restarts(self):
        """The firmware restarts by itself, into whatever is to start next."""
        assert self.firmware.wait_exit(20) == 75, self.firmware.report()
        self.firmware.start()

    def installs(self):
        """From the end of the download through the trial."""
        self.firmware.expect_exit()
        self.expect("Downloaded", "Installing")
        self.restarts()
        self.csms.expect_boot(timeout=15)
        self.expect("Installed")
        assert self.firmware.status()["firmware"] == VERSION
