"""Reading the time that others write (1.6 3.15, E 3.10); clock.py writes it."""

from .clock import days_to


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
