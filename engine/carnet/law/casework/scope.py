# SPDX-License-Identifier: Apache-2.0
"""Which part of the law a proof or a lint run looks at: a folder, a jurisdiction, rules by the start of their id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from carnet.errors import InputError, LawError, Place, UnknownName, suggest
from carnet.law.link import LinkedLaw
from carnet.law.locate import bundled_law
from carnet.law.model import Rule
from carnet.law.shared_model import DutyCase

PARTS = ("jurisdictions", "rules")


@dataclass(frozen=True, slots=True)
class Scope:
    """Folders of law to read, and what of them is meant: empty members leave everything in."""

    folders: tuple[Path, ...]
    within: Path | None = None
    jurisdictions: tuple[str, ...] = ()
    prefix: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether only rules that were named are meant, so that what rules share is left out."""
        return bool(self.jurisdictions or self.prefix)

    def holds(self, file: str) -> bool:
        """Whether something that stands in this file is meant."""
        return self.within is None or Path(file).resolve().is_relative_to(self.within)

    def rules(self, law: LinkedLaw) -> Iterator[Rule]:
        """The rules that are meant, in the order of the law.

        Raises:
            UnknownName: for a jurisdiction that does not exist, or when no rule's id starts like that.
        """
        for code in self.jurisdictions:
            if code not in law.jurisdictions:
                hint = suggest(code, law.jurisdictions) or "`carnet markets` lists them"
                raise UnknownName(f"unknown jurisdiction `{code[:40]}`", hint=hint)
        ids = [rule.id for item in law.jurisdictions.values() for rule in item.rules]
        if self.prefix and not any(id_.startswith(self.prefix) for id_ in ids):
            raise UnknownName(f"no rule's id starts with `{self.prefix[:80]}`", hint=suggest(self.prefix, ids))
        for code, item in law.jurisdictions.items():
            if not self.jurisdictions or code in self.jurisdictions:
                yield from (r for r in item.rules if r.id.startswith(self.prefix) and self.holds(r.place.file))

    def duty_cases(self, law: LinkedLaw) -> Iterator[DutyCase]:
        """The cases of duties, unless single rules are meant."""
        if not self.is_partial:
            yield from (case for case in law.duty_cases if self.holds(case.place.file))


def scope(folder: str | None, jurisdictions: tuple[str, ...] = (), prefix: str = "") -> Scope:
    """The scope of a command line: the bundled law, a part of it, or a folder of packs.

    A folder with a `rules/law.yaml` is a whole law; any other, or the one that a pack stands in, is read over the
    bundled one.

    Raises:
        InputError: when the folder does not exist or holds no law.
    """
    if folder is None:
        return Scope((bundled_law(),), None, jurisdictions, prefix)
    path = Path(folder)
    if not path.exists():
        raise InputError("does not exist", Place(folder), "name a folder of law, or one of its packs")
    within = path.resolve()
    bundled = bundled_law()
    if within.is_relative_to(bundled.resolve()):
        if within != bundled.resolve() and within.relative_to(bundled.resolve()).parts[0] not in PARTS:
            raise LawError("holds no law", Place(folder), "name a pack, such as jurisdictions/DE")
        folders: tuple[Path, ...] = (bundled,)
    else:
        law = _law_around(path)
        folders = (law,) if (law / "rules" / "law.yaml").is_file() else (bundled, law)
    return Scope(folders, within, jurisdictions, prefix)


def _law_around(path: Path) -> Path:
    """The folder of law in which a pack stands; the path itself when it is one."""
    if any((path / part).is_dir() for part in PARTS):
        return path
    above = (path, *path.parents, *path.absolute().parents)
    return next((folder.parent for folder in above if folder.name in PARTS), path)
