# SPDX-License-Identifier: Apache-2.0
"""One module per system measured; each has one or more of

    by_row(rules)    a function from a profile (a dict) to the indexes of the rules that are gaps
    statuses(rules)    a function from a profile to the status of each rule
    by_table(rules, table)    a function without arguments to the number of gaps of each rule

What these functions are made of (parsing, compiling, loading) is not timed.
"""

ROW_PEERS = (
    "carnet_native",
    "carnet_rete",
    "closures",
    "lambdas",
    "zen",
    "cel_rust",
    "cel_python",
    "rule_engine",
    "json_logic",
    "rego",
    "clips",
)
STATUS_PEERS = ("carnet_native", "carnet_rete", "closures", "lambdas")
TABLE_PEERS = ("carnet_columnar", "carnet_columnar_ready", "numpy", "openfisca", "duckdb")
