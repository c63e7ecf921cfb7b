# SPDX-License-Identifier: Apache-2.0
"""Requirements Interchange Format: each applicable rule a requirement, below its jurisdiction and topic.

An identifier is that of the rule, so a later export meets the same requirement; `after` an earlier export, what is
unchanged keeps its day of change and what a supplier wrote.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.errors import MissingExtra
from carnet.intake.reqif import HEADING, REQUIREMENT, SUPPLIER, Requirement
from carnet.law.find import rule_of
from carnet.law.model import TOPICS
from carnet.logic.wording import describe
from carnet.report.select import profile_name, remedy_text
from carnet.report.words import label

if TYPE_CHECKING:
    from carnet.api import Law

try:
    from reqif.models.reqif_core_content import ReqIFCoreContent
    from reqif.models.reqif_data_type import ReqIFDataTypeDefinitionString
    from reqif.models.reqif_namespace_info import ReqIFNamespaceInfo
    from reqif.models.reqif_req_if_content import ReqIFReqIFContent
    from reqif.models.reqif_reqif_header import ReqIFReqIFHeader
    from reqif.models.reqif_spec_hierarchy import ReqIFSpecHierarchy
    from reqif.models.reqif_spec_object import ReqIFSpecObject, SpecObjectAttribute
    from reqif.models.reqif_spec_object_type import ReqIFSpecObjectType, SpecAttributeDefinition
    from reqif.models.reqif_specification import ReqIFSpecification
    from reqif.models.reqif_specification_type import ReqIFSpecificationType
    from reqif.models.reqif_types import SpecObjectAttributeType
    from reqif.object_lookup import ReqIFObjectLookup
    from reqif.reqif_bundle import ReqIFBundle
    from reqif.unparser import ReqIFUnparser
except ImportError as error:
    raise MissingExtra("export reqif", "intake") from error

TEXT, SPECIFICATION = "carnet-text", "carnet-specification"
FIELDS = (
    "ReqIF.ForeignID", "ReqIF.Name", "ReqIF.Text", "Provision", "Address", "In force", "Severity", "Duty holder",
    "Applies when", "Requires", "Status", "Declared", "Remedy", "Facts", *SUPPLIER,
)  # fmt: skip
FIRST_DAY = "2000-01-01T00:00:00Z"
STRING = SpecObjectAttributeType.STRING


class Node(NamedTuple):
    """A heading of the hierarchy with its requirements or further headings."""

    id: str
    name: str
    parts: tuple[Any, ...]


def render(law: Law, report: Report, packed: bool = True, after: Mapping[str, Requirement] | None = None) -> bytes:
    """The file's bytes, packed as `.reqifz` or plain.

    after: the requirements of an earlier export, by identifier.
    """
    day = f"{law.as_of.isoformat()}T00:00:00Z"
    found = _requirements(law, report)
    known = after or {}
    made = {item.id: _kept(item, known.get(item.id), day if after is not None else FIRST_DAY) for item in found}
    tree = _tree(law, report, found)
    content = ReqIFReqIFContent(
        data_types=[ReqIFDataTypeDefinitionString(TEXT, last_change=FIRST_DAY, long_name="Text", max_length="32000")],
        spec_types=[
            _type(REQUIREMENT, "Requirement", FIELDS),
            _type(HEADING, "Heading", ("ReqIF.ChapterName",)),
            ReqIFSpecificationType(
                SPECIFICATION, last_change=FIRST_DAY, long_name="Market access", is_self_closed=True
            ),
        ],
        spec_objects=[*(_object(item) for item in made.values()), *(_heading(node) for node in _headings(tree))],
        spec_relations=[],
        specifications=[_document(report, tree)],
        spec_relation_groups=[],
    )
    title = _attribute(_title(report))
    header = ReqIFReqIFHeader("carnet-header", "Written by Carnet", day, "", "Carnet", "1.0", "Carnet", title)
    space, lookup = ReqIFNamespaceInfo.create_default(), ReqIFObjectLookup.empty()
    text = ReqIFUnparser.unparse(ReqIFBundle(space, header, ReqIFCoreContent(content), False, lookup, []))
    return _zip(text.encode()) if packed else text.encode()


def _zip(text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("requirements.reqif", (2000, 1, 1, 0, 0, 0))  # equal exports are equal files
        archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _title(report: Report) -> str:
    return f"{profile_name(report)}: market access"


def _attribute(text: str) -> str:
    """Text for an XML attribute, which the library writes as it is."""
    return html.escape(text, quote=True)


def _kept(item: Requirement, old: Requirement | None, day: str) -> Requirement:
    """The requirement with what a supplier wrote before, and its old day of change where nothing of ours changed."""
    if old is None:
        return item._replace(changed=day)
    values = {**item.values, **{name: old.values.get(name, "") for name in SUPPLIER}}
    same = all(old.values.get(name, "") == values.get(name, "") for name in FIELDS)
    return Requirement(item.id, values, old.changed if same else day)


def _requirements(law: Law, report: Report) -> list[Requirement]:
    """The rules that apply in any of the markets, or may, each once."""
    found: dict[str, list[tuple[MarketAssessment, Finding]]] = {}
    for market in report:
        for finding in (*market.findings, *market.home_findings):
            if finding.counts and finding.status is not Status.NOT_APPLICABLE:
                found.setdefault(_id(finding), []).append((market, finding))
    return [_requirement(law, name, pairs) for name, pairs in sorted(found.items())]


def _id(finding: Finding) -> str:
    """A name as XML wants one: other tools refuse the bars between approvals of which one is enough."""
    feature = f"--{finding.feature}" if finding.feature else ""
    return re.sub(r"[^\w.-]", "_", f"carnet-{finding.rule}{feature}".replace("|", ".or."))


def _requirement(law: Law, name: str, pairs: Sequence[tuple[MarketAssessment, Finding]]) -> Requirement:
    first = pairs[0][1]
    rule = rule_of(law, first.rule)
    status = {f"{market.market}: {label('status', finding.status)}": None for market, finding in pairs}
    because = dict.fromkeys(f"{item.fact}: {_shown(item.declared)}" for _, finding in pairs for item in finding.because)
    facts = dict.fromkeys(path for _, finding in pairs for path in finding.unknown)
    start, until = first.in_force.first_day, first.in_force.until
    values = {
        "ReqIF.ForeignID": name.removeprefix("carnet-"),
        "ReqIF.Name": first.title + (f" ({first.feature})" if first.feature else ""),
        "ReqIF.Text": first.text or first.title,
        "Provision": "; ".join(str(cite) for cite in first.cites),
        "Address": "; ".join(dict.fromkeys(cite.url for cite in first.cites if cite.url)),
        "In force": f"{start or 'first day not known'} to {until}" if until else f"from {start}" if start else "",
        "Severity": label("severity", first.severity),
        "Duty holder": label("duty_holder", first.duty_holder),
        "Applies when": describe(rule.applies_when) if rule else "",
        "Requires": describe(rule.requires) if rule else "",
        "Status": "; ".join(status),
        "Declared": "; ".join(because),
        "Remedy": next((remedy_text(finding.remedy) for _, finding in pairs if finding.remedy), ""),
        "Facts": "; ".join(facts),
        **dict.fromkeys(SUPPLIER, ""),
    }
    return Requirement(name, {key: _clean(value) for key, value in values.items()}, FIRST_DAY)


def _shown(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not declared" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _clean(text: str) -> str:
    return "".join(char for char in str(text) if char.isprintable() or char == "\n")


def _tree(law: Law, report: Report, found: Sequence[Requirement]) -> tuple[Node, ...]:
    """Jurisdictions in the order of the chains, in each the topics, in each the requirements."""
    places = {_id(finding): finding for market in report for finding in (*market.findings, *market.home_findings)}
    by_place: dict[str, dict[str, list[str]]] = {}
    for item in found:
        finding = places[item.id]
        by_place.setdefault(finding.jurisdiction, {}).setdefault(finding.topic, []).append(item.id)
    order = [code for code in law.codes if code in by_place]
    return tuple(
        Node(
            f"carnet-chapter-{code}",
            law.head(code).name,
            tuple(
                Node(f"carnet-chapter-{code}-{topic}", TOPICS.get(topic, topic), tuple(by_place[code][topic]))
                for topic in (*TOPICS, "")
                if topic in by_place[code]
            ),
        )
        for code in order
    )


def _headings(nodes: Sequence[Any]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Node):
            yield node
            yield from _headings(node.parts)


def _type(identifier: str, name: str, fields: Sequence[str]) -> ReqIFSpecObjectType:
    definitions = [
        SpecAttributeDefinition(
            STRING,
            _definition(identifier, field),
            TEXT,
            last_change=FIRST_DAY,
            long_name=field,
            editable="true" if field in SUPPLIER else "false",
        )
        for field in fields
    ]
    return ReqIFSpecObjectType(identifier, last_change=FIRST_DAY, long_name=name, attribute_definitions=definitions)


def _definition(kind: str, field: str) -> str:
    return f"{kind}-{field.replace(' ', '-')}"


def _object(item: Requirement) -> ReqIFSpecObject:
    values = [
        SpecObjectAttribute(STRING, _definition(REQUIREMENT, field), item.values[field])
        for field in FIELDS
        if item.values[field]
    ]
    return ReqIFSpecObject(item.id, values, REQUIREMENT, last_change=item.changed)


def _heading(node: Node) -> ReqIFSpecObject:
    name = SpecObjectAttribute(STRING, _definition(HEADING, "ReqIF.ChapterName"), node.name)
    return ReqIFSpecObject(node.id, [name], HEADING, last_change=FIRST_DAY)


def _document(report: Report, tree: Sequence[Node]) -> ReqIFSpecification:
    return ReqIFSpecification(
        "carnet-document",
        last_change=FIRST_DAY,
        long_name=_attribute(_title(report)),
        values=[],
        specification_type=SPECIFICATION,
        children=[_branch(node, 1) for node in tree],
    )


def _branch(node: Any, level: int) -> ReqIFSpecHierarchy:
    name = node.id if isinstance(node, Node) else node
    children = [_branch(part, level + 1) for part in node.parts] if isinstance(node, Node) else None
    return ReqIFSpecHierarchy(
        identifier=f"{name}-place",
        spec_object=name,
        level=level,
        children=children,
        last_change=FIRST_DAY,
        is_self_closed=False,
    )
