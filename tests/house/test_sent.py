"""What a socket sends is never a constant, which may lie in flash where the network does not see it (in_place.py)."""

import ast

import pytest
from rooms import firmware, tree

SENDING = ("awrite", "sendto", "sendall")


def constants(syntax):
    """The names of the module's own constants in bytes."""
    for node in syntax.body:
        if isinstance(node, ast.Assign) and isinstance(getattr(node.value, "value", None), bytes):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def sent(syntax):
    """The lines in which a constant is sent."""
    known = set(constants(syntax))
    for node in ast.walk(syntax):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in SENDING and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) or getattr(first, "id", "") in known:
                yield node.lineno


@pytest.mark.parametrize("name", [name for name in firmware() if not name.startswith("hal/sim/")])
def test_no_constant_is_sent(name):
    assert list(sent(tree(name))) == []


@pytest.mark.parametrize("text", ["s.awrite(b'x')", "_A = b'x'\ns.sendto(_A, where)"])
def test_a_constant_that_is_sent_is_found(text):
    assert len(list(sent(ast.parse(text)))) == 1


def test_a_copy_may_be_sent():
    assert list(sent(ast.parse("_A = b'x'\ns.awrite(bytearray(_A))"))) == []
