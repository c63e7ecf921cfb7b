# SPDX-License-Identifier: Apache-2.0
"""Electronic certificates of conformity: the EU's Initial Vehicle Information, versions 1.x and 2.0.

Element names and codes are those of the public schemas. The signature is neither read nor checked. Masses in running
order hold a driver of 75 kg and are left, since the vocabulary asks for the unladen mass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.declare.vocabulary import Value
from carnet.errors import MissingExtra, Place, SourceError
from carnet.intake.harvest import NO_COUNTERPART, Harvest, Left, Taken
from carnet.intake.ivi_codes import (
    COUNTRIES,
    ELSEWHERE,
    ENERGY,
    HYBRIDS,
    PARTIAL,
    POWERS,
    SIMPLE,
    SYSTEMS,
    UN_MARK,
    WHY,
    day,
    number,
)
from carnet.source import read_file

if TYPE_CHECKING:
    from carnet.api import Law

try:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring
except ImportError as error:
    raise MissingExtra("import", "intake") from error

ROOT = "InitialVehicleInformation"
MAX_BYTES = 20 * 1024 * 1024


class Element(NamedTuple):
    """A leaf of the document: its path without the tables around it, its own name, its text."""

    path: str
    name: str
    text: str


def read_ivi(law: Law, file: Path) -> Harvest:
    """What a certificate says of its vehicle.

    Raises:
        SourceError: when it is no well-formed XML of this kind, or tries to define entities.
    """
    root = _parse(file)
    version = next((e.text for e in _leaves(root, "") if e.name in ("IviVersionNumberXsd", "VersionNumberXsd")), "")
    reader = _Reader(law)
    for element in _leaves(root, ""):
        reader.take(element)
    taken, left = reader.finish()
    return Harvest(f"certificate of conformity, IVI {version}".strip(), reader.name, taken, left)


def _parse(file: Path) -> Any:
    raw = read_file(file, MAX_BYTES)
    try:
        root = fromstring(raw, forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        raise SourceError("is not well-formed XML", Place(str(file), line, column + 1)) from None
    except DefusedXmlException:
        raise SourceError(
            "defines entities or a document type", Place(str(file)), "a certificate needs neither"
        ) from None
    if _local(root.tag) != ROOT:
        raise SourceError(f"is no `{ROOT}`", Place(str(file)), "only certificates in IVI form are read")
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _leaves(node: Any, path: str) -> Iterator[Element]:
    """The elements with text, in their order; signatures are passed over."""
    for child in node:
        name = _local(child.tag) if isinstance(child.tag, str) else ""
        if not name or name == "Signature":
            continue
        passed = name.endswith("Table") or name in ("Body", "CocDataGroup")
        here = path if passed else f"{path}/{name}".lstrip("/")
        if len(child):
            yield from _leaves(child, here)
        elif (child.text or "").strip():
            yield Element(here, name, child.text.strip())


class _Reader:
    def __init__(self, law: Law) -> None:
        self._law = law
        self._taken: dict[str, Taken] = {}
        self._left: list[Left] = []
        self._seen: dict[str, list[Element]] = {}

    @property
    def name(self) -> str:
        make, model = self._text("Make"), self._text("CommercialName")
        return model if make and model.upper().startswith(make.upper()) else f"{make} {model}".strip()

    def take(self, element: Element) -> None:
        self._seen.setdefault(element.name, []).append(element)

    def finish(self) -> tuple[tuple[Taken, ...], tuple[Left, ...]]:
        for elements in self._seen.values():
            for element in elements:
                self._one(element)
        self._propulsion()
        self._power()
        self._whole_vehicle()
        return tuple(self._taken.values()), tuple(self._left)

    def _text(self, *names: str) -> str:
        return next((self._seen[name][0].text for name in names if name in self._seen), "")

    def _first(self, *names: str) -> Element | None:
        return next((self._seen[name][0] for name in names if name in self._seen), None)

    def _one(self, element: Element) -> None:
        simple = SIMPLE.get(element.name)
        if simple is not None:
            path, convert = simple
            value = convert(element.text)
            if value is None:
                self._leave(element, f"`{path}` has no such value")
            else:
                self._add(path, value, element)
        elif element.name in ("VehicleCertified155Indicator", "VehicleCertified156Indicator"):
            approval = f"UN-R{element.name[16:19]}"
            self._add(f"approvals.{approval}", "held" if element.text == "Y" else "none", element)
        elif element.name in ("AdvancedSafetySystem", "AdvancedSafetySystemCode"):
            fact = SYSTEMS.get(element.text)
            self._leave(element, f"{PARTIAL}; for `{fact}`" if fact else NO_COUNTERPART)
        elif mark := UN_MARK.search(element.text):
            self._un_approval(element, mark)
        elif element.name not in ELSEWHERE:
            self._leave(element, WHY.get(element.name, NO_COUNTERPART))

    def _un_approval(self, element: Element, mark: re.Match[str]) -> None:
        approval = f"UN-R{mark['rule'].lstrip('0')}"
        if approval not in self._law.approvals:
            self._leave(element, f"no rule asks for an approval under UN R{mark['rule'].lstrip('0')}")
            return
        said: dict[str, Value] = {"state": "held", "certificate": element.text, "series": int(mark["series"])}
        country = COUNTRIES.get(int(mark["country"]))
        said |= {"granted_by": country} if country else {}
        known = self._taken.get(f"approvals.{approval}")
        if known is None or isinstance(known.value, str):
            self._taken[f"approvals.{approval}"] = Taken(f"approvals.{approval}", said, element.path)

    def _propulsion(self) -> None:
        electric = self._first("PureElectricVehicleIndicator", "PureElectricVehIndicator", "PureElectricIndicator")
        hybrid = self._first("ClassHybridVehicle", "ClassOfHybridVehicleCode")
        energy = {element.text for element in (*self._seen.get("EnergySource", ()), *self._seen.get("FuelCode", ()))}
        source = self._first("EnergySource", "FuelCode")
        if electric and electric.text == "Y":
            self._add("vehicle.propulsion", "bev", electric)
        elif hybrid and hybrid.text in HYBRIDS:
            self._add("vehicle.propulsion", HYBRIDS[hybrid.text], hybrid)
        elif source and len(energy) == 1 and source.text in ENERGY and not hybrid:
            self._add("vehicle.propulsion", ENERGY[source.text], source)
        elif source:
            self._leave(source._replace(text=", ".join(sorted(energy))), "what drives the vehicle is not told by these")

    def _power(self) -> None:
        found = [element for name in POWERS for element in self._seen.get(name, ())]
        whole = self._first("ConsolidatedMaximumNetPowerElectric")
        electric = self._taken.get("vehicle.propulsion", Taken("", "", "")).value == "bev"
        chosen = whole if whole and electric else found[0] if len(found) == 1 else None
        value = number(chosen.text) if chosen else None
        if chosen and value is not None:
            self._add("vehicle.power_kw", value, chosen)
        else:
            for element in found:
                self._leave(element, "the power of one machine of several; what they reach together is not stated")

    def _whole_vehicle(self) -> None:
        """The approval of the whole vehicle, where it is one of the EU that is valid without conditions."""
        certificate = self._first("TypeApprovalNumber")
        if certificate is None:
            return
        approval = self._kind_of_approval()
        if approval not in self._law.approvals:
            self._leave(certificate, "no whole-vehicle approval of the EU without conditions; declare which one it is")
            return
        said: dict[str, Value] = {"state": "held", "certificate": certificate.text}
        country = re.match(r"e([0-9]{1,2})\*", certificate.text)
        if country and int(country[1]) in COUNTRIES:
            said["granted_by"] = COUNTRIES[int(country[1])]
        issued = self._first("TypeApprovalIssueDate", "TypeApprovalDateOfIssue")
        granted = day(issued.text) if issued else None
        if issued and granted:
            said["granted_on"] = granted
            if certificate.text.endswith("*00"):
                self._add("vehicle.type_approved_on", granted, issued)
            else:
                why = "the day of this extension; `vehicle.type_approved_on` asks for the first approval"
                self._leave(issued, why)
        self._taken[f"approvals.{approval}"] = Taken(f"approvals.{approval}", said, certificate.path)

    def _kind_of_approval(self) -> str:
        """Its id; empty where the catalogue of the EU has none for it."""
        kind = self._text("TypeApprovalType", "TypeApprovalTypeCode")
        category = self._text("VehicleCategory", "VehicleCategoryCode")
        provisional = self._text("ProvisionalTypeApprovalIndicator", "ProvisionalApprovalIndicator") == "Y"
        if provisional or kind == "NSS" or category[:1] in ("T", "C", "R", "S"):
            return ""
        if kind == "ESS":
            return "EU-SMALL-SERIES"
        return "EU-L-TYPE-APPROVAL" if category.startswith("L") else "EU-WVTA"

    def _add(self, path: str, value: Value, element: Element) -> None:
        old = self._taken.get(path)
        if old is not None and old.value != value:
            self._leave(element, f"`{path}` was taken from {old.origin} as {old.value}")
        elif old is None:
            self._taken[path] = Taken(path, value, element.path)

    def _leave(self, element: Element, why: str) -> None:
        self._left.append(Left(element.path, element.text, why))
