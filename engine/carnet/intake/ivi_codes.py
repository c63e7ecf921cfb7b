# SPDX-License-Identifier: Apache-2.0
"""Names and codes of the EU's Initial Vehicle Information, and the facts they stand for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from carnet.declare.vocabulary import Value

COUNTRIES = {
    1: "DE", 2: "FR", 3: "IT", 4: "NL", 5: "SE", 6: "BE", 7: "HU", 8: "CZ", 9: "ES", 11: "GB", 12: "AT", 13: "LU",
    16: "NO", 17: "FI", 18: "DK", 19: "RO", 20: "PL", 21: "PT", 23: "GR", 24: "IE", 25: "HR", 26: "SI", 27: "SK",
    29: "EE", 32: "LV", 34: "BG", 36: "LT", 43: "JP", 49: "CY", 50: "MT",
}  # fmt: skip
"""Who grants approvals under a number after `e` (EU) or `E` (UN)."""
CATEGORIES = (("L6", "L6"), ("L7", "L7"), ("L", "L"), ("O", "O"), ("T", "T"), ("C", "T"))
HYBRIDS = {"OVC-HEV": "phev", "NOVC-HEV": "hev", "OVC-FCHV": "fuel_cell", "NOVC-FCHV": "fuel_cell"}
ENERGY = {"10": "petrol", "20": "diesel"}
SYSTEMS = {
    "ISA": "vehicle.driver_assistance: isa", "DDAW": "vehicle.driver_assistance: ddaw",
    "ADDW": "vehicle.driver_assistance: addw", "BSIS": "vehicle.driver_assistance: bsis",
    "LDWS": "vehicle.driver_assistance: lane_departure_warning", "ELKS": "vehicle.driver_assistance: lane_keeping",
    "AEBS": "vehicle.driver_assistance: aebs_vehicle", "TPMS": "vehicle.equipment: tpms",
    "ESS": "vehicle.equipment: emergency_stop_signal", "AIF": "vehicle.equipment: alcohol_interlock_interface",
    "eCall": "vehicle.emergency_call",
}  # fmt: skip
PARTIAL = "part of a list that the file does not give whole"
RUNNING_ORDER = "holds a driver of 75 kg; `vehicle.kerb_mass_kg` asks for the unladen mass"
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7}
UN_MARK = re.compile(r"\bE(?P<country>[0-9]{1,2})\*(?P<rule>[0-9]{1,3}H?)R(?P<series>[0-9]{2})")
POWERS = (
    "ConsolidatedMaximumNetPowerElectric",
    "MaximumNetPowerCombustion",
    "MaximumNetPowerElectric",
    "MaximumNetPower",
    "MaxNetPowerElectricEngFuel",
    "MaximumNetPowerElectricEngine",
)


def number(text: str) -> int | float | None:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


def _metres(text: str) -> int | float | None:
    value = number(text)
    if value is None:
        return None
    metres = round(value / 1000, 4)
    return int(metres) if metres.is_integer() else metres


def day(text: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return dt.datetime.strptime(text[:10] if "-" in text else text, form).date()
        except ValueError:
            continue
    return None


def _category(text: str) -> str | None:
    if match := re.match(r"[MN][123]", text):
        return match[0]
    return next((ours for theirs, ours in CATEGORIES if text.startswith(theirs)), None)


def _sides(text: str) -> tuple[str, ...] | None:
    return {"R": ("right",), "L": ("left",), "B": ("left", "right")}.get(text[:1].upper())


def _euro(text: str) -> int | None:
    match = re.match(r"(?:Euro\s*)?([0-9]|[IV]+)(?![a-z])", text.strip(), re.IGNORECASE)
    return None if not match else int(match[1]) if match[1].isdecimal() else ROMAN.get(match[1].upper())


def _standing(text: str) -> bool | None:
    value = number(text)
    return None if value is None else value > 0


SIMPLE: dict[str, tuple[str, Callable[[str], Value | None]]] = {
    "VehicleCategory": ("vehicle.category", _category),
    "VehicleCategoryCode": ("vehicle.category", _category),
    "NumberOfSeatingPositionsIncludingDriver": ("vehicle.seats", number),
    "NrOfSeatingPositions": ("vehicle.seats", number),
    "NumberOfStandingPlaces": ("vehicle.standing_passengers", _standing),
    "NumberOfAxles": ("vehicle.axles", number),
    "Length": ("vehicle.length_m", _metres),
    "Width": ("vehicle.width_m", _metres),
    "Height": ("vehicle.height_m", _metres),
    "TechnicallyPermissibleMaximumLadenMass": ("vehicle.gross_mass_kg", number),
    "TechnPermMaxLadenMass": ("vehicle.gross_mass_kg", number),
    "UnladenMassOfTheVehicle": ("vehicle.kerb_mass_kg", number),
    "MaximumSpeed": ("vehicle.max_design_speed_kmh", number),
    "DateManufactureVehicle": ("vehicle.manufactured_on", day),
    "DateOfManufactureVeh": ("vehicle.manufactured_on", day),
    "RightLeftHandTraffic": ("vehicle.headlamp_traffic_sides", _sides),
    "RightLeftHandTrafficCode": ("vehicle.headlamp_traffic_sides", _sides),
    "ExhaustEmissionLevel": ("vehicle.euro_class", _euro),
    "ExhaustEmissionLevelEuro": ("vehicle.euro_class", _euro),
}
WHY = {
    "MassInRunningOrder": RUNNING_ORDER, "MassOfTheVehicleInRunningOrder": RUNNING_ORDER,
    "ActualMass": RUNNING_ORDER, "ActualMassOfTheVehicle": RUNNING_ORDER,
    "AutomatedVehicle": "says no SAE level", "AutomatedVehCode": "says no SAE level",
    "VehicleIdentificationNumber": "of one vehicle; a profile is of a type",
}  # fmt: skip
ELSEWHERE = {
    "Make", "CommercialName", "TypeApprovalNumber", "TypeApprovalIssueDate", "TypeApprovalDateOfIssue",
    "TypeApprovalType", "TypeApprovalTypeCode", "ProvisionalTypeApprovalIndicator", "ProvisionalApprovalIndicator",
    "PureElectricVehicleIndicator", "PureElectricVehIndicator", "PureElectricIndicator", "ClassHybridVehicle",
    "ClassOfHybridVehicleCode", "EnergySource", "FuelCode", }  # fmt: skip
"""Elements that are read together, or name the profile."""
