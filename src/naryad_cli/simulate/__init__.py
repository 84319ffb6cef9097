"""`naryad simulate`: phones and dispatchers at work on a running server, bad luck included, and a verdict.

Read in this order:

- `plan`        what to simulate
- `network`     the bad network between a phone and the server
- `journal`     what phones made, and what they were told became of it
- `handset`     one phone through its lives: it crashes and comes back from its store
- `worker`      what its worker does
- `desk`, `dispatcher`  the other side, over the API
- `simulation`  all of them together, from the first job to the last answer
- `truth`       what the server says in the end, over the API alone
- `judge`       the oracle: journal and phones against the truth
- `command`, `progress`  the command line
"""

from naryad_cli.simulate.command import add_arguments, run

__all__ = ["add_arguments", "run"]
