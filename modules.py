"""Imports modules from the firmware's archive, all under one file name; for memory.py.

An ordinary import leaves the path of the file in memory for ever, with 150 modules 6 kB and so many names that the
table of names doubles, which is another 9 kB. So each module is imported as "_", and gets its own name when it is there
or when it imports another one. A package has a path only where a file of the owner goes before one of the archive.
"""

import sys

_FACE = "/__init__.mpy"
_RUN = ("in_place", "modules")  # while their functions are released

archive = None  # the class firmware_files.Archive, where modules come from one
in_place = None  # the in_place.InPlace through which functions run in flash, where that is possible
_coming = None  # name of the module that is imported as "_" at this moment


def find_archive():
    """Look where the modules come from."""
    global archive
    files = sys.modules.get("firmware_files")
    archive = files and files.Archive


def path_of(name):
    """The path of the module `name` in the archive; None if it is not there, or a plain .py goes before it."""
    mounted = archive and archive.mounted
    stem = name.replace(".", "/")
    for path in (stem + ".mpy", stem + _FACE):
        if mounted and mounted.offers(path):
            return path
    return None


def begin(name, path):
    """Prepare the import of the module `name` from `path` in the archive; the name to import. Then settle() or fail()
    is called."""
    global _coming
    archive.mounted.target, _coming = path, name
    return "_"


def fail(name):
    """The import of the module `name` has failed."""
    global _coming
    _coming = None
    sys.modules.pop("_", None)
    sys.modules.pop(name, None)


def settle():
    """Give the module that is imported as "_" at this moment its own name."""
    global _coming
    if _coming:
        name, _coming = _coming, None
        module = sys.modules[name] = sys.modules.pop("_")
        module.__name__ = name
        if archive.mounted.target.endswith(_FACE):
            # Only where a plain .py goes before, an ordinary import looks into it.
            module.__path__ = sys.path[0] + "/" + name.replace(".", "/") if archive.mounted.patches else ""
        package, _, leaf = name.rpartition(".")
        if package in sys.modules:
            setattr(sys.modules[package], leaf, module)


def release(name, path):
    """Called when the module `name` from the member `path` has been imported, before anything calls its functions."""
    if in_place:
        in_place.release(sys.modules[name], path)


def run_in_place(begins, addresses, running, is_whole):
    """From now on functions of modules run where flash can be seen, see in_place.py; those of modules that are there
    already, too, but not the functions `running`, which call this. is_whole(archive, begins, addresses) tells
    whether all of the archive can be seen: then it is read there, too."""
    global in_place
    import machine

    from in_place import InPlace

    runner = InPlace(archive.mounted, machine.mem32, begins, addresses)
    pool = sys.modules.pop("name_pool", None)
    if pool:
        pool.replace(machine.mem32, archive.mounted.tell(pool.MEMBER), runner.address_of)
    for name in sorted(sys.modules, key=_RUN.count):
        path = path_of(name)
        if path:
            runner.release(sys.modules[name], path, None if name in _RUN else running)
    in_place = runner
    if is_whole(archive.mounted, begins, addresses):
        archive.mounted.get = runner.view  # from now on littlefs, which is slow, is not asked
