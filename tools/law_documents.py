# SPDX-License-Identifier: Apache-2.0
"""Write the tables of `docs/components.md` and `docs/law-review.md` from the law. `--check` only says what is stale."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from carnet.law.link import LinkedLaw, link_law
from carnet.law.locate import bundled_law
from carnet.law.model import Confidence, Rule
from carnet.logic.condition import Compare, Constant, facts_read, leaves

DOCS = Path(__file__).resolve().parents[1] / "docs"

# What a component or circumstance is declared by: facts (a trailing dot takes the whole section), `fact=value` for one
# of the values of a fact, approvals in capitals, and rules by their id where only the text names the component.
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "Lidar and range of the sensors": (
        "components.lidar_laser_class",
        "supply_chain.technology_exported=lidar_design",
        "supply_chain.dual_use_items",
        "sensing.forward_range_m",
        "sensing.rear_range_m",
        "sensing.side_range_m",
    ),
    "Domain controller: origin of hardware and software": (
        "supply_chain.ads_software_countries",
        "supply_chain.connectivity_hardware_countries",
        "supply_chain.connectivity_software_countries",
        "supply_chain.supplier_countries",
        "supply_chain.software_finished_on",
        "supply_chain.software_maintained_from",
    ),
    "Domain controller: electromagnetic compatibility": ("UN-R10",),
    "Domain controller: cyber security": ("cyber.", "UN-R155"),
    "Cockpit: language": ("hmi.languages", "hmi.information_languages"),
    "Cockpit: distraction and displays": (
        "hmi.driver_screens",
        "hmi.activities_in_ads",
        "hmi.media_stops_on_demand",
        "hmi.status_display",
        "hmi.speedometer_units",
    ),
    "Cockpit: driver monitoring and cabin camera": (
        "automation.driver_monitoring",
        "data.categories=cabin_video",
        "data.categories=driver_monitoring",
        "data.leaves_vehicle=cabin_video",
        "data.leaves_vehicle=driver_monitoring",
    ),
    "Radio": ("components.radio", "components.radio_module_makers", "components.v2x_bands"),
    "Emergency call": ("vehicle.emergency_call", "UN-R144"),
    "Maps": (
        "data.mapping",
        "data.map_resolution_m",
        "supply_chain.exporter_qualification=map_graphics",
        "cn.map.export",
        "cn.map.export.market",
        "cn.map.foreign-product-maps",
        "kr.map.export",
    ),
    "Over-the-air update": ("software.", "UN-R156"),
    "Traction battery": (
        "components.battery_energy_density_wh_kg",
        "components.cathode_density_g_cm3",
        "components.battery_health_percent",
        "EU-BATTERY-PASSPORT",
    ),
}
ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "Heavy rain and floods": (
        "odd.weather=rain",
        "odd.weather=heavy_rain",
        "odd.weather=standing_water",
        "odd.rain_max_mm_h",
        "behaviour.refuses_to_enter=flooded_road",
        "behaviour.refuses_to_enter=flooding_valley",
        "sg.env.heavy-rain",
        "us-ca.dmv.restricted-conditions",
    ),
    "Heat": ("odd.temperature_max_c", "gcc.environment.hot-climate-design"),
    "Dust and sandstorm": ("odd.weather=dust", "jo.traffic.fog-dust-lights"),
    "Fog and poor visibility": (
        "odd.weather=fog",
        "odd.visibility_min_m",
        "odd.monitored_conditions=visibility",
        "behaviour.refuses_to_enter=fog_as_heavy",
        "behaviour.light_use=fog_lamps_by_visibility",
        "behaviour.light_use=no_hazard_while_moving",
        "jo.traffic.fog-dust-lights",
        "us-ca.dmv.restricted-conditions",
    ),
    "Snow, ice and cold": (
        "odd.weather=snow",
        "odd.weather=ice",
        "odd.temperature_min_c",
        "vehicle.tyres",
        "us-ca.dmv.restricted-conditions",
    ),
    "Night": ("odd.light", "behaviour.light_use=night_and_poor_visibility", "us.fmvss.127-aeb"),
}


def touches(rule: Rule, marks: tuple[str, ...]) -> bool:
    """Whether a rule names the component: by a fact, one value of a fact, an approval, or itself."""
    if rule.id in marks:
        return True
    conditions = (rule.applies_when, rule.requires)
    read = facts_read(conditions[0]) | facts_read(conditions[1])
    for mark in marks:
        path, _, value = mark.partition("=")
        if value and any(_names(leaf, path, value) for condition in conditions for leaf in leaves(condition)):
            return True
        prefix = path if path.endswith(".") else f"approvals.{path}." if path.isupper() or path[:3] == "UN-" else ""
        if not value and (path in read or (prefix and any(fact.startswith(prefix) for fact in read))):
            return True
    return False


def _names(leaf: object, path: str, value: str) -> bool:
    if not isinstance(leaf, Compare) or leaf.path != path or not isinstance(leaf.operand, Constant):
        return False
    named = leaf.operand.value
    return value in named if isinstance(named, (tuple, frozenset)) else named == value


def by_jurisdiction(law: LinkedLaw, marks: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, jurisdiction in law.jurisdictions.items():
        for rule in jurisdiction.rules:
            if touches(rule, marks):
                found[code].append(rule.id)
    return dict(sorted(found.items()))


def component_tables(law: LinkedLaw, what: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for title, marks in what.items():
        yield f"### {title}\n"
        yield "Declared by " + ", ".join(f"`{mark}`" for mark in marks) + ".\n"
        yield "| law of | rules |\n| --- | --- |"
        for code, rules in by_jurisdiction(law, marks).items():
            yield f"| {code} | " + ", ".join(f"`{rule}`" for rule in sorted(rules)) + " |"
        yield ""


def confidence_table(law: LinkedLaw) -> Iterator[str]:
    yield "| law of | rules | " + " | ".join(Confidence) + " |\n| --- |" + " ---: |" * 5
    every: Counter[str] = Counter()
    for code, jurisdiction in sorted(law.jurisdictions.items()):
        count = Counter(str(rule.confidence) for rule in jurisdiction.rules)
        every += count
        if count:
            yield _shares(code, count)
    yield _shares("all", every)


def _shares(name: str, count: Counter[str]) -> str:
    total = count.total()
    return f"| {name} | {total} | " + " | ".join(f"{100 * count[level] / total:.0f} %" for level in Confidence) + " |"


TABLES: Mapping[tuple[str, str], Callable[[LinkedLaw], Iterator[str]]] = {
    ("components.md", "components"): lambda law: component_tables(law, COMPONENTS),
    ("components.md", "environment"): lambda law: component_tables(law, ENVIRONMENT),
    ("law-review.md", "confidence"): confidence_table,
}


def rendered(law: LinkedLaw) -> dict[str, str]:
    """Each page with its tables as the law has them now."""
    pages: dict[str, str] = {}
    for (name, mark), table in TABLES.items():
        page = pages.get(name) or (DOCS / name).read_text(encoding="utf-8")
        body = "\n".join(table(law)).strip()
        pattern = re.compile(rf"(<!-- {mark}: from the law -->\n).*?(<!-- end -->)", re.DOTALL)
        pages[name], times = pattern.subn(lambda match, body=body: f"{match[1]}\n{body}\n\n{match[2]}", page)
        if times != 1:
            raise SystemExit(f"docs/{name}: no place for the table `{mark}`")
    return pages


def main() -> int:
    law = link_law([bundled_law()])
    stale = [name for name, page in rendered(law).items() if (DOCS / name).read_text(encoding="utf-8") != page]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"docs/{name} is stale: run `make docs`" for name in stale), end="")
        return 1 if stale else 0
    for name, page in rendered(law).items():
        (DOCS / name).write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
