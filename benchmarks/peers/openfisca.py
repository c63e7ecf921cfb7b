# SPDX-License-Identifier: Apache-2.0
"""OpenFisca: a variable per fact (and one for whether it is known, one per item of a set), a formula per rule.

A choice is a number, as OpenFisca's own enumerations are inside. Its numbers have 32 bits, so that a few rules about
sums of money above 16 million come out otherwise for values next to the limit.
"""

from __future__ import annotations

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from rules import Test, tests

from peers.numpy import columns_of, evaluate

PERIOD = "2026"
VEHICLE = build_entity(key="vehicle", plural="vehicles", label="Vehicle", is_person=True)


def by_table(rules, table):
    columns, codes = encoded(columns_of(rules, table))
    system = TaxBenefitSystem([VEHICLE])
    for name, values in _inputs(columns).items():
        kind = {"b": bool, "i": int}.get(values.dtype.kind, float)
        system.add_variable(_variable(name, kind))
    for at, rule in enumerate(rules):
        system.add_variable(_variable(f"gap_{at}", bool, _formula(recoded(rule.gap, codes), columns)))

    def gaps(inputs):
        simulation = SimulationBuilder().build_default_simulation(system, table.num_rows)
        for name, values in inputs.items():
            simulation.set_input(name, PERIOD, values)
        return [int(simulation.calculate(f"gap_{at}", PERIOD).sum()) for at in range(len(rules))]

    return lambda: _inputs(encoded(columns_of(rules, table))[0]), gaps


def encoded(columns):
    """The columns with numbers for texts, and what each text became."""
    coded, codes = {}, {}
    for name, (values, known) in columns.items():
        if not isinstance(values, tuple) and values.dtype.kind == "U":
            texts, values = np.unique(values, return_inverse=True)
            codes[name] = {text: code for code, text in enumerate(texts.tolist())}
        coded[name] = (values, known)
    return coded, codes


def recoded(expression, codes):
    if not isinstance(expression, Test):
        return type(expression)(tuple(recoded(part, codes) for part in expression.parts))
    if expression.fact not in codes or expression.op in ("declared", "undeclared"):
        return expression
    own, value = codes[expression.fact], expression.value
    coded = [own.get(item, -1) for item in value] if isinstance(value, list) else own.get(value, -1)
    return Test(expression.fact, expression.op, coded)


def _inputs(columns):
    inputs = {}
    for name, (values, known) in columns.items():
        inputs[f"{name}__known"] = known
        if isinstance(values, tuple):
            flags, sizes = values
            inputs[f"{name}__size"] = sizes
            inputs |= {f"{name}__{item}": flag for item, flag in flags.items()}
        else:
            inputs[name] = values
    return inputs


def _variable(name, kind, formula=None):
    body = {"value_type": kind, "entity": VEHICLE, "definition_period": DateUnit.YEAR, "label": name}
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
