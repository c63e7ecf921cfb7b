# SPDX-License-Identifier: Apache-2.0
"""Where the reports of one profile or of several go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from carnet.cli import output
from carnet.errors import InputError, Place
from carnet.report.formats import Format, format_for


def chosen_format(profiles: Sequence[str], name: str | None, file: str) -> Format:
    """The format; into a folder it has to be named.

    Raises:
        InputError: where it is not, and for several profiles in one file.
    """
    if len(profiles) == 1 and not (file and Path(file).is_dir()):
        return format_for(name, file)
    if file == "-" or (not file and (name or "terminal") != "terminal"):
        raise InputError("one report after the other is for people", hint="name a folder with `--output`")
    if file and name is None:
        raise InputError("the format of the files is not named", Place(file), "add `--format`, such as `-f sarif`")
    return format_for(name, "")


def targets(profiles: Sequence[str], file: str, chosen: Format, folders: Sequence[str]) -> list[str]:
    """The file of each profile's report, named by the profile's where they go into a folder; empty for the terminal.

    Raises:
        InputError: where one cannot be written, or two would be one file.
    """
    into = bool(file) and (len(profiles) > 1 or Path(file).is_dir())
    if not into:
        output.check_writable(file, profiles, folders)
        return [file] * len(profiles)
    if Path(file).exists() and not Path(file).is_dir():
        raise InputError("is a file, and several reports go into a folder", Place(file), "name a folder")
    if "-" in profiles:
        raise InputError("standard input has no name to call its report by", hint="name a file to read")
    if not Path(file).is_dir():
        output.check_writable(file, profiles, folders)
    names = [f"{Path(profile).stem}{chosen.suffix}" for profile in profiles]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(f"two reports would be `{twice}`", Place(file), "check them one by one")
    found = [str(Path(file) / name) for name in names]
    for each in found if Path(file).is_dir() else ():
        output.check_writable(each, profiles, folders)
    return found
