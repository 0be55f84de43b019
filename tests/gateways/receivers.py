"""Receivers of webhooks for the tests: one honest, built from the public library, and a folder of hostile ones."""

import http.server
import json
import socket
import threading
from contextlib import contextmanager, suppress

from standardwebhooks import Webhook


class HonestReceiver(http.server.ThreadingHTTPServer):
    """Verifies each delivery with the public library and keeps what came, in order."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, secret, *, status=200, headers=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.webhook = Webhook(secret)
        self.status = status
        self.answer_headers = headers or {}
        self.lock = threading.Lock()
        self.got = []
        self.faults = []
        self.connections = 0

    @property
    def host(self):
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self):
        return f"http://{self.host}/hooks"

    def handle_error(self, request, client_address):
        pass

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *parts):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        server = self.server
        status = server.status
        try:
            event = server.webhook.verify(body, dict(self.headers.items()))
            if callable(status):
                status = status(event)
            if 200 <= status < 300:
                with server.lock:
                    server.got.append((self.headers["webhook-id"], event))
        except Exception as fault:  # noqa: BLE001  # whatever it was, the test looks at it
            status = 400
            with server.lock:
                server.faults.append(fault)
        content = json.dumps({"status": status}).encode()
        self.send_response(status)
        for name, value in server.answer_headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def honest_receiver(secret, **options):
    server = HonestReceiver(secret, **options)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(2)


class HostileReceiver:
    """A bare socket server; `behave(connection, stop)` does what it likes with each connection."""

    def __init__(self, behave):
        self.stop = threading.Event()
        self.behave = behave
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"http://{self.host}/hooks"

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with connection:
            connection.settimeout(5)
            with suppress(OSError):
                self.behave(connection, self.stop)

    def close(self):
        self.stop.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(2)


@contextmanager
def hostile_receiver(behave):
    server = HostileReceiver(behave)
    try:
        yield server
    finally:
        server.close()


def _read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            return
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)


def _answer(content):
    def behave(connection, stop):
        _read_request(connection)
        connection.sendall(content)

    return behave


def _endless(first, part, *, pause=0.0):
    def behave(connection, stop):
        _read_request(connection)
        connection.sendall(first)
        while not stop.wait(pause):
            connection.sendall(part)

    return behave


def _silent(connection, stop):
    stop.wait(30)


def _reset(connection, stop):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def _close_after_request(connection, stop):
    _read_request(connection)


OK = b"HTTP/1.1 200 OK\r\n"
BEHAVIORS = {
    "silent": (_silent, "timeout"),
    "reset": (_reset, "closed|no_connection"),
    "closes": (_close_after_request, "closed"),
    "speaks_smtp": (_answer(b"220 mail.example ESMTP\r\n"), "malformed"),
    "empty_line": (_answer(b"\r\n\r\n"), "malformed"),
    "bad_status": (_answer(b"HTTP/1.1 abc OK\r\n\r\n"), "malformed"),
    "trickles_head": (_endless(b"HTTP/1.1 200 OK\r\nx: ", b"y", pause=0.05), "timeout"),
    "endless_head": (_endless(OK, b"x-one: " + b"y" * 900 + b"\r\n"), "too_large|malformed"),
    "endless_line": (_endless(OK + b"x: ", b"y" * 4_000), "too_large|malformed"),
    "endless_continue": (_endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "too_large|timeout|malformed"),
    "endless_body": (_endless(OK + b"content-length: 10000000000\r\n\r\n", b"z" * 4_000), 200),
    "endless_chunks": (_endless(OK + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nz\r\n"), 200),
    "bad_chunk": (_answer(OK + b"transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nz"), 200),
    "trickles_body": (_endless(OK + b"content-length: 90\r\n\r\n", b"z", pause=0.05), 200),
    "short_body": (_answer(OK + b"content-length: 90\r\n\r\nzzz"), 200),
    "gzip_bomb": (_answer(OK + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00"), 200),
    "binary_body": (_answer(OK + b"content-length: 6\r\n\r\n\x00\xff\xfe\x00ab"), 200),
    "redirects_in": (_answer(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\n\r\n"), 302),
    "redirects_file": (_answer(b"HTTP/1.1 301 Moved\r\nlocation: file:///etc/passwd\r\n\r\n"), 301),
    "fails": (_answer(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"), 500),
    "gone": (_answer(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"), 410),
}
