from flask import Response

from portal.web.vary import vary


def test_each_name_stands_once_whoever_adds_it():
    answer = Response()
    vary(answer, "Accept-Encoding")
    vary(answer, "HX-Request", "Accept-Encoding")
    vary(answer, "Cookie")
    assert answer.headers.getlist("Vary") == ["Accept-Encoding, HX-Request, Cookie"]
    assert list(answer.vary) == ["Accept-Encoding", "HX-Request", "Cookie"]
