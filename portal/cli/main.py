"""The `portal` command. A subcommand is one line in COMMANDS and one file beside this one."""

import importlib
from importlib.util import find_spec

import click

#: Subcommand -> where its click command is. Loaded only when it is called: most runs need one of them.
COMMANDS = {
    "demo": "portal.cli.demo:demo",
    "test": "portal.cli.checks:test",
    "serve": "portal.cli.serve:serve",
    "work": "portal.cli.workers:work",
    "deliver": "portal.cli.workers:deliver",
    "migrate": "portal.cli.upkeep:migrate",
    "check": "portal.cli.upkeep:check",
    "travel": "portal.cli.upkeep:travel",
    "events": "portal.cli.events:command",
    "import": "portal.cli.import_:command",
    "case-system": "portal.cli.case_system:command",
    "seed": "portal.cli.seed:command",
    "receiver": "portal.cli.receiver:command",
    "receiver-check": "portal.cli.receiver_check:command",
    "screenshots": "portal.cli.screenshots:command",
    "bench": "portal.cli.bench:command",
    "decisions": "portal.cli.decisions:command",
    "replay": "portal.cli.replay:command",
    "evidence": "portal.cli.evidence:command",
    "keys": "portal.cli.keys:command",
    "erase": "portal.cli.privacy:erase",
    "check-strings": "portal.cli.strings:command",
    "update-strings": "portal.cli.strings:update",
}


class Commands(click.Group):
    """A group that imports a subcommand's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name, place in COMMANDS.items() if find_spec(place.split(":", 1)[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, attribute = COMMANDS[cmd_name].split(":", 1)
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run, fill and look after the portal."""


if __name__ == "__main__":
    main()
