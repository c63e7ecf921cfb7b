# SPDX-License-Identifier: Apache-2.0
"""`python -m carnet` is the command `carnet`."""

from carnet.cli.main import main

if __name__ == "__main__":
    main()
