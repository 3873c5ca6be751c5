"""How fast the portal is beside its floor: `make bench`; docs/bench.md tells what is measured and how."""
