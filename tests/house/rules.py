"""The house rules that a machine can see: functions of a syntax tree that yield (line, what is wrong)."""

import ast

MAX_FILE = 250
MAX_TEST_FILE = 300
MAX_FUNCTION = 35
HEAVY = {"typing", "dataclasses", "enum", "abc", "functools", "logging", "contextlib"}
WALL_CLOCK = {"time", "gmtime", "localtime", "mktime"}


def bare_except(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield node.lineno, "bare except: it would swallow a cancellation"


def asserts(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.lineno, "assert: -O2 leaves it out"


def threads(tree):
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if "_thread" in names or isinstance(node, ast.ImportFrom) and node.module == "_thread":
            yield node.lineno, "_thread: unsafe on the PC, and no faster on the board"


def heavy_modules(tree):
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for name in HEAVY.intersection(names):
            yield node.lineno, "%s: not on the board" % name


def formatted_log(tree):
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "log"):
            continue
        for argument in node.args[:1]:
            text = isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Mod)
            if text or isinstance(argument, (ast.JoinedStr, ast.Call)):
                yield node.lineno, "log text made before the level is known: give it %s and arguments"


def qualified_const(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "const":
            yield node.lineno, "the compiler knows const only by its bare name"


def wall_clock(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time":
            if node.attr in WALL_CLOCK:
                yield node.lineno, "time.%s: only ocpp/clock knows the epoch" % node.attr


def long_functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION:
                yield node.lineno, "%s has %d lines, at most %d" % (node.name, lines, MAX_FUNCTION)


def machine_code(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("viper", "native"):
            yield node.lineno, "%s code belongs into a file of its own whose name begins with _" % node.attr


def forgotten_await(tree):
    """A coroutine of the same module or class, called as if it were a function: nothing would happen."""
    for scope in ast.walk(tree):
        if not isinstance(scope, (ast.Module, ast.ClassDef)):
            continue
        coroutines = {node.name for node in scope.body if isinstance(node, ast.AsyncFunctionDef)}
        for node in ast.walk(scope):
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
                continue
            called = node.value.func
            if isinstance(scope, ast.Module):
                name = called.id if isinstance(called, ast.Name) else None
            else:
                own = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
                name = called.attr if own and called.value.id == "self" else None
            if name in coroutines:
                yield node.lineno, "%s is a coroutine: await it, or make a task of it" % name


def coroutine_names(trees):
    """The names that are a coroutine's wherever they are defined in `trees`."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return {node.name for node in nodes if isinstance(node, ast.AsyncFunctionDef)} - functions


def forgotten_await_of(names, tree):
    """A call of something's attribute that is in `names`, of coroutines, as if it were a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr in names:
                yield node.lineno, "%s is a coroutine: await it, or make a task of it" % called.attr


# Each rule with a piece of code that breaks it.
EVERYWHERE = {
    bare_except: "try:\n    x()\nexcept:\n    pass",
    asserts: "assert x",
    threads: "import _thread",
    heavy_modules: "from typing import Any",
    formatted_log: "log.info(f'{x}')\nlog.info('%s' % x)\nlog.info('{}'.format(x))",
    qualified_const: "_A = micropython.const(1)",
    long_functions: "def f():\n" + "    x()\n" * MAX_FUNCTION,
    forgotten_await: "async def f():\n    pass\ndef g():\n    f()\n"
    "class C:\n    async def h(self):\n        pass\n    def i(self):\n        self.h()",
}
IN_TOOLS_TOO = (bare_except, asserts, threads, long_functions, forgotten_await)
BUT_FOR_SOME = {
    wall_clock: "time.time()",
    machine_code: "@micropython.viper\ndef f():\n    pass",
}
