"""``python -m drystone``: the command line."""

from drystone._cli import main

if __name__ == "__main__":
    main()
