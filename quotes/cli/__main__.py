"""Run the command line: `python -m quotes.cli`."""

import sys

from quotes.cli import main

sys.exit(main())
