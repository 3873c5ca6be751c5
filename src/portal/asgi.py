"""What the web server runs (server.py)."""

import gc

from portal.app import create_app
from workers.settings import Settings

app = create_app(Settings.from_env())
# Modules, routes and templates stay until the process ends: walked over again by every collection they took a sixth
# of the time of a page.
gc.collect()
gc.freeze()
