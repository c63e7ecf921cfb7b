# SPDX-License-Identifier: Apache-2.0
"""OpenFisca: a variable per fact (and one for whether it is known, one per item of a set), a formula per rule."""

from __future__ import annotations

from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from rules import tests

from peers.numpy import columns_of, evaluate

PERIOD = "2026"
VEHICLE = build_entity(key="vehicle", plural="vehicles", label="Vehicle", is_person=True)


def by_table(rules, table):
    columns = columns_of(rules, table)
    system = TaxBenefitSystem([VEHICLE])
    inputs = _inputs(columns)
    for name, values in inputs.items():
        kind = bool if values.dtype == bool else str if values.dtype.kind == "U" else float
        system.add_variable(_variable(name, kind))
    for at, rule in enumerate(rules):
        system.add_variable(_variable(f"gap_{at}", bool, _formula(rule.gap, columns)))

    def run():
        simulation = SimulationBuilder().build_default_simulation(system, table.num_rows)
        for name, values in inputs.items():
            simulation.set_input(name, PERIOD, values)
        return [int(simulation.calculate(f"gap_{at}", PERIOD).sum()) for at in range(len(rules))]

    return run


def _inputs(columns):
    inputs = {}
    for name, (values, known) in columns.items():
        inputs[f"{name}__known"] = known
        if isinstance(values, tuple):
            flags, sizes = values
            inputs[f"{name}__size"] = sizes.astype(float)
            inputs |= {f"{name}__{item}": flag for item, flag in flags.items()}
        else:
            inputs[name] = values if values.dtype.kind in "bU" else values.astype(float)
    return inputs


def _variable(name, kind, formula=None):
    body = {"value_type": kind, "entity": VEHICLE, "definition_period": DateUnit.YEAR, "label": name}
    if kind is str:
        body["max_length"] = 64
    return type(name, (Variable,), body | ({"formula": formula} if formula else {}))


def _formula(expression, columns):
    """Reads what the rule needs from the simulation, then computes as plain NumPy does."""
    read = sorted({test.fact for test in tests(expression)} & columns.keys())

    def formula(vehicle, period):
        own = {}
        for name in read:
            values, _ = columns[name]
            if isinstance(values, tuple):
                flags = {item: vehicle(f"{name}__{item}", period) for item in values[0]}
                now = (flags, vehicle(f"{name}__size", period))
            else:
                now = vehicle(name, period)
            own[name] = (now, vehicle(f"{name}__known", period))
        return evaluate(expression, own, vehicle.count)

    return formula
