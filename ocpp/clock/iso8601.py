"""Reads the dateTime texts of other systems, and writes our own (1.6 3.14, 3.15, E 3.10)."""

_CUMULATED_DAYS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_DAYS = b"\x1f\x1d\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"  # of each month of a leap year


def days_to(year, month, day):
    """Days since 2000-01-01 of a date in 2000..2099."""
    leap_days = (year - 2000 + 3) // 4
    days = (year - 2000) * 365 + leap_days + _CUMULATED_DAYS[month - 1] + day - 1
    return days + 1 if month > 2 and year % 4 == 0 else days


def date_of(seconds):
    """(year, month, day, hour, minute, second) in UTC of `seconds` since 2000."""
    days, rest = divmod(seconds, 86400)
    year, month = 2000 + days * 4 // 1461, 1
    while month < 12 and days >= days_to(year, month + 1, 1):
        month += 1
    day = days - days_to(year, month, 1) + 1
    return year, month, day, rest // 3600, rest // 60 % 60, rest % 60


def text_of(seconds):
    """`seconds` since 2000 as dateTime text in UTC, as every message carries it (1.6 3.14)."""
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % date_of(seconds)


def parse(text):
    """Seconds since 2000 of the ISO 8601 dateTime `text`, see read(); ValueError, also outside 2000..2099."""
    year, month, day, hour, minute, second, ahead = read(text)
    if not 2000 <= year <= 2099:
        raise ValueError("date out of range: " + text)
    return days_to(year, month, day) * 86400 + hour * 3600 + (minute - ahead) * 60 + second


def milliseconds(text):
    """The fraction of a second in `text`, which parse() takes."""
    return int((_fraction(text) + "000")[:3])


def is_date_time(text):
    """Whether read() takes `text`."""
    try:
        return bool(read(text))
    except ValueError:
        return False


def read(text):
    """[year, month, day, hour, minute, second, minutes that the zone is ahead of UTC] of the ISO 8601 dateTime `text`,
    as others write it (1.6 3.14, 3.15, E 3.10): T in any case or a space, seconds and a fraction of them optional, zone
    Z, +hh, +hhmm, +hh:mm or, for UTC, none. ValueError if it is not that, or the calendar does not have it."""
    if not _is_like(text[:16], b"0000-00-00T00:00"):
        raise ValueError("not a dateTime: " + text[:40])
    numbers = [int(text[at:end]) for at, end in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16))]
    at = 16
    if _is_like(text[16:19], b":00"):
        digits = _fraction(text)
        at = 20 + len(digits) if digits else 19
    numbers.append(int(text[17:19]) if at > 16 else 0)
    numbers.append(_minutes_ahead(text[at:]))
    if not _is_real(*numbers):
        raise ValueError("no such time: " + text[:40])
    return numbers


def _is_like(text, pattern):
    """Whether `text` has digits where `pattern` has 0, T or a space where it has T, and is like it elsewhere."""
    text = text.encode()  # an index into a str would make each character a name, which stays in memory
    if len(text) != len(pattern):
        return False
    for found, expected in zip(text, pattern):
        if found not in (b"0123456789" if expected == 48 else b"Tt " if expected == 84 else (expected,)):
            return False
    return True


def _fraction(text):
    """The digits of the fraction of a second behind a dateTime with seconds; "" without one."""
    end = 20
    while text[19:20] in (".", ",") and "0" <= text[end : end + 1] <= "9":
        end += 1
    return text[20:end]


def _minutes_ahead(zone):
    """Minutes that a time with `zone` behind it is ahead of UTC; ValueError."""
    if zone in ("", "Z", "z"):
        return 0
    digits = zone[1:]
    if zone[0] in "+-" and any([_is_like(digits, pattern) for pattern in (b"00", b"0000", b"00:00")]):
        hours, minutes = int(digits[:2]), int(digits[-2:]) if len(digits) > 2 else 0
        if hours < 24 and minutes < 60:
            return (hours * 60 + minutes) * (1 if zone[0] == "+" else -1)
    raise ValueError("unknown time zone: " + zone[:40])


def _is_real(year, month, day, hour, minute, second, ahead):
    """Whether the calendar has that time; a leap second ends a day of UTC."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1] or hour > 23 or minute > 59:
        return False
    if month == 2 and day == 29 and year % (4 if year % 100 else 400):
        return False
    return second < 60 or second == 60 and (hour * 60 + minute - ahead) % 1440 == 1439
