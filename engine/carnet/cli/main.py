# SPDX-License-Identifier: Apache-2.0
"""The command `carnet`: which commands there are, and how everything that goes wrong is said.

Commands are imported only when they are called, so that `carnet check` pays for nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import io
import os
import sys
from importlib import import_module
from typing import Any, NamedTuple, TextIO

import click

from carnet import __version__, spoken
from carnet.errors import CarnetError, MissingExtra, os_reason, shown, suggest

OK, FOUND, UNUSABLE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
"""Exit codes: nothing at or above the threshold, such findings, unusable input; the others as a shell counts them."""


OUTPUT_FAILS = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EINVAL)
"""What a standard output says that takes no more."""
WINDOWS = os.name == "nt"


class Entry(NamedTuple):
    """A command before it is imported: its module in this package, how it is called, what it gives."""

    module: str
    usage: str
    help: str
    extra: str = ""


COMMANDS: dict[str, dict[str, Entry]] = {
    "Check a profile": {
        "check": Entry("check", "PROFILE... -m DE-BY -m AE-DU", "gap report"),
        "compare": Entry("compare", "PROFILE... [--all]", "readiness matrix"),
        "timeline": Entry("timeline", "PROFILE -m DE", "what changes when"),
        "diff": Entry("diff", "OLD NEW", "what changed between two profiles or reports"),
    },
    "Decide what to do": {
        "questions": Entry("questions", "PROFILE -m DE", "what to declare next, most decisive first"),
        "whatif": Entry("whatif", "PROFILE --set PATH=VALUE", "what that changes"),
        "approvals": Entry("approvals", "PROFILE [-m DE]", "what is held, applied for, expiring, missing"),
        "dossier": Entry("dossier", "PROFILE APPROVAL", "what one application holds and misses, by whom"),
        "impact": Entry("impact", "OLD NEW", "what a change sets off: notices, extensions"),
        "plan": Entry("plan", "PROFILE -m ... | --all", "a road map: what first, by when, with whom", "plan"),
        "progress": Entry("over_time", "REPORT.json...", "how lacks fall over time, and what stands still"),
        "reach": Entry("reach", "PROFILE -m DE", "the best outcome within reach, and its price"),
    },
    "Look things up": {
        "markets": Entry("browse", "", "the markets that can be checked"),
        "market": Entry("browse", "CODE", "a market: routes, authorities, limits, law"),
        "rule": Entry("browse", "NAME", "a rule: what it asks, of whom, by which provision"),
        "instrument": Entry("browse", "NAME", "a statute or regulation and the rules drawn from it"),
        "facts": Entry("facts", "[SECTION]", "what can be declared"),
        "fact": Entry("facts", "PATH", "one fact or approval: type, values, source, readers"),
        "law": Entry("law", "status | build | install", "how well the law was read; its releases", "releases"),
        "law-diff": Entry("law_diff", "DAY DAY", "which rules start, end or change between two days"),
    },
    "Write profiles and law": {
        "init": Entry("init", "[--template robotaxi]", "start a profile, by questions or from a template"),
        "fill": Entry("fill", "PROFILE [q.xlsx...]", "go on with a profile, by questions or from workbooks"),
        "migrate": Entry("migrate", "PROFILE [-o FILE]", "write the names of now into an older profile"),
        "questionnaire": Entry(
            "questionnaire", "PROFILE -m ... -o q.xlsx", "questions for departments and partners", "intake"
        ),
        "import": Entry("import_", "FILE -o profile.yaml", "a profile of an e-CoC, a design domain ...", "intake"),
        "export": Entry("export", "odd|reqif PROFILE -o FILE", "a profile for other tools", "intake"),
        "lint": Entry("packs", "[DIR]", "check packs of law for mistakes"),
        "test": Entry("packs", "[DIR]", "run the cases of every rule and duty"),
        "new": Entry("new", "market CODE | rule ID", "start a market or a rule, with what it needs to lint"),
        "schema": Entry("schema", "profile|pack|report", "JSON Schema for editors and tools"),
    },
    "Work at scale": {
        "fleet": Entry("fleet", "TABLE -m ... -o OUT", "table in, table out", "fleet"),
        "serve": Entry("serve", "", "web app and HTTP API", "serve"),
        "mcp": Entry("mcp", "", "tools for assistants (Model Context Protocol)", "mcp"),
    },
}
ENTRIES = {name: entry for group in COMMANDS.values() for name, entry in group.items()}


class LazyGroup(click.Group):
    """Commands by name from `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = ENTRIES.get(cmd_name)
        if entry is None:
            return None
        module = import_module(f"carnet.cli.{entry.module}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in ENTRIES:
            hint = suggest(args[0], self.list_commands(ctx)) or "`carnet --help` lists the commands"
            raise CarnetError(f"unknown command {shown(args[0], 40)}", hint=hint)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in groups, each as it is called."""
        formatter.write("Usage: carnet COMMAND ...\n\n")
        formatter.write_text(self.help or "")
        for title, group in COMMANDS.items():
            formatter.write(f"\n{title}\n")
            for name, entry in group.items():
                usage = f"carnet {name} {entry.usage}".rstrip()
                formatter.write(f"  {usage:<40}  {entry.help}\n")
        formatter.write("\n`carnet COMMAND --help` says more. Exit codes: 0 fine, 1 findings, 2 unusable input.\n")


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="carnet", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Checks a declared vehicle, service and company against the road law of the markets it wants to enter."""
    spoken.use(spoken.ENGLISH)  # a command that speaks another says so
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


COLLECT = (50_000, 20, 1000)
"""How seldom the collector goes over young, middle and old objects: the law is hundreds of thousands that live as long
as the process, and going over them again and again took half the time of a check of all markets."""


def main() -> None:
    """The console script."""
    gc.set_threshold(*COLLECT)
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """Run one command line and return its exit code; nothing escapes as a traceback."""
    streams = _prepare_streams()
    try:
        code = cli.main(args, prog_name="carnet", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except CarnetError as error:
        return _fail(str(error), whole=error)
    except click.ClickException as error:
        return _fail(_usage(error))
    except (KeyboardInterrupt, click.Abort):
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except SystemExit:  # what click makes of a closed pipe, behind a wrapper of its own
        sys.stdout = streams[0]
        _drop_output()
        return PIPE_CLOSED
    except OSError as error:
        if error.filename is not None or error.errno not in OUTPUT_FAILS:
            return _internal(error)
        _drop_output()
        if WINDOWS and error.errno == errno.EINVAL:  # how a closed pipe is said there
            return PIPE_CLOSED
        return _fail(f"standard output cannot be written ({os_reason(error)})")
    except Exception as error:
        if _was_interrupted(error):
            return _fail("interrupted", INTERRUPTED)
        if extra := _missing_extra(args, error):
            return _fail(str(extra))
        return _internal(error)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: a library that is being imported makes an ImportError of it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, KeyboardInterrupt):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _internal(error: Exception) -> int:
    if os.environ.get("CARNET_DEBUG"):
        raise error
    what = f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
    return _fail(f"internal error ({what}); please report it, with the traceback that CARNET_DEBUG=1 shows")


def _prepare_streams() -> tuple[TextIO, TextIO]:
    """Streams that cannot fail for a character, and ones that say so where the shell has closed them."""
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    return sys.stdout, sys.stderr


class _Closed(io.StringIO):
    """In place of a standard output that is closed."""

    @property
    def buffer(self) -> Any:
        return self

    def write(self, text: object) -> int:
        raise CarnetError("standard output is closed", hint="name a file with `--output`")


def _drop_output() -> None:
    """Keep the interpreter from flushing into what cannot be written any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _missing_extra(args: list[str], error: Exception) -> MissingExtra | None:
    """The extra to install when a command's module lacks a library that is not ours."""
    entry = ENTRIES.get(args[0]) if args else None
    if entry is None or not entry.extra or not isinstance(error, ModuleNotFoundError):
        return None
    return None if (error.name or "carnet").startswith("carnet") else MissingExtra(args[0], entry.extra)


def _fail(message: str, code: int = UNUSABLE, whole: CarnetError | None = None) -> int:
    """Say what is wrong; where CARNET_ERRORS names a file, all that the error holds is written there."""
    from carnet.report.layout import clean

    file = os.environ.get("CARNET_ERRORS")
    if whole and file:
        from carnet.cli.errors_file import write_errors

        message = f"{message}\n{write_errors(whole, file)}"

    with contextlib.suppress(OSError):  # nobody can be told; the exit code still says it
        click.echo("\n".join(clean(line) for line in message.splitlines()), err=True)
    return code


def _usage(error: click.ClickException) -> str:
    """A mistake on the command line in one line."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "carnet"
    return f"{command}: {message[:1].lower()}{message[1:]}; see `{command} --help`"
