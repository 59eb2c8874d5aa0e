"""`python -m planlang`: the command `plan`."""

import sys

from planlang.cli.main import main

sys.exit(main())
