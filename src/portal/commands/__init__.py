"""The command `otklik`: every habit of the house that is not a page, one small module each.

A module of this package is a subcommand of the same name, and defines it as `command`. Only the one that is asked
for is imported, so that each starts as fast as it can.
"""

import importlib
import pkgutil

import click


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command), f"{cmd_name} has no `command`"  # noqa: S101
        return command


@click.group(cls=Commands)
def main() -> None:
    """The portal «Отклик»: its processes, its database, its demo town."""
