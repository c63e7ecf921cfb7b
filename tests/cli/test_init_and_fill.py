# SPDX-License-Identifier: Apache-2.0
"""The dialogue as a user has it: lines typed, the file that comes of it, the questions that were put."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from carnet.api import load_law
from carnet.cli.fill import fill_command
from carnet.cli.init import init_command
from carnet.declare.profile import Profile
from carnet.errors import CarnetError
from carnet.report.layout import display_width

LEVEL = "Which SAE J3016 level has the feature to be used?"


def run(command: Any, *args: object, typed: str = "") -> Result:
    result = CliRunner().invoke(command, [str(arg) for arg in args], input=typed)
    if result.exception and not isinstance(result.exception, (CarnetError, SystemExit)):
        raise result.exception
    return result


def read(file: Path) -> Profile:
    law = load_law()
    return Profile.from_file(file, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


def init(tmp_path: Path, typed: str, *args: str) -> tuple[Result, Path]:
    target = tmp_path / "p.yaml"
    return run(init_command, "-o", target, *args, typed=typed), target


def test_markets_come_first_in_any_writing(tmp_path: Path) -> None:
    result, target = init(tmp_path, "Norwegn\n?\n文莱, Norge, DE\nAtlas\nL2\nq\n")
    assert "`Norwegn` is no market that is known; did you mean `Norway`?" in result.stderr
    assert "GB-NIR Northern Ireland" in " ".join(result.stderr.split())
    assert f"carnet fill {target} -m BN,NO,DE" in " ".join(result.stderr.split())
    profile = read(target)
    assert (profile.name, profile.declared("automation.sae_level")) == ("Atlas", 2)
    assert result.stdout == ""


def test_the_way_to_a_verdict_is_counted_and_the_verdict_told(tmp_path: Path) -> None:
    result, _ = init(tmp_path, "Atlas\n2\ny\nn\n", "-m", "Brunei Darussalam")
    assert "[1; about 1 to go to the first verdict: Brunei Darussalam]" in result.stderr
    assert "[2; about 1 to go to the first verdict: Brunei Darussalam]" in result.stderr
    assert "  -> Brunei Darussalam: open\n" in result.stderr
    assert "Go on with these? (y/n)" in result.stderr
    assert "\n  BN     Brunei Darussalam: open\n" in result.stderr


def test_back_takes_an_answer_out_of_the_file(tmp_path: Path) -> None:
    result, target = init(tmp_path, "Atlas\nback\n1\nback\n2\nq\n", "-m", "BN")
    assert "this is the first question" in result.stderr
    assert result.stderr.count(LEVEL) == 3
    assert read(target).declared("automation.sae_level") == 2


def test_a_skipped_question_stays_unknown_and_is_not_put_again(tmp_path: Path) -> None:
    result, target = init(tmp_path, "Atlas\n2\nskip\nq\n", "-m", "BN")
    assert result.stderr.count("Is compulsory third-party insurance") == 1
    assert "[2; about 1 to go to the first verdict: Brunei Darussalam]" in result.stderr
    assert read(target).declared("insurance.third_party") is None


def test_what_cannot_be_is_asked_again(tmp_path: Path) -> None:
    target = tmp_path / "p.yaml"
    target.write_text("name: Atlas\nvehicle: {category: N2}\n", encoding="utf-8")
    result = run(fill_command, target, "-m", "MX", typed="19\nnew\n2 kg\n4,000\n4000\n9\n2\nq\n")
    assert "there is no number 19" in result.stderr
    assert "2 kg cannot be where `vehicle.category` is N2" in result.stderr
    assert "`4,000` can be 4000 or 4" in result.stderr
    assert "outside 0 to 5" in result.stderr
    profile = read(target)
    assert (profile.declared("vehicle.gross_mass_kg"), profile.declared("automation.sae_level")) == (4000, 2)


def test_an_unlikely_value_is_kept_only_when_confirmed(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("name: x\nautomation: {sae_level: 2}\nvehicle: {category: L, condition: new}\n", encoding="utf-8")
    result = run(fill_command, file, "-m", "MX", typed="9 kg\nn\n9 kg\ny\nq\n")
    assert result.stderr.count("9 kg is unusual: mostly it is 50 to 60,000 kg. Keep it? (y/n)") == 2
    assert read(file).declared("vehicle.gross_mass_kg") == 9


def test_a_fact_may_differ_by_market(tmp_path: Path) -> None:
    _, target = init(tmp_path, "Atlas\n2\ny; AU: no\nq\n", "-m", "BN,AU")
    assert "in:\n  AU:\n    insurance:\n      third_party: false\n" in target.read_text(encoding="utf-8")
    profile = read(target)
    assert profile.declared("insurance.third_party") is True
    assert profile.declared("insurance.third_party", ("AU",)) is False


def test_approvals_are_asked_for_together(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("name: x\nautomation: {sae_level: 2}\nvehicle: {category: M1}\n", encoding="utf-8")
    asked = run(fill_command, file, "-m", "DE", typed="\n" * 60).stderr
    before, _, listed = asked.partition("Which of these do you hold?")
    assert listed, asked
    one, two, three = re.findall(r"^ +\d+ ([A-Z][A-Z0-9-]+):", listed.partition("\n> ")[0], re.MULTILINE)[:3]
    skipped = before.count("\n> ")
    run(fill_command, file, "-m", "DE", typed="\n" * skipped + f"1, {two.lower()}; planned 3\nq\n")
    profile = read(file)
    assert [profile.declared(f"approvals.{code}.state") for code in (one, two, three)] == ["held", "held", "planned"]


def test_a_maker_of_private_cars_is_not_asked_about_passengers(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    facts = (
        "operation: {service: private_car, driver_on_board: true}\nautomation: {sae_level: 2}\nvehicle: {category: M1}"
    )
    file.write_text(f"name: x\n{facts}\n", encoding="utf-8")
    result = run(fill_command, file, "-m", "DE,AE-DU,GB", typed="\n" * 200)
    law = load_law()
    assert law.vocabulary.fact("operation.fare_charged").question not in result.stderr
    assert law.vocabulary.fact("operation.remote.role").question not in result.stderr


def test_fill_keeps_every_other_line(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    before = "# ours\nname: x   # the name\n\nautomation:\n  sae_level: 2   # for now\n# the end\n"
    file.write_text(before, encoding="utf-8")
    result = run(fill_command, file, "-m", "BN", typed="y\nq\n")
    assert result.exit_code == 0
    after = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in before.splitlines() if line and line not in after] == []
    assert read(file).declared("insurance.third_party") is True


def test_fill_without_an_answer_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("name: x\n", encoding="utf-8")
    for typed in ("", "q\n", "BN\nq\n"):
        run(fill_command, file, typed=typed)
    assert file.read_text(encoding="utf-8") == "name: x\n"


@pytest.mark.parametrize("typed", ["", "q\n", "BN\n", "BN\nq\n", "BN\n\n\nq\n"])
def test_nothing_answered_writes_nothing(tmp_path: Path, typed: str) -> None:
    result, target = init(tmp_path, typed)
    assert "nothing was answered" in str(result.exception)
    assert not target.exists()


@pytest.mark.parametrize("typed", ["BN\nAtlas\n", "BN\nAtlas\n\n\nq\n", "DE\nback\nBN\nAtlas\n"])
def test_a_name_alone_is_a_valid_file_to_go_on_with(tmp_path: Path, typed: str) -> None:
    result, target = init(tmp_path, typed)
    assert result.exception is None
    assert read(target).name == "Atlas"
    assert f"fill {target} -m BN" in " ".join(result.stderr.split())


def test_the_dialogue_speaks_the_users_language(tmp_path: Path) -> None:
    result, _ = init(tmp_path, "文莱\n车\n?\nL2\nq\n", "--language", "zh")
    assert "想进入哪些市场？" in result.stderr
    assert "拟使用的功能属于 SAE J3016 的哪一级？" in result.stderr
    lines = [line.removeprefix("> ") for line in result.stderr.splitlines() if "pytest" not in line]
    assert [line for line in lines if display_width(line) > 80] == []


def test_an_end_of_the_input_leaves_a_valid_file(tmp_path: Path) -> None:
    _, target = init(tmp_path, "Atlas\n2\n", "-m", "BN")
    assert read(target).declared("automation.sae_level") == 2


def test_init_takes_what_files_say_first(tmp_path: Path) -> None:
    files = Path(__file__).parents[1] / "intake" / "files"
    sources = ("--from", str(files / "comet.xml"), "--from", str(files / "vehicle_info.param.yaml"))
    result, target = init(tmp_path, "\n2\ny\nq\n", "-m", "BN", *sources)
    told = " ".join(result.stderr.split())
    assert "certificate of conformity, IVI 2.0: took 17 declarations" in told
    assert "left: vehicle.length_m is 4.77 at line " in told
    profile = read(target)
    assert profile.name == "COMET ONE"
    assert (profile.declared("vehicle.length_m"), profile.declared("automation.sae_level")) == (4.599, 2)


def test_the_profile_alone_goes_to_standard_output(tmp_path: Path) -> None:
    result = run(init_command, "-o", "-", "-m", "BN", typed="Atlas\n2\nq\n")
    assert result.stdout.startswith("# A Carnet profile")
    assert "sae_level: 2\n" in result.stdout


def test_no_line_is_wider_than_80_columns(tmp_path: Path) -> None:
    result, _ = init(tmp_path, "?\nDE, 中国\nAtlas\n" + "?\n\n" * 60)
    lines = [
        line.removeprefix("> ") for line in result.stderr.splitlines()
    ]  # the line end typed after it is not echoed
    wide = [line for line in lines if display_width(line) > 80]
    assert wide == []
