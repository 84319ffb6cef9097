"""What can be done: one function, one transaction: rows, change, feed and push intent together."""
