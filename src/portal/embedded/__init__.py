"""The house on one machine: private servers from wheels and every process of the portal under one Ctrl-C."""
