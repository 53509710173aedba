"""The project's checks and tools, one nox session each.

``nox`` runs the checks that need nothing but this Python. ``nox -t full`` runs those that take
longer or need more: the other versions of Python that are found, foreign frameworks, and programs
of the system, which ``integration_tests/install-debian-packages.sh`` installs. ``nox -s demo``
serves the demo application. ``nox --list`` shows all.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import nox

ROOT = Path(__file__).parent
IMPORT_NAMES = {
    "parser": "drystone_parser",
    "router": "drystone_router",
    "server": "drystone_server",
    "auth": "drystone_auth",
    "app": "drystone",
}
# What is installed with a package: extras and, for its tests, groups of its own; never a sibling.
EXTRAS = {"server": "[reload]", "auth": "[passwords,legacy-passwords,signing,redis]"}
TESTED_GROUPS = {"auth": ["auth-test"], "app": ["app-test"]}
ALL_TESTED = ["test", *(group for groups in TESTED_GROUPS.values() for group in groups)]
BUILD_BACKEND = ("hatchling>=1.27", "editables>=0.5")
SUPPORTED = ("3.11", "3.12", "3.13")

nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
nox.options.stop_on_first_error = False


def _other_interpreters() -> list[str]:
    """The supported versions that really run here, beside the one that runs this.

    A pyenv shim exists for every version that pyenv holds, and fails unless that version is
    selected: so all of pyenv's versions are selected first, and then each candidate must start.
    """
    if "PYENV_VERSION" not in os.environ and shutil.which("pyenv"):
        held = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True)
        wanted = [v for v in held.stdout.split() if v.startswith(tuple(f"{s}." for s in SUPPORTED))]
        if wanted:
            os.environ["PYENV_VERSION"] = ":".join(wanted)
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [version for version in SUPPORTED if version != own and _runs(version)]


def _runs(version: str) -> bool:
    command = [f"python{version}", "-c", "import ensurepip, sqlite3, ssl"]
    try:
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


OTHER_INTERPRETERS = _other_interpreters()
nox.options.sessions = ["lint", "types", "tests", "integration", "docs", "build"]


def _group(*names: str) -> list[str]:
    return [*nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), *names)]


def _install(session: nox.Session, packages: Iterable[str], *groups: str) -> None:
    """Install packages from their folders, with their extras, and dependency groups."""
    folders = [f"./packages/{name}{EXTRAS.get(name, '')}" for name in packages]
    session.install("-q", *BUILD_BACKEND)
    editable = [part for path in folders for part in ("-e", path)]
    # One build environment for all packages would otherwise be made for each.
    session.install("-q", "--no-build-isolation", *editable, *_group(*groups))


def _install_all(session: nox.Session, *groups: str) -> None:
    _install(session, IMPORT_NAMES, *groups)


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lint and import rules."""
    session.install("-q", *_group("lint"))
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    sources = os.pathsep.join(str(ROOT / f"packages/{name}/src") for name in IMPORT_NAMES)
    session.run("lint-imports", env={"PYTHONPATH": sources})


@nox.session
def types(session: nox.Session) -> None:
    """Strict mypy over the sources, the tests, the seams between the packages, and the demo."""
    _install_all(session, "types", *ALL_TESTED, "integration", "browser")
    for name in IMPORT_NAMES:
        session.run("mypy", f"packages/{name}/src", f"packages/{name}/tests")
    session.run("mypy", "integration_tests/check_interfaces.py", "noxfile.py")
    with session.chdir("docs/examples"):
        session.run("mypy", "--config-file", "../../pyproject.toml", "notes", "tasks_drystone.py")


@nox.session
@nox.parametrize("package", list(IMPORT_NAMES), ids=list(IMPORT_NAMES))
def tests(session: nox.Session, package: str) -> None:
    """A package's own tests, with coverage, where only that package is installed."""
    installed = list(IMPORT_NAMES) if package == "app" else [package]
    _install(session, installed, "test", *TESTED_GROUPS.get(package, []))
    siblings = [name for other, name in IMPORT_NAMES.items() if other not in installed]
    session.run("python", "-c", ABSENCE_CHECK, *siblings)
    _run_tests(session, package)


@nox.session(python=OTHER_INTERPRETERS, tags=["full"])  # none, where no other is found
def versions(session: nox.Session) -> None:
    """All packages' own tests on the other supported versions of Python, in one environment each.

    That each package stands alone is a matter of its imports, which no version changes.
    """
    _install_all(session, *ALL_TESTED)
    for package in IMPORT_NAMES:
        _run_tests(session, package)


def _run_tests(session: nox.Session, package: str) -> None:
    data = {"COVERAGE_FILE": str(Path(session.create_tmp()) / "coverage")}
    measured = ["coverage", "run", f"--source=packages/{package}/src", "-m"]
    session.run(*measured, "pytest", "-q", f"packages/{package}/tests", *session.posargs, env=data)
    session.run("coverage", "report", "--fail-under=100", env=data)
    readme = f"packages/{package}/README.md"
    session.run("python", "-W", "error", "integration_tests/run_document.py", "--alone", readme)


