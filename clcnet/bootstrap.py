"""From a bare machine to a working .venv: `make` calls this with the system's python3, so only the standard library.

    python3 clcnet/bootstrap.py           what the application needs
    python3 clcnet/bootstrap.py --tests   and what its tests need (Chromium, gettext)

System packages are installed through apt where that is possible without asking; otherwise this prints the one command
to run. The second time it finds everything in place and takes a fraction of a second.
"""
# ruff: noqa: T201 - it speaks to a person

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
STAMP = VENV / "clcnet.json"
LOCK = BASE / "requirements.lock"
BUILD = BASE / "build-constraints.txt"
LOCALE = BASE / "clcnet" / "locale"

# What WeasyPrint opens at run time, by Debian's names.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# For tests only: the browser's journeys (libatomic is for Playwright), the check that no word is left untranslated.
TOOLS = {"chromium": "chromium", "xgettext": "gettext"}
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}


class Stop(Exception):
    """Cannot go on; the text says what to do."""


# ---------------------------------------------------------------- system packages


def missing_packages():
    """Debian's names of the packages without which the application cannot run."""
    names = [] if importlib.util.find_spec("ensurepip") or stamp() == wanted() else ["python3-venv"]
    return names + missing_libraries(LIBRARIES)


def missing_libraries(libraries):
    """The packages of those libraries that cannot be opened."""
    names = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            names.append(package)
    return names


def missing_tools():
    """Debian's names of the packages without which some tests cannot run."""
    commands = [package for command, package in TOOLS.items() if not shutil.which(command)]
    return commands + missing_libraries(TEST_LIBRARIES)


def install(packages):
    """Install system packages without asking anybody. False where that is not possible."""
    sudo = administrator()
    if sudo is None or not shutil.which("apt-get"):
        return False
    print(f"Installing system packages: {' '.join(packages)} ...", flush=True)
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    add = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    if run(add).returncode == 0:
        return True
    run([*apt, "update"])  # a new machine has no lists of packages yet, an old one has outdated lists
    done = run(add)
    if done.returncode:
        print(done.stdout.decode(errors="replace")[-2000:])
    return done.returncode == 0


def administrator():
    """Words before a command that needs root: none for root, `sudo -n` where it asks for no password, else None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def by_hand(packages):
    """The one command for a person."""
    command = f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(packages)}"
    if os.geteuid() == 0:
        return f"    {command}"
    return f'    sudo sh -c "{command}"' if shutil.which("sudo") else f'    su - -c "{command}"'


def run(words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=BASE)


def system(tests):
    needed = missing_packages()
    if needed and not install(needed):
        more = missing_tools() if tests else []
        raise Stop(
            f"Some system packages are missing. Please run this, then start again:\n\n{by_hand(needed + more)}\n"
        )
    if tests and (absent := missing_tools()) and not install(absent):
        if os.environ.get("CI") == "true":
            raise Stop(f"The tests need these system packages:\n\n{by_hand(absent)}\n")
        print(f"Tests that need {' and '.join(absent)} will be skipped. To run them too:\n\n{by_hand(absent)}\n")


# ---------------------------------------------------------------- .venv


def wanted():
    """What a complete .venv was made of. It cannot be moved and does not survive another Python."""
    files = LOCK.read_bytes() + BUILD.read_bytes()
    return {"lock": hashlib.sha256(files).hexdigest(), "python": "{}.{}".format(*sys.version_info), "place": str(VENV)}


def stamp():
    """What the present .venv says of itself; {} while or after an interrupted installation, None without a word."""
    try:
        return json.loads(STAMP.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}


def environment():
    """Make .venv agree with requirements.lock."""
    now, then = wanted(), stamp()
    if now == then:
        return
    usable = then is None or {**then, "lock": now["lock"]} == now  # made here, by this Python, to its end
    if not (
        usable
        and (VENV / "bin" / "python").exists()
        and run([VENV / "bin" / "python", "-m", "pip", "-V"]).returncode == 0
    ):
        if VENV.is_symlink():
            VENV.unlink()  # somebody else's
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        STAMP.write_text("{}")
        if (made := run([sys.executable, "-m", "venv", VENV])).returncode:
            raise Stop(f"python3 -m venv failed:\n{made.stdout.decode(errors='replace')}")
    STAMP.write_text("{}")
    print("Installing Python packages into .venv (a minute or two) ...", flush=True)
    pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    quiet = ["--quiet", "--progress-bar", "off"]
    variables = {**os.environ, "PIP_CONSTRAINT": str(BUILD)}  # holds for the tools of the one package without a wheel
    done = subprocess.run(
        [*pip, "install", *quiet, "--use-pep517", "--require-hashes", "-r", LOCK], cwd=BASE, env=variables
    )
    if done.returncode:
        raise Stop("The Python packages could not be installed; see above. Is there a connection to a package index?")
    STAMP.write_text(json.dumps(now))


# ---------------------------------------------------------------- translations


# Not `pybabel compile`: that leaves out a catalogue altogether while its header is still marked as a draft.
COMPILE = """
import sys
from babel.messages import mofile, pofile
source, target, language = sys.argv[1:]
with open(source, "rb") as file, open(target, "wb") as half:
    mofile.write_mo(half, pofile.read_po(file, locale=language, abort_invalid=True))
"""


def catalogues():
    """Compile each translation that is newer than its compiled form. Babel does it: gettext may not be there."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        half = target.with_suffix(".mo.half")
        done = run([VENV / "bin" / "python", "-c", COMPILE, source, half, source.parts[-3]])
        if done.returncode:
            reason = done.stdout.decode(errors="replace").strip().splitlines()[-1]
            raise Stop(f"{source.relative_to(BASE)} cannot be compiled: {reason}")
        half.replace(target)


def main(words=None):
    parser = argparse.ArgumentParser(description="Set up .venv and what it needs.")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    options = parser.parse_args(words)
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one is told so
        sys.exit(f"clcnet needs Python 3.11 or newer; python3 here is {sys.version.split()[0]}.")
    here = os.open(BASE, os.O_RDONLY)
    with contextlib.suppress(OSError):  # not on every network file system
        fcntl.flock(here, fcntl.LOCK_EX)  # two `make` at once: the second waits
    try:
        system(options.tests)
        environment()
        catalogues()
    except Stop as reason:
        sys.exit(str(reason))
    finally:
        os.close(here)


if __name__ == "__main__":
    main()
