"""The directions of imports, as pyproject.toml writes them down."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_imports_point_downwards() -> None:
    linter = Path(sys.executable).parent / "lint-imports"

    told = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert told.returncode == 0, told.stdout + told.stderr
