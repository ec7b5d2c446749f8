#!/usr/bin/env python3
"""What the Python SDK does when something fails: the second column of ../reliability.md, measured on this machine.

    python3 -m venv venv && venv/bin/pip install globus-sdk==4.10.0
    venv/bin/python probes.py            # all, about three minutes
    venv/bin/python probes.py storage_killed redirect_elsewhere

Nothing leaves this machine: each probe has a server of its own on 127.0.0.1, and temporary files. Linux or macOS. Where many threads or
processes meet, the numbers vary from run to run; what they show does not.
"""

import gzip, http.server, io, json, logging, multiprocessing, os, resource, signal, socket, socketserver, ssl, stat, subprocess, sys
import tempfile, threading, time

import globus_sdk
from globus_sdk.token_storage import JSONTokenStorage, SQLiteTokenStorage, TokenStorageData
from globus_sdk.transport import RequestsTransport, RetryConfig


class Server:
    """Answers each request by `act(handler, body, how many came before)`, and keeps what was asked."""

    def __init__(self, act, address="127.0.0.1"):
        self.requests = seen = []
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                with lock:
                    number = len(seen)
                    seen.append((self.command, self.path, dict(self.headers), body))
                try:
                    act(self, body, number)
                except OSError:
                    pass

            do_GET = do_POST = do_PUT = do_DELETE = do

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 2000
            allow_reuse_address = True

        self.server = Listener((address, 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://{address}:{self.port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def count(self, path="/"):
        return sum(request[1].startswith(path) for request in self.requests)


def answer(handler, status, body=b"{}", headers=(), kind="application/json"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), *headers]:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def hang_up(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def tokens(number, **more):
    return {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 172800, "scope": "all",
            "resource_server": "groups.api.globus.org", "token_type": "Bearer", "other_tokens": [], **more}


def client(url, authorizer=None, wait=False, **more):
    """A client that does not pause between its attempts, unless `wait`."""
    retries = RetryConfig() if wait else RetryConfig(backoff=lambda _: 0)

    class Client(globus_sdk.BaseClient):
        service_name = "groups"
        base_url = url

    return Client(authorizer=authorizer, retry_config=retries, **more)


def auth(url, wait=False):
    login = globus_sdk.NativeAppAuthClient("client", retry_config=RetryConfig() if wait else RetryConfig(backoff=lambda _: 0))
    login.base_url = url
    return login


def renewing(url, expired=True, **more):
    ends = int(time.time()) + (-5 if expired else 3600)
    return globus_sdk.RefreshTokenAuthorizer("refresh-0", auth(url), access_token="access-0", expires_at=ends, **more)


def told(call, *arguments, **more):
    """What a call says, and after how long."""
    start = time.time()
    try:
        said = f"{call(*arguments, **more)!r}"[:60]
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:150]
    return f"{said} ({time.time() - start:.1f} s)"


def at_once(count, work):
    threads = [threading.Thread(target=work) for _ in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]


def data(name="groups.api.globus.org", token="a" * 200):
    return {name: TokenStorageData(resource_server=name, identity_id=None, scope="all", access_token=token, refresh_token=None,
                                   expires_at_seconds=1, token_type="Bearer")}


# Renewal


def slow_tokens(handler, _, number):
    time.sleep(0.05)
    answer(handler, 200, tokens(number + 1))


def stampede():
    server = Server(slow_tokens)
    authorizer = renewing(server.url)
    at_once(1000, authorizer.get_authorization_header)
    return f"{server.count()} exchanges for 1,000 threads with one expired token"


def processes_one_token():
    server = Server(slow_tokens)
    with tempfile.TemporaryDirectory() as folder:
        storage = JSONTokenStorage(f"{folder}/tokens/t.json")
        storage.store_token_data_by_resource_server(data())

        def work(start):
            authorizer = renewing(server.url, on_refresh=storage.store_token_response)
            start.wait()
            try:
                authorizer.get_authorization_header()
            except Exception:
                os._exit(1)

        start = multiprocessing.Event()
        processes = [multiprocessing.Process(target=work, args=(start,)) for _ in range(8)]
        [process.start() for process in processes]
        time.sleep(1)
        start.set()
        [process.join() for process in processes]
        failed = sum(process.exitcode != 0 for process in processes)
    return f"{server.count()} exchanges for 8 processes with one storage and one expired token, {failed} processes failed"


def fifty_refused():
    def act(handler, body, number):
        if handler.path.startswith("/v2/oauth2/token"):
            return slow_tokens(handler, body, number)
        time.sleep(0.05)
        answer(handler, 401 if handler.headers["Authorization"] == "Bearer access-0" else 200)

    server = Server(act)
    groups = client(server.url, renewing(server.url, expired=False))
    at_once(50, lambda: groups.get("/x"))
    return f"{server.count('/v2/oauth2/token')} exchanges for 50 requests refused at once"


def down_while_token_lives():
    server = Server(lambda handler, *_: answer(handler, 503))
    authorizer = globus_sdk.RefreshTokenAuthorizer("refresh-0", auth(server.url), access_token="access-0",
                                                   expires_at=int(time.time()) + 50)
    return f"token good for 50 s: {told(authorizer.get_authorization_header)}, {server.count()} requests"


def invalid_grant():
    server = Server(lambda handler, *_: answer(handler, 400, {"error": "invalid_grant"}))
    authorizer = renewing(server.url)
    said = [told(authorizer.get_authorization_header) for _ in range(20)][-1]
    return f"{server.count()} exchanges for 20 calls; {said}"


def another_process_renewed():
    def act(handler, body, number):
        if "refresh-0" in body:
            answer(handler, 400, {"error": "invalid_grant"})
        else:
            answer(handler, 200, tokens(number + 1))

    server = Server(act)
    return f"the stored token is a newer one: {told(renewing(server.url).get_authorization_header)}"


def login_meanwhile():
    def act(handler, body, number):
        time.sleep(0.3)
        answer(handler, 200, tokens("renewed"))

    with tempfile.TemporaryDirectory() as folder:
        storage = JSONTokenStorage(f"{folder}/t/t.json")
        authorizer = renewing(Server(act).url, on_refresh=storage.store_token_response)
        thread = threading.Thread(target=authorizer.get_authorization_header)
        thread.start()
        time.sleep(0.1)
        storage.store_token_data_by_resource_server(data(token="of-the-login"))
        thread.join()
        return f"afterwards {storage.get_token_data('groups.api.globus.org').access_token} is stored"


def write_refused():
    server = Server(lambda handler, _, number: answer(handler, 200, tokens(number + 1)))

    def refuse(_):
        raise OSError(28, "No space left on device")

    authorizer = renewing(server.url, on_refresh=refuse)
    first, second = (told(authorizer.get_authorization_header) for _ in range(2))
    return f"first call {first}; second {second}; the new refresh token was never stored, nobody says so again"


def token_answer_lost():
    server = Server(lambda handler, _, number: hang_up(handler) if number < 2 else answer(handler, 200, tokens(1)))
    told(renewing(server.url).get_authorization_header)
    return f"a refresh token that may be spent was sent {server.count()} times"


def clock_set_back():
    def act(handler, body, number):
        if handler.path.startswith("/v2/oauth2/token"):
            return answer(handler, 200, tokens(1))
        answer(handler, 401 if handler.headers["Authorization"] == "Bearer access-0" else 200)

    server, clock = Server(act), time.time
    authorizer = renewing(server.url, expired=False)
    groups = client(server.url, authorizer)
    time.time = lambda: clock() - 86400
    try:
        said = told(groups.get, "/x")
    finally:
        time.time = clock
    return f"{said}, {server.count('/v2/oauth2/token')} exchanges"


def clock_set_forward():
    server, clock = Server(lambda handler, *_: answer(handler, 200, tokens(1))), time.time
    authorizer = renewing(server.url, expired=False)
    time.time = lambda: clock() + 86400
    try:
        authorizer.get_authorization_header()
    finally:
        time.time = clock
    return f"{server.count()} exchanges; a token of 48 h is then believed for {(authorizer.expires_at - time.time()) / 3600:.0f} h"


# Storage


def bare_name():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        return "; ".join(told(kind, name) for kind, name in [(JSONTokenStorage, "t.json"), (SQLiteTokenStorage, "t.db")])


def modes():
    mode = lambda path: oct(stat.S_IMODE(os.stat(path).st_mode))
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/new/t.json"
        storage = JSONTokenStorage(path)
        storage.store_token_data_by_resource_server(data())
        new = f"file {mode(path)}, directory {mode(folder + '/new')}"
        os.chmod(path, 0o644)
        storage.store_token_data_by_resource_server(data())
        return f"new: {new}; a 0644 file stays {mode(path)}"


def umask_changed():
    with tempfile.TemporaryDirectory() as folder:
        storage, wrong, done = JSONTokenStorage(f"{folder}/t/t.json"), [], threading.Event()

        def work():
            for number in range(3000):
                path = f"{folder}/{number}"
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o666))
                wrong.append(stat.S_IMODE(os.stat(path).st_mode) == 0o600)
            done.set()

        thread = threading.Thread(target=work)
        thread.start()
        while not done.is_set():
            storage.store_token_data_by_resource_server(data())
        thread.join()
    return f"{sum(wrong)} of 3000 unrelated files made meanwhile by another thread came out 0600"


