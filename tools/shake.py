"""What nobody calls is left out of a library that goes into the firmware, for its code takes memory there.

A function or method goes when its name stands nowhere, in the library or in what uses it, but in its own
definition: no call, no attribute, no text. What is left may have lost the last mention of others, so this goes on
until nothing changes.
"""

import ast


def mentioned(tree, library=False):
    """The names that stand in `tree`, but for those of definitions and, in a `library`, of its re-exports."""
    names = set()
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    offers = {node.value for node in ast.walk(tree) if library and _is_offer(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            # What belongs to another module, as asyncio.start_server, is not that of the library.
            if node not in offers and not (isinstance(node.value, ast.Name) and node.value.id in modules):
                names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            names.add(node.value)
        elif isinstance(node, ast.alias) and not library:
            names.update((node.name + "." + (node.asname or "")).split("."))
    return names


def _is_offer(node):
    """redirect = Response.redirect: a shorter name, for those who want it."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Attribute):
        return False
    return getattr(node.targets[0], "id", None) == node.value.attr


class _Shaker(ast.NodeTransformer):
    """Removes the definitions and re-exports that are not `wanted`."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.removed = 0

    def _definition(self, node):
        if node.name in self.wanted or node.name.startswith("__"):
            return self.generic_visit(node)
        self.removed += 1
        return None

    def visit_Assign(self, node):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if not names or names[0].startswith("__") or set(names) & self.wanted:
            return self.generic_visit(node)
        self.removed += 1
        return None

    visit_FunctionDef = visit_AsyncFunctionDef = _definition

    def visit_ClassDef(self, node):
        if node.name not in self.wanted:
            self.removed += 1
            return None
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_ImportFrom(self, node):
        if node.module and node.module.startswith("microdot"):
            node.names = [alias for alias in node.names if alias.name in self.wanted]
        return node if node.names else None


def shake(library, users):
    """The sources `library`, name -> text, without what neither they nor the texts `users` mention."""
    trees = {name: ast.parse(text) for name, text in library.items()}
    needed = set().union(*(mentioned(ast.parse(text)) for text in users))
    while True:
        wanted = needed.union(*(mentioned(tree, library=True) for tree in trees.values()))
        shaker = _Shaker(wanted)
        trees = {name: ast.fix_missing_locations(shaker.visit(tree)) for name, tree in trees.items()}
        if not shaker.removed:
            return {name: ast.unparse(tree) + "\n" for name, tree in trees.items()}
