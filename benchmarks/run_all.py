"""Run every benchmark, each in its own process, and print the figures side by side."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
APART = {"run_all", "scale"}
"""Not among them: the sizes that `make bench-scale` goes through take hours."""


def main() -> int:
    """Run the benchmarks in the order of their names; give the number that failed."""
    wanted = sys.argv[1:]
    failed = 0
    for script in sorted(HERE.glob("*.py")):
        if script.stem in APART or script.name.startswith("_") or (wanted and script.stem not in wanted):
            continue
        sys.stdout.write(f"\n== {script.stem} ==\n")
        sys.stdout.flush()
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        failed += (
            subprocess.run([sys.executable, str(script)], cwd=HERE.parent, env=environment, check=False).returncode != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
