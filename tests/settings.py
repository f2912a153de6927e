"""Settings for tests: the product's own, in a temporary data folder made before they are read."""

import os
import tempfile

os.environ.setdefault("NGUON_DATA", tempfile.mkdtemp(prefix="nguon-test-"))
os.environ.setdefault("NGUON_SECRET_KEY", "only-for-tests")
os.environ.setdefault("NGUON_SECOND_FACTOR", "offered")  # tests of the doors require it themselves

from nguon.config.settings import *
from nguon.config.settings import DATA, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY_FALLBACKS: list[str] = []
DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}  # a file: a server in another thread sees it too
