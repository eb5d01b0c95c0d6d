"""What memory.py relies on: absolute imports without circles, counting those inside functions, and that nothing keeps a
module in memory that is to be unloaded."""

import ast

import pytest
from rooms import firmware, imported, modules, tree

KNOWN = modules()


def residency():
    """(names of RESIDENT, names of ONCE) of memory.py."""
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in tree("memory.py").body
              if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("RESIDENT", "ONCE")}
    return values["RESIDENT"].split(), values["ONCE"].split()


def is_resident(name):
    resident, once = residency()
    return (name in resident or name.startswith("hal.") and not name.startswith("hal.sim.lever_")) and name not in once


def is_package(name):
    return KNOWN[name].endswith("__init__.py")


def circles(graph):
    """The groups of modules of `graph` (name -> names it imports) that import each other, by whatever way."""
    found, done = [], set()

    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in graph.get(waiting.pop(), ()):
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return seen

    for name in sorted(graph):
        if name not in done and name in reached(name):
            group = sorted(other for other in reached(name) if name in reached(other))
            done.update(group)
            found.append(group)
    return found


def graph_of(trees):
    return {name: {other for other, _ in imported(syntax, trees) if other != name} for name, syntax in trees.items()}


def test_no_module_imports_itself_by_way_of_others():
    assert circles(graph_of({name: tree(path) for name, path in KNOWN.items()})) == []


def test_a_hidden_circle_is_found():
    texts = {"a": "def f():\n    from b import c\n", "b": "", "b.c": "import d", "d": "def g():\n    import a\n",
             "e": "import a"}
    assert circles(graph_of({name: ast.parse(text) for name, text in texts.items()})) == [["a", "b.c", "d"]]


@pytest.mark.parametrize("name", firmware())
def test_imports_are_absolute(name):
    assert not [node.lineno for node in ast.walk(tree(name)) if isinstance(node, ast.ImportFrom) and node.level]


def test_every_resident_module_exists():
    resident, once = residency()
    assert [name for name in resident + once if name not in KNOWN] == []
    assert len(set(resident + once)) == len(resident + once)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_what_a_resident_module_imports_at_its_top_is_resident(name):
    """It stays in memory anyway, and a second import would bring a second copy."""
    if not (is_resident(name) or is_package(name)):
        pytest.skip("not resident")
    tops = [other for other, function in imported(tree(KNOWN[name]), KNOWN) if function is None]
    bad = [other for other in tops if other not in ("heap", "memory", "modules", "version")
           and not is_package(other) and not is_resident(other)]
    assert bad == []


def held(syntax, known):
    """(line, module) for each module that a frame which never ends holds in a variable: `while True` without an end, or
    main(), that bind what may be unloaded."""
    for function in ast.walk(syntax):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        loops = [node for node in ast.walk(function) if isinstance(node, ast.While)
                 and isinstance(node.test, ast.Constant) and node.test.value]
        endless = any(not any(isinstance(inner, (ast.Break, ast.Return)) for inner in ast.walk(loop)) for loop in loops)
        if not (endless or function.name == "main"):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    name = "%s.%s" % (node.module, alias.name)
                    if name in known and not is_package(name) and not is_resident(name):
                        yield node.lineno, name


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_no_frame_that_never_ends_holds_a_module(name):
    assert list(held(tree(KNOWN[name]), KNOWN)) == []


def test_a_frame_that_holds_a_module_is_found():
    text = "async def f():\n    while True:\n        from ocpp.rpc import lenient\n        await lenient.g()\n"
    assert list(held(ast.parse(text), KNOWN)) == [(3, "ocpp.rpc.lenient")]
    text = "async def f():\n    while True:\n        import ocpp.rpc.lenient\n        ocpp.rpc.lenient.g()\n"
    assert list(held(ast.parse(text), KNOWN)) == []


def test_modules_known_only_by_name_are_loaded_by_memory_alone():
    """No string is imported elsewhere."""
    calls = []
    for path in KNOWN.values():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("__import__", "import_module"):
                calls.append(path)
    assert set(calls) == {"memory.py"}
