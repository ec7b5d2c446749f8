"""Opens a link to log in as USERNAME, approves, and prints the code if the page shows one.

    python approve.py LINK [USERNAME]
"""

import re
import sys
import urllib.parse
import urllib.request

link = sys.argv[1] + "&emulator_approve=1"
if len(sys.argv) > 2:
    link += "&" + urllib.parse.urlencode({"emulator_user": sys.argv[2]})
with urllib.request.urlopen(link) as page:
    code = re.search(r'id="auth-code"[^>]*>([^<]+)<', page.read().decode())
if code:
    print(code.group(1))
