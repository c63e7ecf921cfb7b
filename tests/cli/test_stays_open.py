# SPDX-License-Identifier: Apache-2.0
"""A formula without a value is said, and no list of questions is empty beside a market that stays undetermined."""

from __future__ import annotations

import json

from click.testing import CliRunner

from carnet.cli.check import check_command
from carnet.cli.questions import questions_command

PACK = """\
jurisdiction: {id: XA, name: Divided}
instruments: [{id: xa.act, title: Act, url: "https://example.org/x"}]
rules:
  - id: xa.div
    title: As long as it has seats
    topic: traffic_law
    cites: [{instrument: xa.act, provision: § 1}]
    basis: text
    confidence: primary
    read: unrecorded
    duty_holder: operator
    severity: blocking
    requires: {vehicle.length_m: {gte: {formula: "10 / vehicle.seats"}}}
"""


def test_a_formula_that_divides_by_zero_is_said(tmp_path):
    pack = tmp_path / "law" / "jurisdictions" / "XA" / "a.yaml"
    pack.parent.mkdir(parents=True)
    pack.write_text(PACK, encoding="utf-8")
    profile = tmp_path / "p.yaml"
    profile.write_text("vehicle: {seats: 0, length_m: 0.3}\n", encoding="utf-8")
    options = [str(profile), "-m", "XA", "--law", str(tmp_path / "law")]
    found = CliRunner().invoke(check_command, [*options, "--fail-on", "never", "-f", "json"])
    [market] = json.loads(found.stdout)["markets"]
    [finding] = [one for one in market["findings"] if one["rule"] == "xa.div"]
    assert (finding["status"], finding["unknown"]) == ("undetermined", [])
    assert "the formula 10 / vehicle.seats has no value with vehicle.seats 0" in finding["because"][0]["note"]
    asked = CliRunner().invoke(questions_command, options)
    assert "Nothing is left open" not in asked.stdout
    assert "has no value with vehicle.seats 0" in " ".join(asked.stdout.split())
