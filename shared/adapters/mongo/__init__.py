"""Documents and files on MongoDB, by motor."""

from shared.adapters.mongo.client import connect
from shared.adapters.mongo.database import Database
from shared.adapters.mongo.documents import MongoDocuments
from shared.adapters.mongo.files import MongoFiles, MongoUploads, migrate

__all__ = ["Database", "MongoDocuments", "MongoFiles", "MongoUploads", "connect", "migrate"]
