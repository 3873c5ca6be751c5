"""What the regulation says: the house of rules, which knows nothing of pages, letters and queues."""

import os

# Piccolo looks its configuration up by this name; set here, so that nobody has to know it from outside.
os.environ.setdefault("PICCOLO_CONF", "domain.piccolo_conf")
