"""`make soak`: a whole installation, everything going wrong at once for some minutes, and a verdict.

Not a test of pytest: it takes as long as a coffee. `python -m soak --help`, with `tests` on the path.
"""
