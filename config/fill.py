"""Fills the defaults into what the owner has written, and says what breaks a rule of fields.py."""

import json

SECRETS = ("authorization_key", "password", "AuthorizationKey")
_TYPES = {"text": str, "int": int, "bool": bool}
_KINDS = (str, int, bool, dict, list, type(None))
# As one text, for short ones stay in memory for ever.
_KIND_NAMES = '"text"|a whole number|true or false|a {section}|a [list]|null|a number'.split("|")


def wrong(where, value, allowed):
    """ValueError: field, value and what is allowed, in one line. Neither a secret nor what may hold one is shown."""
    if where.split(".")[-1] in SECRETS:
        shown = "%d characters long" % len(value) if type(value) is str else _kind(value)
    elif type(value) is dict or type(value) is list and [item for item in value if type(item) not in (int, float)]:
        shown = _kind(value)
    elif type(value) is str and "@" in value:
        shown = json.dumps("..." + value[value.rfind("@") :][:57])  # user and password of a URL stand before it
    else:
        shown = json.dumps(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
    _fail(where, shown, allowed)


def _fail(where, shown, allowed):
    raise ValueError("%s is %s, must be %s" % (where or "the content", shown, allowed))


def _kind(value):
    return _KIND_NAMES[_KINDS.index(type(value)) if type(value) in _KINDS else -1]


def fill(rule, value, where):
    """`value` with the defaults that `rule` knows filled in; ValueError naming a field that breaks it."""
    if rule is None:
        return value
    field = _is_field(rule)
    wanted = _TYPES.get(rule[0]) if field else type(rule)
    if type(value) is not wanted and wanted:  # isinstance would take true for 1
        if field:
            wrong(where, value, _KIND_NAMES[_KINDS.index(wanted)])
        _fail(where, _kind(value), _KIND_NAMES[_KINDS.index(wanted)])  # a password may stand where its section should
    if wanted is dict:
        return _section(rule, value, where + "." if where else "")
    if not field:
        if not rule[1] <= len(value) <= rule[2]:
            wrong(where, value, "a list of %d to %d" % (rule[1], rule[2]))
        return [fill(rule[0], item, "%s[%d]" % (where, at)) for at, item in enumerate(value)]
    if len(rule) > 2 and (type(value) is not type(rule[1]) or value != rule[1]):
        check(rule, value, where)
    return value


def _section(rules, values, prefix):
    section = {}
    for name in values:
        if name not in rules and "*" not in rules:
            raise ValueError("%s%s is unknown, %s" % (prefix, named(name), _hint(name, rules)))
        section[name] = fill(rules.get(name, rules.get("*")), values[name], prefix + named(name))
    for name in sorted(rules):
        if name not in section and name != "*":
            section[name] = _default(rules[name], prefix + name)
    return section


def named(name):
    """A field's name as the owner may have written it, in one line."""
    return json.dumps(name[:60])[1:-1]


def _is_field(rule):
    return type(rule) is list and type(rule[0]) is str


def _default(rule, where):
    if type(rule) is dict:
        return fill(rule, {}, where)
    if not _is_field(rule):
        return fill(rule, rule[3], where)
    if rule[1] is None:
        raise ValueError("%s is missing" % where)
    return rule[1]


def check(rule, value, where):
    """ValueError unless `value` is among the choices, or within the bounds of `rule`."""
    if type(rule[2]) is list:
        for choice in rule[2]:
            if type(choice) is type(value) and choice == value:
                return
        wrong(where, value, " or ".join([json.dumps(choice) for choice in rule[2]]))
    size = len(value) if type(value) is str else value
    if not rule[2] <= size <= rule[3]:
        unit = " characters" if type(value) is str else ""
        wrong(where, value, "%d to %d%s%s" % (rule[2], rule[3], unit, " or empty" if rule[1] == "" else ""))
    if type(value) is str and [character for character in value if character < " " or character == "\x7f"]:
        wrong(where, value, "without control characters")
    for character in rule[4] if len(rule) > 4 else "":
        if character in value:
            wrong(where, value, 'without "%s"' % character)


def _hint(name, rules):
    """The name that the owner may have meant: a name that differs in two characters at one place, else all names."""
    for known in sorted(rules):
        left, right = name.lower(), known
        while left and left[:1] == right[:1]:
            left, right = left[1:], right[1:]
        while left and left[-1:] == right[-1:]:
            left, right = left[:-1], right[:-1]
        if len(left) <= 2 and len(right) <= 2:
            return "did you mean %s?" % known
    return "known here: %s" % ", ".join(sorted(rules))