ABSENCE_CHECK = """
import importlib.util, sys
found = [name for name in sys.argv[1:] if importlib.util.find_spec(name)]
sys.exit(f"siblings can be imported: {', '.join(found)}" if found else 0)
"""


@nox.session
def integration(session: nox.Session) -> None:
    """The packages together, over real sockets, and each with its neighbours swapped."""
    _install_all(session, "test", "integration")
    marks = "not system and not frameworks"
    apart = "--ignore=integration_tests/test_examples.py"  # the docs session runs it
    session.run("pytest", "-q", "-m", marks, apart, "integration_tests", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation, warnings as errors, and run every example in it."""
    _install_all(session, "docs", *ALL_TESTED, "integration")
    built = Path(session.create_tmp()) / "html"
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "docs", str(built))
    session.run(
        "pytest",
        "-q",
        "-m",
        "not system and not browser and not frameworks",
        "integration_tests/test_examples.py",
        "docs/examples",
    )
    sources = [f"packages/{name}/src" for name in IMPORT_NAMES]
    session.run("pytest", "-q", "--doctest-modules", *sources, success_codes=[0, 5])


@nox.session
def build(session: nox.Session) -> None:
    """Build all five, install the wheels where no source is, and use them."""
    session.install("-q", "build", "hatchling", "virtualenv")
    work = Path(session.create_tmp()).resolve()
    shutil.rmtree(work / "dist", ignore_errors=True)
    for path in (f"packages/{name}" for name in IMPORT_NAMES):
        session.run(
            "python",
            "-m",
            "build",
            "--no-isolation",
            "--outdir",
            str(work / "dist"),
            path,
            silent=True,
        )
    wheels = sorted(str(wheel) for wheel in (work / "dist").glob("*.whl"))
    session.run("virtualenv", "-q", "--clear", str(work / "venv"))
    bin_folder = work / "venv" / ("Scripts" if os.name == "nt" else "bin")
    session.run(str(bin_folder / "pip"), "install", "-q", *wheels, external=True)
    smoke = shutil.copy(ROOT / "integration_tests" / "smoke.py", work / "smoke.py")
    session.chdir(work)
    session.run(str(bin_folder / "python"), smoke, external=True)


@nox.session(tags=["full"])
def system(session: nox.Session) -> None:
    """The packages against programs of the system: curl, nginx, Redis, slowhttptest."""
    _install_all(session, "test", "integration")
    session.run("pytest", "-q", "-m", "system", "integration_tests", *session.posargs)


@nox.session(tags=["full"])
def frameworks(session: nox.Session) -> None:
    """Foreign frameworks on our server, our application under foreign servers."""
    _install_all(session, "test", "integration", "frameworks")
    folders = ("integration_tests", "docs/examples")
    session.run("pytest", "-q", "-m", "frameworks", *folders, *session.posargs)


@nox.session(tags=["full"])
def browser(session: nox.Session) -> None:
    """The demo application in headless Chromium."""
    _install_all(session, "test", "integration", "browser")
    session.run("pytest", "-q", "-m", "browser", "docs/examples", *session.posargs)


@nox.session(tags=["full"])
def walls(session: nox.Session) -> None:
    """Each kind of fault that the checks are there for is planted once, and caught."""
    _install_all(session, "lint", "types", "test", "integration")
    session.run("python", "integration_tests/check_walls.py")


@nox.session
def demo(session: nox.Session) -> None:
    """Serve the demo application; ``nox -s demo -- --port 8000`` chooses the port."""
    _install_all(session)
    arguments = session.posargs or ["--port", "0"]
    session.run("drystone", "run", "notes.app:app", "--app-dir", "docs/examples", *arguments)


@nox.session
def bench(session: nox.Session) -> None:
    """Compare with peers: ``nox -s bench -- parser|router|server|auth|app [options]``."""
    folder = ROOT / "integration_tests" / "benchmarks"
    names = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    if not session.posargs or session.posargs[0] not in names:
        session.error(f"say which benchmark: nox -s bench -- {'|'.join(names)}")
    _install_all(session, "bench")
    name, *options = session.posargs
    session.run("python", str(folder / f"bench_{name}.py"), *options)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of the parsers, bounded: ``nox -s fuzz -- --help``."""
    _install_all(session, "fuzz")
    session.run("python", "integration_tests/fuzz.py", *session.posargs)


@nox.session
def deadlines(session: nox.Session) -> None:
    """Slow clients at the default deadlines, in real time: two minutes at most."""
    _install_all(session, "test", "integration", "soak")
    session.run("python", "integration_tests/default_deadlines.py", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Good, slow, broken and resetting clients for a while: ``nox -s soak -- --help``."""
    _install_all(session, "soak")
    session.run("python", "integration_tests/soak.py", *session.posargs)
