"""Nothing leaves the machine, nothing is written where nobody asked, and no code comes from the folder that is read."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from quotes.files import isolation
from tests.serving import served

ROOT = Path(__file__).parents[1]
PROGRAM = (sys.executable, "-c", "import sys; from quotes.cli import main; sys.exit(main())")
STORY = "“We vote on Monday,” Ana Lee told Reuters.\n\nJo Roe said that the bridge was “a gift” to the valley.\n"
PAGE = f"<html><head><title>Ferries</title></head><body><article><p>{STORY}</p></article></body></html>"

# Every process of the program imports this first. Loopback is the server's own; anything else is refused and noted.
_WATCH = '''
import os, sys
_HOST_FIRST = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
_SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}

def _watch(event, args):
    if event not in _HOST_FIRST and event not in _SENDS:
        return
    target = args[0] if event in _HOST_FIRST else args[1]
    if event in _SENDS and (target is None or isinstance(target, (str, bytes))):
        return
    host = target[0] if isinstance(target, tuple) else target
    if host in (None, "", "127.0.0.1", "::1", "localhost"):
        return
    with open(os.environ["WATCHED"], "a", encoding="utf-8") as log:
        log.write(f"{event} {args!r}\\n")
    raise OSError("refused by the test")

sys.addaudithook(_watch)
'''


@frozen
class Desk:
    """A folder to work in, and what a program finds as its home, its temporary folder and its first import."""

    folder: Path
    home: Path
    temporary: Path
    log: Path
    environment: dict[str, str]

    def traces(self) -> list[str]:
        """Return the connections tried and the files left behind."""
        left = [str(p) for top in (self.home, self.temporary) for p in top.rglob("*")]
        return [*left, *(self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else ())]

    def run(self, *arguments: str, program: tuple[str, ...] = PROGRAM) -> subprocess.CompletedProcess[str]:
        """Run the program, which must succeed."""
        done = subprocess.run(
            [*program, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        assert 0 == done.returncode, done.stderr
        return done


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    names = ("articles", "home", "temporary", "site")
    folder, home, temporary, site = (tmp_path / name for name in names)
    for each in (folder, home, temporary, site):
        each.mkdir()
    (site / "sitecustomize.py").write_text(_WATCH, encoding="utf-8")
    for number in range(3):
        (folder / f"{number}.txt").write_text(STORY, encoding="utf-8")
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    log = tmp_path / "watched.log"
    told = {"HOME": home, "TMPDIR": temporary, "PYTHONPATH": site, "WATCHED": log, "PYTHONDONTWRITEBYTECODE": 1}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ORT_", "RAY_", "HF_"))}
    return Desk(folder, home, temporary, log, kept | {k: str(v) for k, v in told.items()})


# -- no network, no files ---------------------------------------------------------------------------------------------


def test_the_watch_sees_an_attempt(desk: Desk) -> None:
    """The test's own means work: a connection to another machine is refused and noted, a file at home is found."""
    code = "import os, socket; os.mkdir(os.path.expanduser('~/id')); socket.create_connection(('192.0.2.1', 9))"
    done = subprocess.run([sys.executable, "-c", code], env=desk.environment, capture_output=True, text=True)
    assert "refused by the test" in done.stderr
    assert 2 == len(desk.traces())


@pytest.mark.slow
def test_reading_and_all_that_follows_it_leave_no_trace(desk: Desk) -> None:
    """From extract in two processes to a report: no connection, no file but those that were named."""
    desk.run("extract", ".", "--jobs", "2", "--with-text", "-o", "../q.jsonl")
    desk.run("variants", "../q.jsonl", "-o", "../variants.json")
    desk.run("store", "../q.jsonl", "-o", "../q.db")
    desk.run("search", "../q.db", "vote")
    desk.run("report", "../q.jsonl", "-o", "../report.html")
    assert [] == desk.traces()


@pytest.mark.slow
def test_the_server_leaves_no_trace(desk: Desk) -> None:
    """A server that has answered has connected to nobody and written nothing."""
    with served("serve", "--port", "0", "--jobs", "1", folder=desk.folder, environment=desk.environment) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://").rstrip("/"), timeout=30)
        connection.request("POST", "/extract", body=STORY.encode(), headers={"Content-Type": "text/plain"})
        assert 200 == connection.getresponse().status
        connection.close()
        server.stop(signal.SIGTERM)
    assert [] == desk.traces()


