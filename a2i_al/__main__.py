"""`python -m a2i_al` is the command `a2i-al`."""

import sys

from a2i_al.cli import main

sys.exit(main())
