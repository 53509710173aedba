"""Puts the package ``notes`` on the path, as ``drystone run --app-dir docs/examples`` does."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
