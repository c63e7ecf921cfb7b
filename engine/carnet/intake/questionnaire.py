# SPDX-License-Identifier: Apache-2.0
"""A questionnaire before it is a workbook: which facts go to whom, with what waits for them and today's answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from carnet.assess.model import Finding, Report, Status
from carnet.declare.grants import APPROVALS
from carnet.declare.quantities import spellings
from carnet.errors import UnknownName, shown, suggest
from carnet.intake.answers import written
from carnet.law.derive import facts_behind
from carnet.law.find import rule_of
from carnet.law.model import Severity
from carnet.plan.questions import ask, questions
from carnet.spoken import N_, _

if TYPE_CHECKING:
    from carnet.api import Law
    from carnet.declare.profile import Profile
    from carnet.declare.vocabulary import Fact, Value

HOMOLOGATION = N_("Homologation")
HIDDEN = N_("(confidential)")


class Row(NamedTuple):
    """One question of a questionnaire.

    path: a fact, or `approvals.<ID>` for the state of an approval. allowed: what a drop-down offers; meanings: the same
    in words, with the unit. today and differs: what the profile says, everywhere and where it differs, as answers.
    holders: on whom the duties fall that wait for it, the most frequent first. feature: for which automated feature it
    is asked; empty for the product as a whole.
    """

    path: str
    question: str
    help: str
    why: str
    markets: tuple[str, ...]
    allowed: tuple[str, ...]
    meanings: str
    one_of: bool
    today: Value | str | None
    differs: str
    blocking: bool
    holders: tuple[str, ...]
    department: str
    feature: str = ""


def rows(law: Law, profile: Profile, report: Report, everything: bool = True) -> list[Row]:
    """The questions of some markets, open ones first and the most decisive first.

    everything: also what is declared already and read by rules of these markets, to be confirmed or corrected.

    A fact has a row for each automated feature that declares it, or for which something waits for it in a section in
    which the feature differs from the product; one for the product as a whole where anything else waits.
    """
    waits, asked = _waits(law, report), [question.fact for question in questions(report)]
    own = {name: frozenset(_declared(profile, name)) for name in ("", *profile.features)}
    read = [path for path in _declared(profile) if path in waits] if everything else []
    found: dict[tuple[str, str], Row] = {}
    for path in dict.fromkeys([*asked, *read]):
        waiting = waits.get(path, [])
        whose = {name for wait in waiting if wait.open for name in _asked_for(path, wait, own)}
        whose |= {""} if path in asked and not whose else set()
        whose |= {name for name in own if everything and path in own[name]}
        shown_path = path.removesuffix(".held") if path.startswith("approvals.") else path
        for name in sorted(whose):
            why = [
                wait for wait in waiting if (wait.feature in ("", name) if name else wait.feature not in whose - {""})
            ]
            found.setdefault((name, shown_path), row_for(law, profile, shown_path, why, name))
    return list(found.values())


def _asked_for(path: str, wait: _Wait, own: Mapping[str, Collection[str]]) -> set[str]:
    """Whom to ask for a fact: features that wait for it and differ from the product in its section, else the product.

    An approval that all features wait for is the product's.
    """
    section = f"{path.partition('.')[0]}."
    apart = {name for name, declared in own.items() if name and any(one.startswith(section) for one in declared)}
    if wait.feature:
        return {wait.feature} & apart or {""}
    return apart if len(apart) == len(own) - 1 > 0 and section != APPROVALS else {""}


def select(law: Law, found: Sequence[Row], holders: Sequence[str] = (), sections: Sequence[str] = ()) -> list[Row]:
    """The rows for some duty holders and sections; all where none is named.

    Raises:
        UnknownName: for a duty holder or section that does not exist.
    """
    names = (*law.vocabulary.sections, "approvals")
    for name, known, word in [
        *((h, law.bearers.titles, "duty holder") for h in holders),
        *((s, names, "section") for s in sections),
    ]:
        if name not in known:
            raise UnknownName(
                f"unknown {word} {shown(name)}", hint=suggest(name[:40], known) or f"one of {', '.join(known)}"
            )
    return [
        row
        for row in found
        if (not holders or any(holder in row.holders for holder in holders))
        and (not sections or row.path.partition(".")[0] in sections)
    ]


def sheets(found: Sequence[Row], partners: Mapping[str, str]) -> dict[str, list[Row]]:
    """Rows by sheet: a partner's own where all that waits is its duty, else the department that mostly knows."""
    grouped: dict[str, list[Row]] = {}
    for row in found:
        holder = row.holders[0] if len(row.holders) == 1 else ""
        name = f"{partners[holder]} ({holder})" if holder in partners else row.department
        grouped.setdefault(name, []).append(row)
    return grouped


def hide(profile: Profile, found: Sequence[Row]) -> list[Row]:
    """Rows as a partner may see them: today's answers that are confidential are not shown."""
    secret = profile.confidential
    return [
        row._replace(today=_(HIDDEN) if row.today is not None else None, differs="")
        if _covers(secret, row.path)
        else row
        for row in found
    ]


def _covers(secret: Sequence[str], path: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in secret)


def _declared(profile: Profile, feature: str | None = None) -> Iterator[str]:
    """The facts that the layers of a feature declare; of all layers where none is named."""
    layers = [layer for (name, _), layer in profile.content.layers.items() if feature in (None, name)]
    yield from dict.fromkeys(path for layer in layers for path in layer.values)


class _Wait(NamedTuple):
    market: str
    title: str
    holder: str
    blocking: bool
    feature: str
    open: bool


