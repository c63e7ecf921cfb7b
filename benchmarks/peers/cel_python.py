# SPDX-License-Identifier: Apache-2.0
"""CEL in Python (cel-python): a program per rule."""

import resource

import celpy

from peers.cel_rust import CEL

MEMORY = 6 << 30  # the text of an error made of errors doubles with each, and would take all there is


def by_row(rules):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    environment = celpy.Environment()
    programs = [environment.program(environment.compile(CEL.write(rule.gap))) for rule in rules]

    def run(profile):
        context = {"p": celpy.json_to_cel(profile)}
        return [at for at, program in enumerate(programs) if program.evaluate(context)]

    run.floats = True
    run.most = 3
    return run
