"""``python -m drystone``: the command line."""

from ._cli import main

main()
