"""What is kept on disk: datasets and their versions, and uploads on their way to become one."""

from __future__ import annotations

from journey.places import default_home
from journey.workspace.catalogue import DatasetInfo
from journey.workspace.home import Workspace
from journey.workspace.spool import Upload

__all__ = ["DatasetInfo", "Upload", "Workspace", "default_home"]