_IN_NAMESPACE = """
import subprocess, sys
before, done = None, None
def lost():
    rows = [line.split() for line in open("/proc/net/snmp", encoding="ascii")]
    counts = {a[0] + key: int(value) for a, b in zip(rows[::2], rows[1::2]) for key, value in zip(a[1:], b[1:])}
    six = dict(line.split() for line in open("/proc/net/snmp6", encoding="ascii"))
    return [counts["Ip:OutNoRoutes"], counts["Udp:OutDatagrams"], counts["Udp:NoPorts"], counts["Tcp:ActiveOpens"],
            int(six.get("Ip6OutNoRoutes", 0)), int(six.get("Udp6OutDatagrams", 0))]
before = lost()
done = subprocess.run(sys.argv[1:])
print("TRIED", [b - a for a, b in zip(before, lost())])
sys.exit(done.returncode)
"""


def _namespaces() -> bool:
    program = shutil.which("unshare")
    return bool(program) and not subprocess.run([str(program), "-rn", "true"], capture_output=True).returncode


@pytest.mark.slow
@pytest.mark.skipif(not _namespaces(), reason="this system gives no network namespace")
def test_libraries_in_c_do_not_try_the_network_either(desk: Desk) -> None:
    """In a separate network, where the kernel counts packets without a route, reading makes it count none."""
    command = ["unshare", "-rn", sys.executable, "-c", _IN_NAMESPACE, *PROGRAM]
    done = desk.run("extract", ".", "-o", "../q.json", program=tuple(command))
    assert "TRIED [0, 0, 0, 0, 0, 0]" in done.stdout
    assert [] == desk.traces()


def test_importing_the_package_silences_the_network_runtime() -> None:
    """Whatever part of the package is imported first, onnxruntime finds its telemetry switched off."""
    code = "import quotes.errors, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ORT_")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "1" == done.stdout.strip(), done.stderr


def test_ray_reports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray's usage statistics are off wherever this package starts it."""
    pytest.importorskip("ray", reason="Ray is not installed: .venv/bin/pip install '.[ray]'")
    from quotes.batch import ray as distributed

    monkeypatch.delenv("RAY_USAGE_STATS_ENABLED", raising=False)
    distributed._import_ray("distribute")
    assert "0" == os.environ["RAY_USAGE_STATS_ENABLED"]


# -- no code from the folder ------------------------------------------------------------------------------------------

# What workers, servers and libraries import; the last three only where Python's own start does not look there.
_NAMES = ("pickle", "queue", "html", "spacy", "json", "struct", "asyncio", "multiprocessing", "click", "numpy", "ray")
_EARLY = ("sitecustomize", "typing", "contextlib")