def many_processes():
    said = []
    for kind, name in [(JSONTokenStorage, "t.json"), (SQLiteTokenStorage, "t.db")]:
        with tempfile.TemporaryDirectory() as folder:
            path, errors = f"{folder}/t/{name}", multiprocessing.Value("i", 0)

            def work(process):
                for number in range(100):
                    try:
                        kind(path).store_token_data_by_resource_server(data(f"{process}.{number}"))
                    except Exception:
                        with errors.get_lock():
                            errors.value += 1

            processes = [multiprocessing.Process(target=work, args=(number,)) for number in range(16)]
            [process.start() for process in processes]
            [process.join() for process in processes]
            try:
                kept = f"{len(kind(path).get_token_data_by_resource_server())} of 1600 kept"
            except Exception as error:
                kept = f"unreadable ({type(error).__name__})"
            said.append(f"{name}: {kept}, {errors.value} calls failed")
    return "; ".join(said)


def storage_killed():
    unreadable = empty = 0
    for _ in range(100):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/t/t.json"
            storage = JSONTokenStorage(path)
            for number in range(60):
                storage.store_token_data_by_resource_server(data(str(number)))
            child = os.fork()
            if child == 0:
                while True:
                    storage.store_token_data_by_resource_server(data("0", "b" * 200))
            time.sleep(0.02)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            try:
                storage.get_token_data_by_resource_server()
            except Exception:
                unreadable += 1
                empty += os.path.getsize(path) == 0
    return f"kill -9 in a loop of writes: unreadable in {unreadable} of 100 rounds, {empty} of them empty"


