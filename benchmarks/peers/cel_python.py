# SPDX-License-Identifier: Apache-2.0
"""CEL in Python (cel-python): a program per rule."""

import celpy

from peers.cel_rust import CEL


def by_row(rules):
    environment = celpy.Environment()
    programs = [environment.program(environment.compile(CEL.write(rule.gap))) for rule in rules]

    def run(profile):
        context = {"p": celpy.json_to_cel(profile)}
        return [at for at, program in enumerate(programs) if program.evaluate(context)]

    run.floats = True
    return run
