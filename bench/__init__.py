"""Speed and memory, measured: `python -m bench.run`."""