def disk_full():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/t/t.json"
        storage = JSONTokenStorage(path)
        for number in range(20):
            storage.store_token_data_by_resource_server(data(str(number)))
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            said = told(storage.store_token_data_by_resource_server, data("x"))
            print(f"  the write: {said}")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        return f"afterwards 20 tokens are {told(lambda: len(storage.get_token_data_by_resource_server()))}"


def broken_files():
    said = []
    for what, content in [("cut off", b'{"data": {"DEF'), ("empty", b""), ("not UTF-8", b"\xff\xfe{}"),
                          ("newer", b'{"format_version": "3.0", "data": {}}'), ("not JSON", b"hello")]:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/t.json"
            open(path, "wb").write(content)
            said.append(f"{what}: {told(JSONTokenStorage(path).get_token_data_by_resource_server)}")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/t.json")
        said.append(f"directory: {told(JSONTokenStorage(folder + '/t.json').get_token_data_by_resource_server)}")
    return "; ".join(said)


def symlink():
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(f"{folder}/elsewhere", f"{folder}/t.json")
        JSONTokenStorage(f"{folder}/t.json").store_token_data_by_resource_server(data())
        mode = oct(stat.S_IMODE(os.stat(f"{folder}/elsewhere").st_mode))
        return f"written through the link, mode of the target {mode}"


def huge_file():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/t.json"
        open(path, "w").write('{"format_version": "2.0", "globus-sdk.version": "4.10.0", "data": {"DEFAULT": {}}, "x": "' + "y" * 50_000_000 + '"}')
        return told(JSONTokenStorage(path).get_token_data_by_resource_server)


def sqlite_second_thread():
    with tempfile.TemporaryDirectory() as folder:
        storage, said = SQLiteTokenStorage(f"{folder}/t/t.db"), []
        at_once(1, lambda: said.append(told(storage.get_token_data_by_resource_server)))
        return said[0]


def sqlite_removed():
    with tempfile.TemporaryDirectory() as folder:
        storage = SQLiteTokenStorage(f"{folder}/t/t.db")
        storage.store_token_data_by_resource_server(data(token="token-that-is-gone" * 10))
        storage.remove_token_data("groups.api.globus.org")
        storage.close()
        return f"a removed token is in the file: {b'token-that-is-gone' in open(f'{folder}/t/t.db', 'rb').read()}"


