"""``python -m drystone_server module:app`` serves an ASGI application."""

from __future__ import annotations

import sys

from ._cli import main

sys.exit(main())
