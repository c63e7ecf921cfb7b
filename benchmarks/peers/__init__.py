# SPDX-License-Identifier: Apache-2.0
"""One module per system measured; each has one or more of

    by_row(rules)    a function from a profile (a dict) to the indexes of the rules that are gaps
    statuses(rules)    a function from a profile to the status of each rule
    by_table(rules, table)    two functions: one converts the table to what the system runs on, the other makes the
                              number of gaps of each rule of that

What these functions are made of (parsing, compiling) is not timed.
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
TABLE_PEERS = ("carnet_columnar", "numpy", "openfisca", "duckdb")
