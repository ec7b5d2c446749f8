"""Prints the status that Transfer answers to a token with.

    python status_with.py TOKEN
"""

import os
import sys
import urllib.error
import urllib.request

url = os.environ["GLOBUS_SDK_SERVICE_URL_TRANSFER"] + "v0.10/task_list"
request = urllib.request.Request(url, headers={"Authorization": f"Bearer {sys.argv[1]}"})
try:
    print(urllib.request.urlopen(request).status)
except urllib.error.HTTPError as error:
    print(error.code)
