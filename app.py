"""`python app.py` is `mujaz app`: the page, with the same options."""

import sys

from summarizer.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "app")
    main()
