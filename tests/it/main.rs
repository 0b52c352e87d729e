//! Every test that goes through the public surface, in one binary.
