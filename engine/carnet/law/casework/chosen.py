# SPDX-License-Identifier: Apache-2.0
"""The cases that were chosen from a rule's conditions: they stand in a file beside its pack and can be made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from carnet.law.casework.scope import Scope
from carnet.law.link import LinkedLaw
from carnet.law.locate import is_cases
from carnet.law.model import Case, Rule


def cases_file(pack: Path) -> Path:
    """Where the chosen cases of a pack file stand."""
    return pack.with_name(f"{pack.stem}.cases.yaml")


def chosen_cases(rule: Rule) -> tuple[Case, ...]:
    """The cases of a rule that stand in a file of cases; those beside the rule come from the law itself."""
    return tuple(case for case in rule.tests if is_cases(Path(case.place.file)))


def without_chosen_cases(law: LinkedLaw, scope: Scope) -> LinkedLaw:
    """The law with only the cases from the law itself, for the rules that are meant."""
    meant = {rule.id for rule in scope.rules(law)}

    def bare(rule: Rule) -> Rule:
        chosen = chosen_cases(rule)
        return rule._replace(tests=tuple(c for c in rule.tests if c not in chosen)) if rule.id in meant else rule

    jurisdictions = {
        code: item._replace(rules=tuple(bare(rule) for rule in item.rules)) for code, item in law.jurisdictions.items()
    }
    return replace(law, jurisdictions=jurisdictions)
