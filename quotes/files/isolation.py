"""Isolate the program: no telemetry of libraries, no code from the folder that is being read.

This module imports only modules that the interpreter has already loaded, so that it can run first.
"""

import os
import sys

# Settings that libraries read when imported, here and in child processes.
SILENCE = {"ORT_DISABLE_TELEMETRY": "1"}
RAY_SILENCE = {"RAY_USAGE_STATS_ENABLED": "0"}
HUB_SILENCE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRANSFORMERS_OFFLINE": "1"}
PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Entries of PYTHONPATH, often joined with an unset variable, that Python takes for the current folder.
_HERE = ("", ".")


def runs_own_module() -> bool:
    """Return whether the interpreter was started with `-m` and a module of this package, not yet found."""
    if sys.argv[:1] != ["-m"] or len(sys.orig_argv) < len(sys.argv):
        return False
    given = sys.orig_argv[-len(sys.argv)]
    name = given.partition("m")[2] if given.startswith("-") else given  # "-mquotes" is one word
    return name.partition(".")[0] == __name__.partition(".")[0]


def leave_current_folder() -> None:
    """Remove the current folder from the import path, unless the package itself is imported from there.

    `python -m`, `python -c` and an empty entry of PYTHONPATH put it there.
    """
    here = os.getcwd()
    if os.path.realpath(here) == os.path.realpath(PACKAGE_ROOT):
        return
    if sys.path[:1] == [here] and runs_own_module() and not sys.flags.safe_path:
        del sys.path[0]
    if sys.path[:1] == [""] and sys.argv[:1] == ["-c"]:
        del sys.path[0]
    if any(entry in _HERE for entry in _python_path()):
        sys.path[:] = [entry for entry in sys.path if entry != here]


def child_environment() -> dict[str, str]:
    """Return the environment for a Python process that must not import from the current folder.

    If the package itself is in the current folder, the folder is named: a checkout also runs uninstalled.
    """
    entries = [entry for entry in _python_path() if entry not in _HERE]
    if os.path.realpath(os.getcwd()) == os.path.realpath(PACKAGE_ROOT):
        entries.append(PACKAGE_ROOT)
    environment = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(entries)}
    return environment if entries else {k: v for k, v in environment.items() if k != "PYTHONPATH"}


class IsolatedChildren:
    """Within the block, Python processes that a library starts do not import from the current folder."""

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
        wanted = child_environment()
        for name in self._before:
            if name in wanted:
                os.environ[name] = wanted[name]
            else:
                os.environ.pop(name, None)

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _python_path() -> list[str]:
    if sys.flags.ignore_environment:
        return []
    value = os.environ.get("PYTHONPATH", "")
    return value.split(os.pathsep) if value else []
