.PHONY: run test check bench

# The server, on http://127.0.0.1:4200.
run:
	cargo run --release

# Everything, with real PostgreSQL, the real Prefect client and a real browser; installs what is missing, and says so.
test:
	scripts/setup.sh
	cargo test --workspace
	npm --prefix ui test

# What a change is looked at for before it is tested: format, lints, types of ui/, schema.graphql.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	npm --prefix ui run check
	cargo run -q -- schema | diff -u schema.graphql -

# Ratios to a constant answer and to others on this machine, in twelve minutes; appended to bench/RESULTS.md.
bench:
	cargo build --release
	cargo run --release --package bench -- $(LOAD)
