# SPDX-License-Identifier: Apache-2.0
"""`carnet facts` and `carnet fact`: what can be declared, approvals included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import click

from carnet.api import Law
from carnet.cli import complete, options, output
from carnet.declare.quantities import UNITS
from carnet.declare.vocabulary import Fact, Vocabulary, unit_name
from carnet.errors import UnknownName, suggest
from carnet.law.find import facts_of, rules_reading
from carnet.law.model import Approval
from carnet.report.approvals import words
from carnet.report.layout import Page
from carnet.spoken import N_, _

Rows = Iterable[tuple[str, str]]

_TYPES = {
    "bool": N_("true or false"),
    "int": N_("whole number"),
    "number": N_("number"),
    "choice": N_("one of the values"),
    "set": N_("list of values, such as [a, b]"),
    "date": N_("date, such as 2027-01-31"),
    "text": N_("text"),
}
_ITEMS = {
    "country": N_("country code (ISO 3166)"),
    "language": N_("language code (ISO 639)"),
    "place": N_("place: its code (ISO 3166, UN/LOCODE) or name"),
    "approval": N_("known approval id"),
    "text": N_("free word"),
}


@click.command("facts")
@click.argument("section", required=False)
@options.language_option
@options.law_option
def facts_command(section: str | None, language: str | None, folders: Sequence[str]) -> None:
    """What can be declared: the sections, or the facts of a SECTION such as `odd` or `operation.remote`."""
    options.speak(language)
    vocabulary = options.open_law(folders).vocabulary
    page = Page(output.page_width(), output.wants_colour())
    if section is None:
        for name in [*vocabulary.sections, "approvals"]:
            page.text(name, bold=True)
            page.text(_summary(vocabulary, name), 4)
        page.gap()
        page.text(_("`carnet facts SECTION` lists its facts, `carnet fact PATH` explains one."), dim=True)
    else:
        for fact in facts_of(vocabulary, section):
            page.text(fact.path, bold=True)
            page.text(fact.question, 4)
            page.text(f"{fact.type}: {', '.join(fact.values)}" if fact.values else type_text(fact), 4, dim=True)
    output.emit(str(page), "", for_people=True)


@click.command("fact")
@click.argument("path", shell_complete=complete.facts)
@options.language_option
@options.law_option
def fact_command(path: str, language: str | None, folders: Sequence[str]) -> None:
    """Explain one fact: its question, type, values and source, and the rules that read it.

    PATH may also be the id of an approval: who grants it, by which law, and which ways in need it.
    """
    options.speak(language)
    law = options.open_law(folders)
    ids = {code.upper(): code for code in law.approvals}
    approval = ids.get(path.removeprefix("approvals.").upper())
    if approval:
        output.emit(explain_approval(law, law.approvals[approval]), "", for_people=True)
        return
    try:
        fact = law.vocabulary.fact(path)
    except UnknownName as error:
        raise UnknownName(error.message, hint=suggest(path[:60], [*law.vocabulary.facts, *ids]) or error.hint) from None
    output.emit(explain_fact(fact, lambda: rules_reading(law, path)), "", for_people=True)


def explain_fact(fact: Fact, readers: Callable[[], Rows]) -> str:
    """A page about one fact; `readers` gives the ids and titles of the rules that read it."""
    page = Page(output.page_width(), output.wants_colour())
    page.text(fact.path, bold=True)
    page.text(fact.question, 2)
    page.gap()
    varies = _("usually by market; declare what differs below `in:`") if fact.per_market else ""
    told = {_("Type"): type_text(fact), _("Note"): fact.help, _("Term"): fact.term, _("Varies"): varies}
    _labelled(page, told)
    if fact.values:
        page.gap()
        page.text(_("Values"), 2, bold=True)
        for value, meaning in fact.values.items():
            page.text(f"{value}: {meaning}", 4, hang=2)
    found = list(readers())
    page.gap()
    page.text(f"{_('Rules that read it')}: {len(found)}", 2, bold=True)
    for rule, title in found:
        page.text(f"{rule}: {title}", 4, hang=2)
    return str(page)


def explain_approval(law: Law, approval: Approval) -> str:
    """A page about one approval."""
    page = Page(output.page_width(), output.wants_colour())
    page.text(approval.id, bold=True)
    page.text(approval.title, 2)
    page.gap()
    title, place = law.bearers.approval_kinds[approval.kind].title, law.head(approval.jurisdiction).name
    kind = _("{title} of {place}").format(title=title, place=place)
    fields = list(law.vocabulary.approval_fields)
    after = _(" and ").join(_(" or ").join(group) for group in approval.after)
    told = {
        _("Granted by"): f"{approval.granted_by or _('no authority named')} ({kind})",
        _("Law"): "; ".join(f"{cite} {cite.url}".strip() for cite in approval.cites),
        _("First"): after and _("after {what}").format(what=after),
        _("Note"): approval.note,
        **words.facts(law.planning(approval.id)),
        _("Declare"): _("`approvals: {{{id}: held}}`, `none`, or its fields: {fields}").format(
            id=approval.id, fields=", ".join(fields)
        ),
    }
    _labelled(page, told)
    routes = [route for code in law.codes for route in law.jurisdiction(code).routes]
    needing = [(route.id, route.title) for route in routes if any(approval.id in group for group in route.needs)]
    paths = [f"approvals.{approval.id}.{name}" for name in fields]
    readers = dict.fromkeys(row for path in paths for row in rules_reading(law, path))
    for title, rows in ((_("Ways in that need it"), needing), (_("Rules that read it"), list(readers))):
        page.gap()
        page.text(f"{title}: {len(rows)}", 2, bold=True)
        for name, what in rows:
            page.text(f"{name}: {what}", 4, hang=2)
    return str(page)


def type_text(fact: Fact) -> str:
    """What may be written for a fact, in a few words."""
    text = _(_TYPES[fact.type])
    if fact.items:
        words = _("list, each item a {item}") if fact.type == "set" else _("text, a {item}")
        text = words.format(item=_(_ITEMS[fact.items]))
    if fact.unit:
        others = [name for name, dimension in UNITS.items() if dimension == UNITS[fact.unit] and name != fact.unit]
        words = _("{type} in {unit}, or with its unit ({others})") if others else _("{type} in {unit}")
        text = words.format(type=text, unit=unit_name(fact.unit), others=", ".join(others))
    if fact.range:
        text += "; " + _("{low} to {high}").format(low=f"{fact.range[0]:,.10g}", high=f"{fact.range[1]:,.10g}")
    return text


def _labelled(page: Page, told: Mapping[str, str]) -> None:
    for label, text in told.items():
        if text:
            page.text(f"{label}: {text}", 2, hang=2)


def _summary(vocabulary: Vocabulary, name: str) -> str:
    if name == "approvals":
        return _("Approvals, permits and certificates, each below its id with these fields.")
    section = vocabulary.sections[name]
    title = _("{section} ({n} facts).").format(section=section.title, n=len(section.facts))
    return f"{title} {section.help}".rstrip()
