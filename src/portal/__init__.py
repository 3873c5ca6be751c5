"""The portal: how people reach the regulation."""