@pytest.fixture
def trapped(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Modules are among the articles; none may have run by the end."""
    ran = tmp_path / "ran"
    ran.mkdir()
    for name in (*_NAMES, *_EARLY):
        code = f"open({str(ran / name)!r}, 'w').close()\nraise SystemExit('{name}.py of the folder was run')\n"
        (desk.folder / f"{name}.py").write_text(code, encoding="utf-8")
    yield desk
    assert [] == [p.name for p in ran.iterdir()]


def test_no_worker_imports_from_the_folder(trapped: Desk) -> None:
    """Processes of a run by `python -P -m quotes.cli`; without -P Python itself looks there first."""
    program = (sys.executable, "-P", "-m", "quotes.cli")
    trapped.run("extract", "*.txt", "--jobs", "2", "-o", "../q.json", program=program)


@pytest.mark.slow
def test_an_empty_entry_of_the_path_is_not_the_folder(trapped: Desk) -> None:
    """PYTHONPATH=":/somewhere", as scripts leave it, lets neither the program nor its workers import from there."""
    for name in _EARLY:
        (trapped.folder / f"{name}.py").unlink()
    trapped.environment["PYTHONPATH"] = os.pathsep + trapped.environment["PYTHONPATH"]
    trapped.run("extract", "*.txt", "--jobs", "2", "-o", "../q.json")


@pytest.mark.slow
def test_the_servers_workers_do_not_import_from_the_folder(trapped: Desk) -> None:
    """A server that is started among the articles."""
    arguments = ("serve", "--port", "0", "--jobs", "1")
    with served(*arguments, folder=trapped.folder, environment=trapped.environment) as server:
        assert server.url


@pytest.mark.slow
def test_rays_workers_do_not_import_from_the_folder(trapped: Desk) -> None:
    """Ray puts the folder that the driver is in on its workers' path; it is another one by then."""
    pytest.importorskip("ray.data", reason="Ray Data is not installed: .venv/bin/pip install '.[ray]'")
    (trapped.folder / "in.jsonl").write_text('{"id": "1", "text": "“We vote on Monday,” Ana Lee told Reuters."}\n')
    trapped.environment["TMPDIR"] = "/tmp"  # Ray's sockets want a short path
    del trapped.environment["PYTHONPATH"]  # its processes speak to each other by the machine's own address
    done = trapped.run("distribute", "in.jsonl", "../out", "--workers", "1")
    assert "1 article, 1 quote, 0 errors" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "original", "expected"),
    [
        (["-m", "a.txt"], ["python", "-m", "quotes.cli", "a.txt"], True),
        (["-m"], ["python", "-X", "dev", "-m", "quotes.training"], True),
        (["-m", "-x"], ["python", "-mquotes", "-x"], True),
        (["-m"], ["python", "-m", "pytest"], False),
        (["-m", "quotes.cli"], ["python", "-m", "cProfile", "quotes"], False),
        (["-c"], ["python", "-c", "import quotes"], False),
        (["quotes", "-m"], ["python", "quotes", "-m"], False),
    ],
)
def test_its_own_module_is_known(
    arguments: list[str], original: list[str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current folder leaves the path only if the interpreter was asked to run this package."""
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(sys, "orig_argv", original)
    assert expected == isolation.runs_own_module()


@pytest.mark.parametrize(
    ("arguments", "path", "python_path", "expected"),
    [
        (["-c"], ["", "/lib"], "", ["/lib"]),
        ([""], ["", "/lib"], "", ["", "/lib"]),
        (["quotes"], ["/bin", "HERE", "/lib"], "", ["/bin", "HERE", "/lib"]),
        (["quotes"], ["/bin", "HERE", "/own", "/lib"], ":/own", ["/bin", "/own", "/lib"]),
    ],
)
def test_a_program_leaves_the_current_folder(
    arguments: list[str], path: list[str], python_path: str, expected: list[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    """Folders that Python put on the path by default go; a user's stay, as in an interactive session."""
    here: Callable[[list[str]], list[str]] = lambda names: [n.replace("HERE", str(tmp_path)) for n in names]  # noqa: E731
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(sys, "path", here(path))
    monkeypatch.setenv("PYTHONPATH", python_path)
    isolation.leave_current_folder()
    assert here(expected) == sys.path


def test_a_checkout_that_is_not_installed_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the current folder contains the package, it stays."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["-c"])
    monkeypatch.setattr(sys, "path", ["", "/lib"])
    isolation.leave_current_folder()
    assert ["", "/lib"] == sys.path


@pytest.mark.parametrize(
    ("given", "folder", "expected"),
    [
        (None, "elsewhere", None),
        ("", "elsewhere", None),
        (os.pathsep, "elsewhere", None),
        (os.pathsep.join(["", "/own", "."]), "elsewhere", "/own"),
        (None, "checkout", isolation.PACKAGE_ROOT),
        ("/own", "checkout", f"/own{os.pathsep}{isolation.PACKAGE_ROOT}"),
    ],
)
def test_the_path_of_a_child(
    given: str | None, folder: str, expected: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A child imports by PYTHONPATH what was named; a checkout that is the current folder is named."""
    monkeypatch.chdir(ROOT if folder == "checkout" else tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    if given is not None:
        monkeypatch.setenv("PYTHONPATH", given)
    assert expected == isolation.child_environment().get("PYTHONPATH")


def test_the_environment_of_a_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A child gets no current folder by PYTHONPATH, and this process keeps its own environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", "/own", "."]))
    before: dict[str, Any] = dict(os.environ)
    with isolation.IsolatedChildren():
        assert ("1", "/own") == (os.environ["PYTHONSAFEPATH"], os.environ["PYTHONPATH"])
    assert before == dict(os.environ)
