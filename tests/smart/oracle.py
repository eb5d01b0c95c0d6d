"""What charging profiles mean, second by second, written from the specification (1.6 3.13, 5.5, 5.7, 5.16, 7.8 - 7.14,
with the errata 3.7 - 3.8, 3.25 - 3.30, 3.34, 3.41 - 3.45, 3.53, 3.65 - 3.71, 3.79). Slow and plain: nothing of the
firmware is used. Rates are Fractions of an ampere or a watt, times Unix seconds.
"""

from datetime import datetime
from fractions import Fraction

VOLTS = 230
LOWEST = Fraction(6)
# The clock of the central system may be this far ahead: what starts so soon after it has come starts now.
UNCERTAIN = 2
RECURS = {"Daily": 24 * 3600, "Weekly": 7 * 24 * 3600}
MAX_INSTALLED = 20


def seconds(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def tenths(rate):
    """`rate` rounded down to one decimal."""
    return Fraction(int(rate * 10), 10)


def tenths_up(rate):
    return Fraction(-int(-rate * 10 // 1), 10)


def decimal(number):
    return Fraction(str(number))


def says(profile, moment, begun, installed):
    """What a profile says of `moment`: (limit, unit, phases, least), or None when it is not in effect."""
    schedule = profile["chargingSchedule"]
    soon = max(moment, installed + UNCERTAIN)
    if "validFrom" in profile and soon < seconds(profile["validFrom"]):
        return None
    if "validTo" in profile and moment >= seconds(profile["validTo"]):
        return None
    start = begun if profile["chargingProfilePurpose"] != "ChargePointMaxProfile" else installed
    if profile["chargingProfileKind"] != "Relative" and "startSchedule" in schedule:
        start = seconds(schedule["startSchedule"])
    if soon < start:
        return None
    passed = max(0, moment - start)
    if profile["chargingProfileKind"] == "Recurring":
        while passed >= RECURS[profile["recurrencyKind"]]:
            passed -= RECURS[profile["recurrencyKind"]]
    if "duration" in schedule and passed >= schedule["duration"]:
        return None
    for period in schedule["chargingSchedulePeriod"]:
        if period["startPeriod"] <= passed:
            found = period
    least = decimal(schedule.get("minChargingRate", 0))
    return decimal(found["limit"]), schedule["chargingRateUnit"], found.get("numberPhases", 3), least


def convert(rate, unit, wanted, phases):
    """E 3.69: W is the total, A is of each phase."""
    if unit == wanted:
        return rate
    return rate * VOLTS * phases if wanted == "W" else rate / (VOLTS * phases)


class Site:
    """`connectors`: number -> (phases, max current in A, whether it can switch to one phase); `running`: number ->
    (begun, transactionId)."""

    def __init__(self, connectors, running, units=("A", "W")):
        self.connectors, self.running, self.units = connectors, dict(running), units
        self.installed = []  # (connector, profile, moment of installation)

    # Messages

    def set(self, connector, profile, now):
        """The status of SetChargingProfile.conf."""
        purpose = profile["chargingProfilePurpose"]
        starts = [period["startPeriod"] for period in profile["chargingSchedule"]["chargingSchedulePeriod"]]
        if profile["chargingSchedule"]["chargingRateUnit"] not in self.units:
            return "NotSupported"
        good = starts == sorted(set(starts)) and starts[0] == 0 and len(starts) <= 24
        good = good and (profile["chargingProfileKind"] != "Recurring" or "recurrencyKind" in profile)
        good = good and 0 <= profile["stackLevel"] <= 20
        if purpose == "ChargePointMaxProfile":
            good = good and connector == 0
        if purpose == "TxProfile":
            running = self.running.get(connector)
            good = good and running is not None and profile.get("transactionId", running[1]) == running[1]
        if not good:
            return "Rejected"
        rest = [entry for entry in self.installed if not self._replaces(connector, profile, *entry[:2])]
        if len(rest) >= MAX_INSTALLED:
            return "Rejected"
        self.installed = [*rest, (connector, profile, now)]
        return "Accepted"

    @staticmethod
    def _replaces(connector, profile, other_connector, other):
        same = ("stackLevel", "chargingProfilePurpose")
        return connector == other_connector and (
            profile["chargingProfileId"] == other["chargingProfileId"]
            or all(profile[name] == other[name] for name in same)
        )

    def clear(self, now, **fields):
        """The status of ClearChargingProfile.conf."""
        if "id" in fields:
            fields = {"id": fields["id"]}
        self.installed = [entry for entry in self.installed if not self.over(entry, now)]
        found = []
        for entry in self.installed:
            connector, profile, _ = entry
            has = {
                "id": profile["chargingProfileId"],
                "connectorId": connector,
                "stackLevel": profile["stackLevel"],
                "chargingProfilePurpose": profile["chargingProfilePurpose"],
            }
            if all(has[name] == value for name, value in fields.items()):
                found.append(entry)
        self.installed = [entry for entry in self.installed if entry not in found]
        return "Accepted" if found else "Unknown"

    @staticmethod
    def over(entry, now):
        """Whether it can never be in effect again."""
        connector, profile, installed = entry
        schedule = profile["chargingSchedule"]
        if "validTo" in profile and now >= seconds(profile["validTo"]):
            return True
        if "duration" not in schedule or profile["chargingProfileKind"] == "Recurring":
            return False
        start = None
        if profile["chargingProfileKind"] == "Absolute" and "startSchedule" in schedule:
            start = seconds(schedule["startSchedule"])
        elif profile["chargingProfilePurpose"] == "ChargePointMaxProfile":
            start = installed
        return start is not None and now >= start + schedule["duration"]

    def end(self, number):
        """The transaction at connector `number` is over, and with it its profiles."""
        self.running.pop(number, None)
        self.installed = [
            entry
            for entry in self.installed
            if entry[0] != number or entry[1]["chargingProfilePurpose"] != "TxProfile"
        ]

    # Limits

    def _highest(self, entries, moment, begun):
        for _, profile, installed in sorted(entries, key=lambda entry: -entry[1]["stackLevel"]):
            found = says(profile, moment, begun, installed)
            if found:
                return found
        return None

    def _of(self, purpose, connector):
        return [e for e in self.installed if e[0] == connector and e[1]["chargingProfilePurpose"] == purpose]

    def maximum(self, moment):
        return self._highest(self._of("ChargePointMaxProfile", 0), moment, None)

    def own(self, number, moment, begun):
        """What limits a transaction at `number`, but for the ChargePointMaxProfile."""
        found = None
        if number in self.running:
            found = self._highest(self._of("TxProfile", number), moment, begun)
        # 3.13.2: the highest stackLevel prevails; of two with the same, that of the connector (3.13.1).
        defaults = self._of("TxDefaultProfile", number) + self._of("TxDefaultProfile", 0)
        return found or self._highest(defaults, moment, begun)

    def carrying(self, number, *found):
        """How many phases carry current when `found` is what is said of a connector: all that it has, or one where
        phases can be switched (9.4.4) and only one may be used (7.14)."""
        phases, _, switches = self.connectors[number]
        alone = any(one and one[2] == 1 for one in found)
        return 1 if switches and alone else phases

    def cap(self, number, unit, found, phases):
        """(what a connector can use on `phases`, its minChargingRate) in `unit`."""
        cap = convert(Fraction(self.connectors[number][1]), "A", unit, phases)
        if not found:
            return cap, Fraction(0)
        limit, of, _, least = found
        return min(cap, tenths(convert(limit, of, unit, phases))), tenths(convert(least, of, unit, phases))

    def phases(self, moment, charging):
        """number -> phases that carry current; `charging`: number -> when its transaction began."""
        maximum = self.maximum(moment)
        return {number: self.carrying(number, self.own(number, moment, begun), maximum)
                for number, begun in charging.items()}

    def rates(self, moment, unit, charging):
        """number -> what it may draw; `charging`: number -> when its transaction began."""
        caps, least, phases = {}, {}, self.phases(moment, charging)
        order = sorted(charging, key=lambda number: (charging[number], number))
        for number in order:
            found = self.own(number, moment, charging[number])
            caps[number], least[number] = self.cap(number, unit, found, phases[number])
        maximum = self.maximum(moment)
        if maximum:
            self._share(maximum, unit, caps, least, order, phases)
        return caps

    def _share(self, maximum, unit, caps, least, order, phases):
        limit, of, _, _ = maximum
        wants = {n: tenths_up(convert(caps[n], unit, of, phases[n])) for n in order}
        needs = {
            n: max(tenths(convert(LOWEST, "A", of, phases[n])), tenths(convert(least[n], unit, of, phases[n])))
            for n in order
        }
        served = [n for n in order if wants[n] >= needs[n]]
        # The connector that began last waits until there is enough for each of the others.
        while any(tenths(limit / len(served)) < needs[n] for n in served):
            served.remove([n for n in served if tenths(limit / len(served)) < needs[n]][-1])
        left, waiting = limit, len(served)
        for number in sorted(served, key=lambda n: wants[n]) + [n for n in order if n not in served]:
            part = min(wants[number], tenths(left / waiting) if waiting > 0 else left)
            waiting, left = waiting - 1, left - part
            if part < wants[number]:
                caps[number] = tenths(convert(part, of, unit, phases[number]))

    def limits(self, moment):
        """number -> limit in A, or None without one, at connectors with a transaction and without."""
        charging = {number: begun for number, (begun, _) in self.running.items()}
        maximum, rates = self.maximum(moment), self.rates(moment, "A", charging)
        found = {}
        for number in self.connectors:
            if number not in charging:
                found[number] = maximum and tenths(convert(*maximum[:2], "A", self.carrying(number, maximum)))
            elif maximum or self.own(number, moment, charging[number]):
                found[number] = rates[number]
            else:
                found[number] = None
        return found

    def totals(self, moment):
        """number or 0 -> W that may be drawn there: of a connector with a limit in W, and of all of them."""
        found, maximum = {}, self.maximum(moment)
        if maximum and maximum[1] == "W":
            found[0] = maximum[0]
        for number, (begun, _) in self.running.items():
            own = self.own(number, moment, begun)
            if own and own[1] == "W":
                found[number] = own[0]
        return found

    def composite(self, number, unit, now):
        """A function of the moment: (rate in `unit`, numberPhases) that GetCompositeSchedule, asked at `now`, tells."""
        charging = {running: begun for running, (begun, _) in self.running.items()}
        if number == 0 and not charging:
            charging = dict.fromkeys(self.connectors, now)
        elif number and number not in charging:
            charging[number] = now

        def rate(moment):
            rates = self.rates(moment, unit, charging)
            phases = {n: self.told_phases(n, unit, moment, charging[n]) for n in charging}
            return (sum(rates.values()), max(phases.values())) if number == 0 else (rates[number], phases[number])

        return rate

    def told_phases(self, number, unit, moment, begun):
        """The numberPhases of a limit in the answer: those that carry current; of a total in W those of its profile."""
        found, maximum = self.own(number, moment, begun), self.maximum(moment)
        totals = [one[2] for one in (found, maximum) if one and one[1] == "W" and unit == "W"]
        if totals:
            return min(totals + [self.connectors[number][0]])
        return self.carrying(number, found, maximum)
