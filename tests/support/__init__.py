"""What tests build on: running services, accounts, phones."""
