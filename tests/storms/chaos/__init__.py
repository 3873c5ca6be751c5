"""The kill storm: a whole house under faults, many people at work in it, and a referee who counts outside of it."""
