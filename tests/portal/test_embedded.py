"""The house on one machine: private servers that survive kill -9, and everything under one Ctrl-C."""

import asyncio
import json
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from domain.model.person import Person
from portal.embedded.holding import born, hold, hold_port, remember, sweep_leftovers
from portal.embedded.place import enterable, place_in
from portal.embedded.postgres import Postgres
from portal.embedded.process import Broken
from portal.embedded.procfile import Served, Watch, read_procfile
from portal.embedded.surroundings import look_around
from portal.embedded.valkey import Valkey

OTKLIK = Path(sys.executable).parent / "otklik"
# Stands in for the pages: answers anything, and notes what it was given.
WEB = """
import http.server, json, os, pathlib
pathlib.Path("given.json").write_text(json.dumps(dict(os.environ)))
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
# Starts both servers, says who they are and waits to be killed.
SUPERVISOR = """
import sys, time, pathlib
from portal.embedded.place import place_in
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey
place = place_in(pathlib.Path(sys.argv[1]))
servers = Postgres(place), Valkey(place)
for server in servers: server.start()
print(*(server.child.pid for server in servers), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, as the one of a checkout is."""
    path = Path(tempfile.mkdtemp(prefix="otklik-house-"))
    path.chmod(0o755)
    yield path
    place = place_in(path)
    for each in (path, place.sockets):
        shutil.rmtree(each, ignore_errors=True)


@pytest.fixture
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(place_in(folder))
    server.start()
    yield server
    server.stop()


async def ask(server: Postgres, question: str) -> object:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def gone(pid: int, within: float = 5) -> bool:
    end = time.monotonic() + within
    while born(pid) is not None and time.monotonic() < end:
        time.sleep(0.02)
    return born(pid) is None


async def test_postgres_keeps_its_rows_over_kill_9(postgres: Postgres) -> None:
    await ask(postgres, "CREATE TABLE kept AS SELECT 42 AS n")

    os.kill(postgres.child.pid, signal.SIGKILL)
    postgres.start()

    assert await ask(postgres, "SELECT n FROM kept") == 42


def test_a_cluster_that_was_killed_while_it_was_made_is_made_anew(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(folder)], process_group=0) as supervisor:
        while not any(folder.glob("postgres*/PG_VERSION")):
            time.sleep(0.002)
        os.killpg(supervisor.pid, signal.SIGKILL)

    server = Postgres(place_in(folder))
    server.start()

    assert asyncio.run(ask(server, "SELECT 1")) == 1
    server.stop()


async def test_postgres_knows_russian_letters(postgres: Postgres) -> None:
    await ask(postgres, "CREATE EXTENSION pg_trgm")

    assert await ask(postgres, "SELECT similarity('дорога', 'дорогах')") > 0.5  # type: ignore[operator]
    assert await ask(postgres, "SELECT lower('ЁЖИК')") == "ёжик"


async def test_postgres_listens_on_no_port(postgres: Postgres) -> None:
    assert await ask(postgres, "SHOW listen_addresses") == ""


def test_the_servers_end_with_a_killed_supervisor_and_start_again(folder: Path) -> None:
    pids = []
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(folder)], stdout=subprocess.PIPE, text=True
        ) as supervisor:
            assert supervisor.stdout is not None
            pids = [int(word) for word in supervisor.stdout.readline().split()]
            supervisor.kill()

    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give its servers to somebody else")
def test_root_keeps_the_data_where_nobody_may_go(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    place = place_in(closed / ".data")
    assert enterable(place.data)
    assert place.account is not None

    (place.data / "kept").touch()
    assert (place_in(closed / ".data").data / "kept").exists()

    shutil.rmtree(closed / ".data")
    assert not (place_in(closed / ".data").data / "kept").exists(), "who deletes .data means all of it"

    shutil.rmtree(place.data)
    shutil.rmtree(place.sockets)


def test_a_second_house_in_the_same_folder_is_told_who_holds_it(folder: Path) -> None:
    lock = hold(folder)

    with pytest.raises(Broken, match="runs already"):
        hold(folder)

    lock.close()
    hold(folder).close()


def test_two_houses_that_settle_at_once_have_a_port_each(folder: Path) -> None:
    first = look_around(folder, database_url="", redis_url="", env={})
    held = hold_port(first.host, int(first.env["PORT"]))

    second = look_around(folder, database_url="", redis_url="", env={})

    assert second.env["PORT"] != first.env["PORT"]
    with pytest.raises(Broken, match="not free"):
        look_around(folder, database_url="", redis_url="", env={"PORT": first.env["PORT"]})
    held.close()


def test_what_a_killed_house_left_is_swept_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.embedded.holding.LEFTOVERS_SECONDS", 0.2)
    left = subprocess.Popen(["sleep", "600"], process_group=0)
    stranger = subprocess.Popen(["sleep", "600"], process_group=0)
    remember(folder, [left.pid])
    notes = json.loads((folder / "processes").read_text())
    (folder / "processes").write_text(json.dumps({**notes, str(stranger.pid): "long ago"}))

    sweep_leftovers(folder)

    assert left.wait(5) == -signal.SIGKILL
    assert stranger.poll() is None, "the number was given to somebody else"
    stranger.kill()
    stranger.wait()


def test_a_process_that_keeps_dying_stops_the_house_and_names_its_log(folder: Path) -> None:
    part = Served("worker", ["sh", "-c", "echo no luck; exit 1"], folder, dict(os.environ))
    part.start()
    watch = Watch([part])

    with pytest.raises(Broken, match=r"worker died 3 times in a row; its log is .*worker\.log:\n(.*\n)*no luck"):
        while True:
            watch.look()
            time.sleep(0.02)


def test_what_a_killed_process_left_behind_ends_before_it_is_started_again(folder: Path) -> None:
    part = Served("web", ["sh", "-c", "sleep 600 & echo $! >> left; wait"], folder, dict(os.environ))
    part.child.folder = folder
    part.start()
    first = written(folder / "left", 1)

    os.kill(part.child.pid, signal.SIGKILL)
    part.child.wait_for_the_end()
    part.start()
    second = written(folder / "left", 2)
    os.kill(part.child.pid, signal.SIGKILL)
    part.child.stop()

    assert gone(first)
    assert gone(second)


def test_a_process_that_does_not_want_to_end_is_ended(folder: Path) -> None:
    part = Served(
        "worker", ["sh", "-c", "trap '' TERM; sleep 600 & echo $! > left; wait; wait"], folder, dict(os.environ)
    )
    part.child.folder = folder
    part.start()
    left = written(folder / "left", 1)

    part.child.stop(0.3)

    assert not part.child.running
    assert gone(left)


def written(file: Path, lines: int) -> int:
    """The last number in the file, as soon as it has that many."""
    while not file.exists() or file.read_text().count("\n") < lines:
        time.sleep(0.02)
    return int(file.read_text().split()[-1])


def test_what_is_given_is_taken_and_what_is_missing_is_made_up(folder: Path) -> None:
    given = {"PATH": os.defpath, "DATABASE_URL": "postgresql://db/x", "SECRET_KEY": "mine"}

    around = look_around(folder, database_url="ours", redis_url="ours", env=given)

    assert (around.own_postgres, around.own_valkey, around.own_mailbox) == (False, True, True)
    assert around.env["DATABASE_URL"] == "postgresql://db/x"
    assert around.env["REDIS_URL"] == "ours"
    assert around.env["SECRET_KEY"] == "mine"
    assert around.env["PUBLIC_URL"] == f"http://127.0.0.1:{around.env['PORT']}"


def test_in_production_no_letter_is_caught_and_no_secret_made_up(folder: Path) -> None:
    around = look_around(folder, database_url="ours", redis_url="ours", env={"MODE": "production"})

    assert not around.own_mailbox
    assert {"SMTP_URL", "SECRET_KEY", "MAILBOX"}.isdisjoint(around.env)


def test_the_procfile_names_every_process() -> None:
    commands = read_procfile(Path(__file__).parents[2] / "Procfile")

    assert list(commands) == ["release", "web", "worker", "hints", "clock"]


def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(folder: Path) -> None:
    (folder / "file").touch()
    env = {**os.environ, "OTKLIK_DATA": str(folder / "file" / "data")}

    run = subprocess.run([OTKLIK, "run"], env=env, capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (1, f"Error: Not a directory: {folder / 'file' / 'data'}\n")


@pytest.fixture
async def anna(database: None) -> None:
    await Person.insert(Person(role="citizen", name="Анна", given_name="Анна", position="", esia_oid="demo-anna"))


def test_one_command_starts_everything_and_one_signal_stops_it(folder: Path, anna: None) -> None:
    (folder / "web.py").write_text(WEB)
    (folder / "Procfile").write_text(
        "release: otklik migrate\nweb: python web.py\nworker: sleep 600\nclock: sleep 600\n"
    )

    house = subprocess.Popen([OTKLIK, "run"], cwd=folder, env=plain(), stdout=subprocess.PIPE, text=True)
    assert house.stdout is not None
    said: list[str] = []
    while not said or "Ctrl-C" not in said[-1]:
        said.append(house.stdout.readline())
        assert said[-1], "".join(said)
    given = json.loads((folder / "given.json").read_text())
    again = subprocess.run([OTKLIK, "run"], cwd=folder, env=plain(), capture_output=True, text=True)
    write_to(given["SMTP_URL"])
    house.send_signal(signal.SIGINT)

    assert house.wait(12) == 0
    assert any("Анна" in line for line in said)
    assert f"{given['PUBLIC_URL']}\n" in said
    assert again.returncode == 1
    assert "runs already" in again.stderr
    assert len(Maildir(given["MAILBOX"])) == 1


def plain() -> dict[str, str]:
    """An environment in which only the database is given: somebody lives there, so no town is filled in."""
    return {"PATH": os.environ["PATH"], "DATABASE_URL": os.environ["DATABASE_URL"]}


def write_to(smtp_url: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "otklik@localhost", "anna@localhost", "Ответ готов"
    address = urlsplit(smtp_url)
    for _ in range(100):
        try:
            with smtplib.SMTP(address.hostname or "", address.port or 0, timeout=5) as post:
                post.send_message(letter)
                return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("the mailbox does not open")


def test_the_servers_say_where_they_are(folder: Path) -> None:
    place = place_in(folder)

    assert Valkey(place).url == f"unix://{place.sockets}/valkey"
    assert len(f"{place.sockets}/.s.PGSQL.5432.lock") < 104, "the longest path of a socket on macOS"