# Transport


def post_dropped():
    server = Server(lambda handler, _, number: hang_up(handler) if number < 2 else answer(handler, 201))
    client(server.url).post("/create", data={"a": 1})
    return f"a POST whose answer was lost twice was sent {server.count()} times"


def down_for_good():
    server = Server(lambda handler, *_: answer(handler, 503))
    groups = client(server.url)
    for _ in range(200):
        told(groups.get, "/x")
    return f"{server.count()} requests for 200 failing calls"


def html_page():
    server = Server(lambda handler, *_: answer(handler, 502, b"<html>Bad Gateway</html>", kind="text/html"))
    return told(client(server.url, wait=True).get, "/x")


def unreachable():
    refused = told(client("http://127.0.0.1:1/", wait=True).get, "/x")
    unknown = told(client("http://no-such-host.invalid/", wait=True).get, "/x")
    return f"refused: {refused}; unknown host: {unknown}"


def no_tls():
    server = Server(lambda handler, *_: answer(handler, 200))
    return f"TLS that fails for good: {told(client(server.url.replace('http:', 'https:'), wait=True).get, '/x')}"


def retry_after():
    said = []
    for wish in ["30", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30)), "-5", "soon"]:
        server = Server(lambda handler, _, number: answer(handler, 200 if number else 429, headers=[("Retry-After", wish)]))
        start = time.time()
        outcome = told(client(server.url, wait=True).get, "/x")
        said.append(f"`{wish}`: waited {time.time() - start:.1f} s" + ("" if "Response" in outcome else f", {outcome}"))
    return "; ".join(said)


def silent():
    server = Server(lambda *_: time.sleep(60))
    groups = client(server.url, wait=True, transport=RequestsTransport(http_timeout=1))
    return f"with a timeout of 1 s: {told(groups.get, '/x')}, {server.count()} requests"


def drip():
    def act(handler, *_):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.3)

    groups = client(Server(act).url, transport=RequestsTransport(http_timeout=1))
    thread = threading.Thread(target=lambda: told(groups.get, "/x"), daemon=True)
    thread.start()
    thread.join(20)
    return f"a byte every 0.3 s, timeout 1 s: after 20 s it {'still waits' if thread.is_alive() else 'ended'}; there is no limit for a call"


def peak(act):
    """By how much the memory of a process grows in one call, in MiB."""
    url, (ours, theirs) = Server(act).url, multiprocessing.Pipe()

    def work():
        groups, before = client(url), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        said = told(groups.get, "/x")
        theirs.send((said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024))

    multiprocessing.Process(target=work).start()
    return ours.recv()


def large_answer():
    said, grown = peak(lambda handler, *_: answer(handler, 200, b"[" + b" " * 100_000_000 + b"]"))
    return f"100 MB of spaces: {said}, memory + {grown} MiB"


def gzip_bomb():
    bomb = gzip.compress(bytes(300_000_000))
    said, grown = peak(lambda handler, *_: answer(handler, 200, bomb, headers=[("Content-Encoding", "gzip")]))
    return f"{len(bomb) // 1024} KiB that unpack to 300 MB: {said}, memory + {grown} MiB"


def half_answer():
    def act(handler, *_):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"a": 1')
        hang_up(handler)

    server = Server(act)
    return f"{told(client(server.url).get, '/x')}, {server.count()} requests"


def wrong_answers():
    said = []
    for what, body, kind in [("HTML", b"<html>hotel</html>", "text/html"), ("not JSON", b"{", "application/json"),
                             ("empty", b"", "application/json")]:
        server = Server(lambda handler, *_: answer(handler, 200, body, kind=kind))
        said.append(f"{what} with 200: data is {client(server.url).get('/x').data!r}")
    return "; ".join(said)


def not_http():
    def act(handler, *_):
        handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        hang_up(handler)

    server = Server(act)
    return f"{told(client(server.url).get, '/x')}, {server.count()} requests"


def proxy():
    server = Server(lambda handler, *_: answer(handler, 200))
    os.environ["HTTP_PROXY"] = os.environ["http_proxy"] = server.url
    try:
        client("http://127.0.0.1:1/", globus_sdk.AccessTokenAuthorizer("access-0")).get("/x")
    finally:
        del os.environ["HTTP_PROXY"], os.environ["http_proxy"]
    return f"a request to 127.0.0.1 went through the proxy, with Authorization: {'Authorization' in server.requests[0][2]}"


