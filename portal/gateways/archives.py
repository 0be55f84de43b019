"""ZIP files of evidence: written so that the same files give the same bytes, read within limits.

Files are stored, not packed, in the order of their names and without times, so any two makers agree byte for byte; an
archive that is written in any other way is not one of ours.
"""

import io
import zipfile
from collections.abc import Mapping

FILES_MAX = 4_000
"""A plan of some years with a letter a month, each in four files, stays far below."""
FILE_BYTES_MAX = 8 * 1024 * 1024
ARCHIVE_BYTES_MAX = 32 * 1024 * 1024
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class ArchiveError(ValueError):
    """The file is no archive of evidence."""


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return the ZIP of these files by path."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return made.getvalue()


def read_archive(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive that `write_archive` wrote; raises ArchiveError for any other file.

    Nothing is unpacked: a file that claims to be bigger inside than outside is refused before it is read.
    """
    if len(content) > ARCHIVE_BYTES_MAX:
        raise ArchiveError(f"the archive has more than {ARCHIVE_BYTES_MAX} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > FILES_MAX or any(not _is_ours(entry) for entry in entries):
                raise ArchiveError("the archive is not written as an evidence pack is")
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, RuntimeError) as fault:
        raise ArchiveError(str(fault) or "the archive cannot be read") from fault
    if write_archive(files) != content:
        raise ArchiveError("the archive is not written as an evidence pack is")
    return files


def _is_ours(entry: zipfile.ZipInfo) -> bool:
    is_stored = entry.compress_type == zipfile.ZIP_STORED and entry.compress_size == entry.file_size
    return is_stored and entry.file_size <= FILE_BYTES_MAX