def _waits(law: Law, report: Report) -> dict[str, list[_Wait]]:
    found: dict[str, list[_Wait]] = {}
    for market in report:
        for route in market.routes:
            for path in route.unknown if route.on_offer is None else ():
                found.setdefault(path, []).append(_Wait(market.market, route.title, "", True, route.feature, True))
        for finding in (*market.findings, *market.home_findings):
            if finding.counts and finding.status is not Status.NOT_APPLICABLE:
                blocking, unknown = finding.severity is Severity.BLOCKING, set(finding.unknown)
                wait = _Wait(market.market, finding.title, finding.duty_holder, blocking, finding.feature, False)
                for path in _facts(law, finding):
                    found.setdefault(path, []).append(wait._replace(open=path in unknown))
    return found


def _facts(law: Law, finding: Finding) -> Iterator[str]:
    """What a finding waits for or was decided by."""
    rule = rule_of(law, finding.rule)
    read = (
        facts_behind(law.derivations, rule.applies_when, rule.requires)
        if rule
        else {item.fact for item in finding.because}
    )
    yield from dict.fromkeys((*finding.unknown, *sorted(read)))


def row_for(law: Law, profile: Profile, path: str, waits: Sequence[_Wait] = (), feature: str = "") -> Row:
    """The question for a fact, or for the state of an approval (`approvals.<ID>`), of the product or of a feature."""
    fact = _fact(law, path)
    holders: dict[str, int] = {}
    for wait in waits:
        if wait.holder:
            holders[wait.holder] = holders.get(wait.holder, 0) + 1
    titles = tuple(dict.fromkeys(wait.title for wait in waits))
    more = _(" (and {n} more)").format(n=len(titles) - 1) if len(titles) > 1 else ""
    section = law.vocabulary.sections.get(path.partition(".")[0])
    allowed = states(law) if is_state(path) else ("yes", "no") if fact.type == "bool" else tuple(fact.values)
    return Row(
        path=path,
        question=ask(law, f"{path}.held" if is_state(path) else path),
        help=fact.help if not is_state(path) else "",
        why=f"{titles[0]}{more}" if titles else "",
        markets=tuple(dict.fromkeys(wait.market for wait in waits)),
        allowed=allowed,
        meanings=_meanings(fact, path, law.vocabulary.approval_fields["state"].values),
        one_of=fact.type != "set",
        today=_today(profile, path, feature),
        differs=_differs(profile, path, feature),
        blocking=any(wait.blocking for wait in waits),
        holders=tuple(sorted(holders, key=lambda holder: -holders[holder])),
        department=section.department or section.title if section else _(HOMOLOGATION),
        feature=feature,
    )


def is_state(path: str) -> bool:
    """Whether a row asks for the state of an approval, and not for one of its fields."""
    return path.startswith("approvals.") and path.count(".") == 1


def states(law: Law) -> tuple[str, ...]:
    """The words for the state of an approval."""
    return (*law.vocabulary.approval_fields["state"].values, "none")


def _fact(law: Law, path: str) -> Fact:
    return law.vocabulary.fact(f"{path}.held" if is_state(path) else path)


def _meanings(fact: Fact, path: str, states_in_words: Mapping[str, str]) -> str:
    if is_state(path):
        known = "\n".join(f"{value}: {meaning}" for value, meaning in states_in_words.items())
        return f"{known}\nnone: {_('not held')}"
    if fact.values:
        return "\n".join(f"{value}: {meaning}" for value, meaning in fact.values.items())
    if fact.type == "bool":
        return _("yes or no")
    kinds = {
        "country": _("countries, by code or name"),
        "language": _("languages, by code or name"),
        "place": _("places"),
    }
    kind = kinds.get(fact.items, "")
    if fact.type == "set":
        return _("{what}, with commas").format(what=kind or _("one or more"))
    if fact.unit:
        others = [unit for unit in spellings(fact.unit) if unit != fact.unit][:2]
        number = _("a number in {unit}").format(unit=fact.unit)
        return number + (_(", or with its unit ({units})").format(units=", ".join(others)) if others else "")
    return {"int": _("a whole number"), "number": _("a number"), "date": _("a day, such as 2027-01-31")}.get(
        fact.type, kind or _("text")
    )


def _today(profile: Profile, path: str, feature: str) -> Value | str | None:
    """What counts everywhere: of a feature, what the product as a whole says where the feature says nothing."""
    own = _cell(profile, path, "", feature)
    return own if own is not None or not feature else _cell(profile, path, "", "")


def _cell(profile: Profile, path: str, market: str, feature: str) -> Value | str | None:
    """What a layer declares, numbers and days as such, the rest as an answer."""
    layer = profile.content.layers.get((feature, market))
    values = layer.values if layer else {}
    if is_state(path):
        return state_of(values, path)
    value = values.get(path)
    if value is None:
        return None
    return written(value) if isinstance(value, (bool, str, tuple)) else value


def state_of(values: Mapping[str, Value | None], path: str) -> str | None:
    """The word for the state of an approval in a layer; None where it is not declared."""
    state, held = values.get(f"{path}.state"), values.get(f"{path}.held")
    return str(state) if state is not None else None if held is None else "held" if held else "none"


def _differs(profile: Profile, path: str, feature: str) -> str:
    own = {market: _cell(profile, path, market, feature) for market in profile.overlays}
    return "; ".join(f"{market}: {value}" for market, value in own.items() if value is not None)
