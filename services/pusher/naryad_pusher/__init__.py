"""The pusher: wakes the phones that a change concerns."""
