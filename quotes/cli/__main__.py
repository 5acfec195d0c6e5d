"""Run the command line: `python -m quotes.cli`."""

import sys

from quotes.cli import main

if __name__ == "__main__":
    sys.exit(main())