def redirect_elsewhere():
    other = Server(lambda handler, *_: answer(handler, 200))
    said = []
    for status, method in [(302, "get"), (307, "post")]:
        server = Server(lambda handler, *_: answer(handler, status, headers=[("Location", f"http://localhost:{other.port}/y")]))
        groups = client(server.url, globus_sdk.AccessTokenAuthorizer("access-0"))
        more = {"headers": {"X-Api-Key": "key"}}
        told(groups.get, "/x", **more) if method == "get" else told(groups.post, "/x", data={"secret": "s"}, **more)
        _, _, headers, body = other.requests[-1]
        said.append(f"{status} to another host: Authorization {'Authorization' in headers}, X-Api-Key {'X-Api-Key' in headers}, "
                    f"body {body!r}")
    return "; ".join(said)


def redirect_loop():
    server = Server(lambda handler, *_: answer(handler, 302, headers=[("Location", "/x")]))
    return f"{told(client(server.url).get, '/x')}, {server.count()} requests"


def plain_http():
    address = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()[0]
    server = Server(lambda handler, *_: answer(handler, 200), address)
    client(server.url, globus_sdk.AccessTokenAuthorizer("access-0")).get("/x")
    return f"Authorization over plain HTTP beyond this machine: {'Authorization' in server.requests[0][2]}"


def refused_after_503():
    def act(handler, body, number):
        if handler.path.startswith("/v2/oauth2/token"):
            answer(handler, 200, tokens(1))
        else:
            answer(handler, [503, 401, 200][min(number, 2)])

    server = Server(act)
    said = told(client(server.url, renewing(server.url, expired=False)).get, "/x")
    return f"{said}, {server.count('/v2/oauth2/token')} exchanges"


# Services


def task_wait():
    def act(handler, *_):
        if "SLOW" in handler.path:
            time.sleep(1)
        answer(handler, 200, {"status": "ACTIVE" if "SLOW" in handler.path else "INACTIVE"})

    transfer = globus_sdk.TransferClient(base_url=Server(act).url)
    inactive = told(transfer.task_wait, "INACTIVE", timeout=5, polling_interval=1)
    return f"INACTIVE: {inactive}; timeout=3 with answers that take 1 s: {told(transfer.task_wait, 'SLOW', timeout=3, polling_interval=1)}"


def submitted_again():
    def act(handler, body, number):
        answer(handler, 200, {"value": f"id{number}", "code": "Accepted", "task_id": "t"})

    server = Server(act)
    transfer = globus_sdk.TransferClient(base_url=server.url)
    items = globus_sdk.TransferData("a", "b")
    ids = []
    for name in ["/x", "/y"]:
        items.add_item(name, name)
        transfer.submit_transfer(items)
        ids.append(json.loads(server.requests[-1][3])["submission_id"])
    return f"the same data with one item more has {'the same' if len(set(ids)) == 1 else 'another'} submission id"


def secrets_shown():
    server = Server(lambda handler, *_: answer(handler, 403, {"code": "C", "message": "bad token " + handler.headers["Authorization"]}))
    said = told(client(server.url, globus_sdk.AccessTokenAuthorizer("access-0")).get, "/x")
    return f"a token that the service repeats is in the error: {'access-0' in said}"


def secrets_logged():
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(1)
    server = Server(lambda handler, *_: answer(handler, 200, tokens(1)))
    client(server.url, renewing(server.url)).get("/x")
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    found = [secret for secret in ["refresh-0", "refresh-1", "access-0", "access-1"] if secret in log.getvalue()]
    return f"{len(log.getvalue())} characters logged by a renewal and a call, with these secrets: {found}"


PROBES = [value for value in list(globals().values())
          if callable(value) and getattr(value, "__module__", "") == "__main__" and not isinstance(value, type)
          and value.__code__.co_argcount == 0]

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    for probe in PROBES:
        if not sys.argv[1:] or probe.__name__ in sys.argv[1:]:
            try:
                print(f"{probe.__name__}: {probe()}", flush=True)
            except Exception as error:
                print(f"{probe.__name__}: THE PROBE FAILED: {type(error).__name__}: {error}", flush=True)
