"""`python -m tests.faults`: each operation on files fails, in all that is tried (minutes).

With the name of an operation, that alone.
"""

import errno
import sys

from tests.faults import ERRORS, built, tried

for name in sys.argv[1:] or ERRORS:
    for error in ERRORS[name]:
        print(name, errno.errorcode[error], tried(built(), name, error, every=1), flush=True)
