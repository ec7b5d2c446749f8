"""Prints the access token that the command line keeps for a resource server.

    python stored_token.py RESOURCE_SERVER
"""

import json
import os
import sqlite3
import sys

storage = sqlite3.connect(os.path.expanduser("~/.globus/cli/storage.db"))
rows = storage.execute(
    "SELECT token_data_json FROM token_storage WHERE resource_server = ? AND namespace LIKE ?",
    (sys.argv[1], "%/" + os.environ["GLOBUS_PROFILE"]))
print([json.loads(row[0]) for row in rows][0]["access_token"])
