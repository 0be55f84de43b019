import socketserver
import threading
from contextlib import contextmanager

import pytest

from portal.gateways.mail import MailFailedError, SmtpMail


class _Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP to take a letter; `server.refuse` names a verb that it refuses."""

    def handle(self):
        self._say("220 mail.test ready")
        while line := self.rfile.readline():
            verb = line.strip().split(b" ")[0].upper()
            if verb == self.server.refuse:
                self._say("554 no")
            elif verb == b"DATA":
                self._say("354 go on")
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    letter += self.rfile.readline()
                self.server.letters.append(letter)
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(refuse=None):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.letters, server.refuse, server.daemon_threads = [], refuse, True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def sender(server):
    return SmtpMail(url=f"smtp://127.0.0.1:{server.server_address[1]}", sender="Portal <portal@lender.test>")


def test_a_letter_arrives():
    with mail_server() as server:
        sender(server).send(to="owner@lender.test", subject="Ça va", text="Grüße\n")
        letter = server.letters[0].decode()
    assert "To: owner@lender.test" in letter
    assert "From: Portal <portal@lender.test>" in letter
    assert "Auto-Submitted: auto-generated" in letter
    assert "@lender.test>" in letter


def test_a_header_cannot_be_smuggled_in():
    with mail_server() as server, pytest.raises(ValueError, match=r"(?i)header"):
        sender(server).send(to="a@b.test\r\nBcc: all@b.test", subject="x", text="y")


@pytest.mark.parametrize("verb", [b"MAIL", b"RCPT", b"DATA"])
def test_a_refusal_is_told(verb):
    with mail_server(refuse=verb) as server, pytest.raises(MailFailedError):
        sender(server).send(to="owner@lender.test", subject="x", text="y")


def test_a_server_that_is_away_is_told():
    with mail_server() as server:
        mail = sender(server)
    with pytest.raises(MailFailedError):
        mail.send(to="owner@lender.test", subject="x", text="y")


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ValueError, match="starts with"):
        SmtpMail(url=url, sender="portal@lender.test")
