"""What the product is: pure rules and values. Standard library only, no clock, no I/O."""
