"""Reading the time that others write, and writing it (1.6 3.14, 3.15, E 3.10)."""

_CUMULATED_DAYS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def days_to(year, month, day):
    """Days since 2000-01-01 of a date in 2000..2099."""
    leap_days = (year - 2000 + 3) // 4
    days = (year - 2000) * 365 + leap_days + _CUMULATED_DAYS[month - 1] + day - 1
    return days + 1 if month > 2 and year % 4 == 0 else days


def text_of(seconds):
    """`seconds` since 2000 as dateTime text in UTC, as every message carries it (1.6 3.14)."""
    days, rest = divmod(seconds, 86400)
    year, month = 2000 + days * 4 // 1461, 1
    while month < 12 and days >= days_to(year, month + 1, 1):
        month += 1
    day = days - days_to(year, month, 1) + 1
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % (year, month, day, rest // 3600, rest // 60 % 60, rest % 60)


def parse(text):
    """Seconds since 2000 of an ISO 8601 `text`, fraction and offset optional (1.6 3.15, E 3.10); ValueError."""
    if len(text) < 19 or text[4] != "-" or text[7] != "-" or text[10] not in "Tt " or text[13] != ":":
        raise ValueError("not a dateTime: " + text)
    year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    if not (2000 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError("date out of range: " + text)
    return days_to(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - _offset(text)


def milliseconds(text):
    """The fraction of a second in `text`, which parse() takes."""
    digits = ""
    while text[19:20] == "." and text[20 + len(digits) : 21 + len(digits)].isdigit():
        digits += text[20 + len(digits)]
    return int((digits + "000")[:3])


def _offset(text):
    """Seconds that the zone at the end of `text` is ahead of UTC; none means UTC (1.6 3.14)."""
    at = 19
    while at < len(text) and (text[at] == "." or text[at].isdigit()):
        at += 1
    zone = text[at:]
    if not zone or zone in "Zz":
        return 0
    if zone[0] not in "+-" or len(zone) < 3:
        raise ValueError("unknown time zone: " + text)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:] if len(zone) > 3 else "0")
    return minutes * 60 if zone[0] == "+" else minutes * -60
