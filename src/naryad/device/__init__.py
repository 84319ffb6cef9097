"""The reference device: what a phone must hold and do, in plain code to build yours from.

Read in this order:

- `held`        a job as the phone holds it, and how a partial job is merged in
- `operations`  what a worker can do, and how it travels
- `state`       everything the phone must not forget, one frozen value
- `outbox`      work saved, acknowledged, renumbered
- `replay`      what the screen shows: server state + pending operations
- `requests`    the next request
- `answers`     what can come back
- `receive`     state + answer → state, and what to do then
- `rows`, `store`  the state in SQLite, one transaction per change
- `transport`   the requests over HTTP
- `held_file`, `photograph`, `accounting`  which files must move, and which may be forgotten
- `shelf`, `carrier`, `files`  their bytes on the disk, over HTTP, and the lane that moves them
- `phone`       the driver that ties them together by the policy (`naryad.domain.sync_policy`)

All but `store`, `transport`, `shelf`, `carrier`, `files` and `phone` are sans-I/O: functions from value to
value, without clock, network or disk.
The protocol they speak is `docs/protocol.md`.
"""
