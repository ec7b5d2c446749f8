"""Steers the emulator itself.

    python control.py METHOD ROUTE [JSON]
"""

import os
import sys
import urllib.request

method, route = sys.argv[1:3]
request = urllib.request.Request(
    os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] + "__emulator/" + route, method=method,
    headers={"Content-Type": "application/json"}, data=sys.argv[3].encode() if len(sys.argv) > 3 else None)
with urllib.request.urlopen(request) as answer:
    print(answer.read().decode())
