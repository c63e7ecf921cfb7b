# SPDX-License-Identifier: Apache-2.0
"""Whether each market's law can be put together and used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from carnet.errors import LawError
from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Place
from carnet.law.rulebook import Rulebook
from carnet.logic.condition import Condition, facts_read

Missing = dict[tuple[Place, str, str], list[str]]


def rulebooks(law: Linted) -> Iterator[Rulebook]:
    """The rulebook of every jurisdiction on the law's own day, and of every exporter's home, as far as there is one."""
    for code, home in [(code, False) for code in law.law.codes] + [(code, True) for code in law.law.homes]:
        try:
            yield law.law.rulebook(code, law.law.as_of, home)
        except LawError:
            continue


def conditions_of(book: Rulebook) -> Iterator[tuple[Place, str, Condition]]:
    """Every condition of a rulebook, with what it belongs to."""
    for bound in (*book.rules(), *book.guidance):
        yield bound.rule.place, f"rule `{bound.rule.id}`", bound.applies
        yield bound.rule.place, f"rule `{bound.rule.id}`", bound.requires
    for layer in book.layers:
        for route in layer.routes:
            yield route.route.place, f"route `{route.route.id}`", route.available


@lint_rule("parameter-missing", Level.ERROR)
def parameter_missing(law: Linted) -> Found:
    """Every rule and route is tried by itself, so that one missing value does not hide the next."""
    missing: Missing = {}
    for code in law.law.codes:
        maker = law.law.maker(code, law.law.as_of)
        for owner, place, condition in maker.unbound():
            try:
                maker.conditions(owner, place, condition)
            except LawError as error:
                message = error.message.replace(f", which `{code}` does not set", "")
                missing.setdefault((place, message, error.hint), []).append(code)
    for (place, message, hint), codes in missing.items():
        yield place, f"{message}, which is not set for {_listed(codes)}", hint


@lint_rule("derived-not-computed", Level.ERROR)
def derived_not_computed(law: Linted) -> Found:
    missing: Missing = {}
    for book in rulebooks(law):
        known = {item.path for item in book.derived}
        for place, owner, condition in conditions_of(book):
            for path in sorted(facts_read(condition)):
                if path.startswith("derived.") and path not in known:
                    what = f"{owner} reads `{path.partition('@')[0]}`"
                    missing.setdefault((place, what, ""), []).append(book.market)
    for (place, what, _), codes in missing.items():
        hint = "set the parameters it is computed from, to `none` where the law sets none"
        yield place, f"{what}, which cannot be computed for {_listed(dict.fromkeys(codes))}", hint


def _listed(codes: Mapping[str, None] | list[str]) -> str:
    names = [f"`{code}`" for code in codes]
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
