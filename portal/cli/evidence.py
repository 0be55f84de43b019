"""`portal evidence …`: verify a file without a database, walk a log, print its keys and signed heads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal.actions.evidence.audit_log import audit_log, split_notes
from portal.actions.evidence.register_papers import register_papers
from portal.cli.environment import NoDemoError, command_settings
from portal.cli.parts import services_of
from portal.core.errors import EvidenceError
from portal.core.evidence.audit import Finding
from portal.core.evidence.checkpoint import LogKey
from portal.core.evidence.files import Verdict, read_key_file, verify_file, verify_files
from portal.core.evidence.verify import Fault, StampCheck
from portal.gateways.archives import ARCHIVE_BYTES_MAX, ArchiveError, read_archive
from portal.gateways.clock import WallClock
from portal.gateways.log_keys import is_signed_by
from portal.gateways.time_stamps import stamp_time
from portal.store import lenders, log_keys, sealing
from portal.store.work import Database, Work

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_roots = click.option(
    "--stamp-roots",
    "roots_file",
    type=_FILE,
    help="The roots of the time-stamp authority (PEM): with them the time stamps are checked too.",
)
_lender = click.option("--lender", "slug", required=True, help="The lender's short name.")


@click.group()
def command() -> None:
    """Check what is proved: files anywhere, logs where the database is."""


@command.command()
@click.argument("file", type=_FILE)
@click.option(
    "--keys", "keys_file", type=_FILE, help="The keys that you trust, from another way than the file."
)
@_roots
def verify(file: Path, keys_file: Path | None, roots_file: Path | None) -> None:
    """Say whether FILE (a pack, a proof, a consistency proof, a checkpoint) is genuine; exit code 1 when it is not.

    Works without a database and without a network.
    """
    try:
        trusted = None if keys_file is None else read_key_file(keys_file.read_text(encoding="utf-8"))
    except (EvidenceError, ValueError) as problem:
        raise click.ClickException(f"the keys: {problem}") from problem
    verdict = verdict_on(file, trusted, stamp_check(roots_file))
    for line in tell_verdict(verdict, trusted):
        click.echo(line)
    if not verdict.is_genuine:
        raise SystemExit(1)


def stamp_check(roots_file: Path | None) -> StampCheck | None:
    """Give the check of time stamps against the roots of a file; None without one."""
    if roots_file is None:
        return None
    return lambda token, content: stamp_time(token, content, roots_file=str(roots_file))


def verdict_on(
    file: Path, trusted: tuple[LogKey, ...] | None, check_stamp: StampCheck | None = None
) -> Verdict:
    """Verify a file of any kind; what is an archive is taken for a pack."""
    with file.open("rb") as opened:
        content = opened.read(ARCHIVE_BYTES_MAX + 1)
    if not content.startswith(b"PK"):
        return verify_file(content, check=is_signed_by, trusted=trusted, check_stamp=check_stamp)
    try:
        files = read_archive(content)
        return verify_files(files, check=is_signed_by, trusted=trusted, check_stamp=check_stamp)
    except ArchiveError as problem:
        return Verdict(kind="pack", faults=(Fault(part="archive", detail=f"{problem}."),))


def tell_verdict(verdict: Verdict, trusted: tuple[LogKey, ...] | None) -> Iterator[str]:
    """Say a verdict in lines."""
    if not verdict.is_genuine:
        yield f"NOT GENUINE ({verdict.kind})"
        yield from (f"  {fault.part}: {fault.detail}" for fault in verdict.faults)
        return
    yield f"GENUINE ({verdict.kind})"
    yield from (f"  {fact}" for fact in verdict.facts)
    if trusted is None and verdict.keys:
        yield "  It is whole. Whose it is rests on these keys: compare them with those that the lender publishes."
        yield from (f"  {key.algorithm} {key.key_id.hex()} of {key.name}" for key in verdict.keys)


@command.command()
@_lender
@click.option(
    "--witness",
    type=_FILE,
    help="Checkpoints kept outside, one after the other: the log must still have them.",
)
@_roots
def monitor(slug: str, witness: Path | None, roots_file: Path | None) -> None:
    """Walk a lender's whole log again; names the first place that is not what was sealed, with exit code 1."""
    try:
        witnessed = [] if witness is None else split_notes(witness.read_text(encoding="utf-8"))
    except (EvidenceError, ValueError) as problem:
        raise click.ClickException(f"the witness: {problem}") from problem
    with opened_database() as database:
        work = open_lender(database, slug)
        found = audit_log(work, check=is_signed_by, witnessed=witnessed, check_stamp=stamp_check(roots_file))
    if found.finding is not None:
        click.echo(f"NOT AS SEALED: {_tell(found.finding)}")
        raise SystemExit(1)
    click.echo(f"As sealed: {found.size} events under {found.heads} checkpoints.")


def _tell(finding: Finding) -> str:
    where = f"index {finding.index}"
    if finding.until is not None:
        where = f"between index {finding.index} and {finding.until - 1}"
    return f"{finding.part}, {where}: {finding.detail}"


@command.command()
@_lender
def keys(slug: str) -> None:
    """Print the public keys of a lender's log, a line each: what `verify --keys` reads."""
    with opened_database() as database, open_lender(database, slug).read() as tx:
        for key in log_keys.list_public_keys(tx):
            click.echo(key.write())


@command.command()
@_lender
@click.option("--after", default=0, help="Only heads above this size.")
def checkpoints(slug: str, after: int) -> None:
    """Print the signed heads of a lender's log, one after the other: what `monitor --witness` reads."""
    with opened_database() as database, open_lender(database, slug).read() as tx:
        while page := sealing.list_checkpoints(tx, after=after, limit=200):
            click.echo("".join(one.note for one in page), nl=False)
            after = page[-1].size


@command.command()
@_lender
def register(slug: str) -> None:
    """Let the check page know papers that were made before it existed; may be run at any time, again and again."""
    with opened_database() as database:
        for name, added in register_papers(open_lender(database, slug), now=WallClock().now()):
            click.echo(f"{name}: {added} entries were missing")


@contextmanager
def opened_database() -> Iterator[Database]:
    """Open the pool of the environment or of the demo for one command."""
    try:
        with command_settings() as settings:
            database = services_of(settings, pool_size=1).database
            try:
                yield database
            finally:
                database.engine.dispose()
    except NoDemoError as problem:
        raise click.ClickException(str(problem)) from problem


def open_lender(database: Database, slug: str) -> Work:
    """Give the unit of work of a lender by its short name; raises click.ClickException when there is none."""
    with database.shared().read() as shared:
        lender = lenders.find_lender(shared, slug=slug)
    if lender is None:
        raise click.ClickException(f"there is no lender {slug}")
    return database.work(lender.lender_id)
