"""Storms: what is too long for the suite, each a command of its own (`python -m tests.storms.NAME`)."""
