"""What the person at the terminal sees: each step with its time, and that a long one goes on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the step, a dot for every second of it, and how long it took."""
    click.echo(f"  {name} ", nl=False)
    begun, done = time.monotonic(), threading.Event()
    dots = threading.Thread(target=_dots, args=(done,), daemon=True)
    dots.start()
    ending = "failed\n"
    try:
        yield
        ending = f"{time.monotonic() - begun:.1f} s\n"
    finally:
        done.set()
        dots.join()
        click.echo(ending, nl=False)


def _dots(done: threading.Event) -> None:
    while not done.wait(1):
        click.echo(".", nl=False)
