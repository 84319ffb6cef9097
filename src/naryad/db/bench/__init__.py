"""What benchmarks and query-plan tests do with PostgreSQL beyond what the product does."""
