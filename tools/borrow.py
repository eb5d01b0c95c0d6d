"""Names of a library that nobody else mentions become names that the firmware has anyway: each name of its own would
stay in the board's memory for ever.

A library is no place where the owner looks for a fault, and its lines are left out of the build as well.
"""

import ast
import asyncio
import builtins
import io
import re

_WORD = re.compile(r"[A-Za-z_]\w*")
_KINDS = (str, bytes, bytearray, list, dict, set, tuple, int, Exception, io.BytesIO, asyncio.StreamReader,
          asyncio.StreamWriter, asyncio.Event, re.Match, type((lambda: (yield))()))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def borrowed(library, others):
    """Name -> name that it becomes in all files of the `library`; both are lists of texts."""
    trees = [ast.parse(text) for text in library]
    mentioned = set(_WORD.findall("\n".join(others)))
    foreign = {name for kind in (builtins, *_KINDS) for name in dir(kind)}
    texts = {word for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)
             and isinstance(node.value, str) for word in _WORD.findall(node.value)}
    own = set().union(*(_defined(tree) for tree in trees)) - mentioned - foreign - texts
    pieces = [text for text in texts if text[0] == "_" or text[-1] == "_"]  # a name may be put together of these
    own = sorted(name for name in own if name[:2] != "__" and not any(piece in name for piece in pieces))
    spoken = set(_WORD.findall("\n".join(library)))
    lent = sorted(name for name in set().union(*(_lent(text) for text in others)) - spoken if len(name) < 12)
    return dict(zip(own, lent, strict=False))


def _defined(tree):
    """What the library itself names: functions, classes, attributes of its objects."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            names.add(node.name)
            names.update(part.id for part in getattr(node, "body", []) for part in ast.walk(part)
                         if isinstance(node, ast.ClassDef) and isinstance(part, ast.Name)
                         and isinstance(part.ctx, ast.Store))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def _lent(text):
    """The public functions of a source, which are names in memory anyway."""
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, _FUNCTIONS) and node.name[0] != "_"}
