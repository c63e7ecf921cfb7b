# SPDX-License-Identifier: Apache-2.0
"""Does the suite notice small changes to engine/carnet/verdict? What it does not is explained in tests/mutants.yaml.

Cosmic Ray makes the changes. Each is tried in a fork of this process, which has loaded all that does not depend on the
verdict and takes the changed module from memory: no file is touched, and most are noticed within a second of work.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import yaml
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "engine/carnet/verdict"
SETTINGS = ROOT / "tests/mutants.yaml"


class Mutant(NamedTuple):
    """One change to one module: its code, the changed line and the whole change as a diff."""

    module: str
    code: str
    line: str
    diff: str


class Changed(MetaPathFinder, Loader):
    """Imports one module from changed code."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name == self._mutant.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.code, self._mutant.module, "exec"), module.__dict__)


class _Bare(ast.NodeTransformer):
    """Code without its annotations, which nothing reads at run time."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)


def mutants(path: Path, left_out: re.Pattern[str]) -> Iterator[Mutant]:
    """Every change to a module that changes what is run."""
    code = path.read_text(encoding="utf-8")
    meaning = _meaning(code)
    for name in operator_names():
        if left_out.match(name) or get_operator(name).arguments():
            continue
        for occurrence in range(sys.maxsize):
            changed = mutate_code(code, get_operator(name)(), occurrence)
            if changed is None:
                break
            if _meaning(changed) not in ("", meaning):
                diff = list(difflib.unified_diff(code.splitlines(), changed.splitlines(), lineterm="", n=2))[2:]
                line = next((line[1:].strip() for line in diff if line.startswith("+")), "")
                yield Mutant(f"carnet.verdict.{path.stem}", changed, line, "\n".join(diff))


def _meaning(code: str) -> str:
    """What of the code is run; nothing where it is none."""
    try:
        return ast.dump(_Bare().visit(ast.parse(code)))
    except SyntaxError:
        return ""


def survives(mutant: Mutant | None, tests: list[str], timeout: float) -> bool:
    """Whether the tests pass all the same."""
    child = os.fork()
    if not child:
        _run(mutant, tests)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _run(mutant: Mutant | None, tests: list[str]) -> None:
    import pytest

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if mutant:
        sys.meta_path.insert(0, Changed(mutant))
    code: int = pytest.ExitCode.INTERNAL_ERROR
    try:
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", *tests])
    finally:
        os._exit(int(code))


def prepare() -> None:
    """Load what the tests need and no change touches."""
    os.chdir(ROOT)
    for name in ("numpy", "pyarrow", "hypothesis", "pytest", "carnet.law.law", "carnet.logic.columnar"):
        __import__(name)
    loaded = [name for name in sys.modules if name.startswith("carnet.verdict.")]
    assert not loaded, f"{loaded} cannot be changed any more"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", help="one module of the folder, such as `choice`")
    parser.add_argument("--sample", type=int, help="only so many, by chance")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    settings = yaml.safe_load(SETTINGS.read_text(encoding="utf-8"))
    explained = {(item["module"], item["line"]) for item in settings["explained"]}
    left_out = re.compile("|".join(settings["left_out"]))
    paths = sorted(FOLDER.glob(f"{chosen.module or '*'}.py"))
    tried = [mutant for path in paths for mutant in mutants(path, left_out)]
    if chosen.sample and chosen.sample < len(tried):
        tried = random.Random(chosen.seed).sample(tried, chosen.sample)
    prepare()
    if not survives(None, settings["tests"], settings["timeout"]):
        sys.exit("the tests fail without any change")
    survivors = 0
    for number, mutant in enumerate(tried, 1):
        if (mutant.module, mutant.line) in explained or not survives(mutant, settings["tests"], settings["timeout"]):
            continue
        survivors += 1
        print(f"{mutant.module} ({number} of {len(tried)}) survives:\n{mutant.diff}\n", flush=True)
    print(f"{len(tried)} changes, {survivors} not noticed and not explained")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
