"""The parts of `naryad bench stream`: companies, readers and writers, the rivals, one module per figure."""
