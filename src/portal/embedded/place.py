"""Where the embedded servers keep their data, their sockets and, under root, their programs."""

import hashlib
import importlib.util
import locale
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.process import Account, Broken, ordinary_account

UTF8_LOCALES = ("C.UTF-8", "C.utf8", "ru_RU.UTF-8", "en_US.UTF-8")


@dataclass(frozen=True)
class Place:
    data: Path
    sockets: Path
    account: Account | None
    # Programs are copied here when the account may not enter the folder they were installed to.
    programs: Path

    @property
    def env(self) -> dict[str, str]:
        """Nothing of the caller's locale gets in: with LC_CTYPE=C trigrams see no Cyrillic letters."""
        path = os.environ.get("PATH") or os.defpath
        return {"PATH": path, "LC_ALL": utf8_locale(), "TZ": "UTC", "HOME": str(self.data)}

    def own_folder(self, name: str) -> Path:
        folder = self.data / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        return folder

    def give(self, folder: Path) -> None:
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def own_log(self, name: str) -> Path:
        log = self.data / f"{name}.log"
        log.touch()
        return log


def place_in(folder: Path) -> Place:
    """Make the folders ready; under root they move to /var/tmp when `nobody` cannot enter ours."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:10]
    programs = Path("/var/tmp/otklik")  # noqa: S108 -- /tmp may be in memory, and this has to last
    data = folder
    account = ordinary_account(folder / "postgres")
    if account and not enterable(folder):
        data = _elsewhere(folder, programs / mark)
        account = ordinary_account(data / "postgres")
    place = Place(data=data, sockets=_sockets(mark, account), account=account, programs=programs)
    place.give(place.sockets)
    return place


def _elsewhere(folder: Path, far: Path) -> Path:
    """The note in our folder says where the data is, and without it there is none: who deletes the one means both."""
    note = folder / "elsewhere"
    if not note.exists():
        shutil.rmtree(far, ignore_errors=True)
    note.write_text(f"{far}\n")
    return _folder_of_ours(far, 0o755)


def enterable(path: Path) -> bool:
    """Whether everybody may enter the folder and each folder above it."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents) if each.is_dir())


def package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations)))


def utf8_locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    for name in UTF8_LOCALES:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    raise Broken(f"PostgreSQL needs a UTF-8 locale; this machine has none of {', '.join(UTF8_LOCALES)}")


def copied(parts: dict[str, Path], place: Place, name: str) -> Path:
    """Copy programs to where the account may run them; the name carries their version, so one copy serves all."""
    target = _folder_of_ours(place.programs, 0o755) / name
    if target.exists():
        return target
    draft = Path(tempfile.mkdtemp(dir=place.programs, prefix="."))
    for inside, source in parts.items():
        shutil.copytree(source, draft / inside, ignore=shutil.ignore_patterns("include", "*.a", "pgxs", "doc"))
    for each in (draft, *draft.rglob("*")):
        each.chmod(0o755 if each.is_dir() or each.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        draft.rename(target)
    except OSError:
        # Somebody else finished the same copy first.
        shutil.rmtree(draft)
    return target


def _sockets(mark: str, account: Account | None) -> Path:
    # The path of a socket may have 107 letters (104 on macOS), so the sockets do not lie beside the data.
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108
    if account or not base.is_dir() or not os.access(base, os.W_OK):
        base = Path("/tmp")  # noqa: S108
    return _folder_of_ours(base / f"otklik-{os.geteuid()}-{mark}", 0o700, account)


def _folder_of_ours(folder: Path, mode: int, account: Account | None = None) -> Path:
    """In a folder that everybody may write to, a stranger could have laid a trap under our name."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=mode, exist_ok=True)
    mine = {os.geteuid()} | ({account.uid} if account else set())
    if folder.is_symlink() or folder.stat().st_uid not in mine:
        raise Broken(f"{folder} belongs to somebody else; remove it and start again")
    folder.chmod(mode)
    return folder
