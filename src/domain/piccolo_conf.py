"""Where Piccolo finds the database and the tables of the regulation."""

from piccolo.conf.apps import AppRegistry

from domain.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["domain.piccolo_app"])
