"""The parts of `naryad bench push`: a provider that costs little, one module per figure."""
