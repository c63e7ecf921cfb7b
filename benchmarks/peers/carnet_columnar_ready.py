# SPDX-License-Identifier: Apache-2.0
"""Carnet's columnar evaluator on columns already converted, as the arrays of plain NumPy and OpenFisca are."""

from peers import carnet_columnar


def by_table(rules, table):
    return carnet_columnar.by_table(rules, table, ready=True)
