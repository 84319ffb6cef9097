"""The order and sync API: routes that translate and nothing else."""
