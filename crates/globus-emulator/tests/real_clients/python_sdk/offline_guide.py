"""The page that tells how to test offline: its example for pytest does what it says."""

import re
import subprocess

from harness import *

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../../../docs/offline-testing.md")


@check
def the_example_for_pytest_passes():
    with open(PAGE) as page:
        files = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", page.read(), re.DOTALL))
    assert sorted(files) == ["conftest.py", "test_listing.py"], files
    os.makedirs("guide")
    for name, text in files.items():
        with open(os.path.join("guide", name), "w") as file:
            file.write(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "guide"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert ended.returncode == 0 and "1 passed" in ended.stdout, ended.stdout


run()
