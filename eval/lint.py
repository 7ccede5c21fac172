"""`python -m eval.lint [eval/data]`: the same as `mujaz eval lint`."""

import sys

from summarizer.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["eval", "lint"]
    main()
