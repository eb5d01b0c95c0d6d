"""The dates of certificates (RFC 5280 4.1.2.5)."""

from micropython import const

from x509.der import malformed

_UTC_TIME = const(0x17)
_GENERALIZED_TIME = const(0x18)


def read(reader):
    """Seconds since 1970 of the next element, YYMMDDHHMMSSZ from 1950 to 2049, or YYYYMMDDHHMMSSZ."""
    tag = reader.tag()
    if tag not in (_UTC_TIME, _GENERALIZED_TIME):
        raise malformed("a date is missing")
    digits = reader.value(tag)
    if len(digits) != (13 if tag == _UTC_TIME else 15) or digits[-1] != 0x5A:
        raise malformed("a date is not in UTC and whole seconds")
    for digit in digits[:-1]:
        if not 0x30 <= digit <= 0x39:
            raise malformed("a date is not of digits")
    if tag == _UTC_TIME:
        digits = (b"20" if digits < b"50" else b"19") + digits
    return _seconds(int(digits[:4]), [int(digits[at : at + 2]) for at in range(4, 14, 2)])


def _seconds(year, numbers):
    month, day, hour, minute, second = numbers
    if not (1 <= month <= 12 and 1 <= day <= _days(year, month) and hour < 24 and minute < 60 and second < 60):
        raise malformed("a date is not in the calendar")
    # Years from March on, so that a leap day is the last one of a year.
    year -= month < 3
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day
    return (days - 719469) * 86400 + hour * 3600 + minute * 60 + second


def _days(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
