from __future__ import annotations

import hashlib

import httpx
import pytest

from sandlot_server.forms import BadForm, media_type, read_form

BODY = (
    b'--x\r\nContent-Disposition: form-data; name="comment"\r\n\r\nSch\xc3\xb6n\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a/b/c.txt"\r\nContent-Type: text/plain\r\n\r\n'
    b"one\r\ntwo\r\n--x--\r\n"
)


def test_fields_and_files() -> None:
    form = read_form('multipart/form-data; boundary="x"', BODY)
    assert form.text("comment") == "Schön"
    assert form.text("minorEdit") is None
    (upload,) = form.uploads("file")
    assert (upload.name, upload.media_type, upload.content) == ("c.txt", "text/plain", b"one\r\ntwo")
    assert form.described() == {
        "comment": "Schön",
        "file": [
            {
                "filename": "c.txt",
                "mediaType": "text/plain",
                "size": 8,
                "sha256": hashlib.sha256(b"one\r\ntwo").hexdigest(),
            }
        ],
    }


def test_what_clients_write() -> None:
    files = [("file", ("größe.png", b"\0\xff\r\n--", "image/png")), ("file", ("b.bin", b""))]
    request = httpx.Request("POST", "http://x", files=files)
    form = read_form(request.headers["content-type"], request.read())
    assert [(one.name, one.media_type, one.content) for one in form.uploads("file")] == [
        ("größe.png", "image/png", b"\0\xff\r\n--"),
        ("b.bin", "application/octet-stream", b""),
    ]


def test_a_name_by_the_newer_standard() -> None:
    name = b"filename*=UTF-8''gr%C3%B6%C3%9Fe%0A.txt"
    body = b'--x\r\nContent-Disposition: form-data; name="file"; ' + name + b"\r\n\r\n1\r\n--x--\r\n"
    assert read_form("multipart/form-data; boundary=x", body).uploads("file")[0].name == "größe.txt"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", BODY),
        ("multipart/form-data; boundary=é", BODY),
        ("multipart/form-data; boundary=y", BODY),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"{}"),
        ("multipart/form-data; boundary=x", BODY[:-20]),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", BODY.replace(b"\xc3\xb6", b"\xff")),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1001),
    ],
)
def test_what_is_no_form(content_type: str, body: bytes) -> None:
    with pytest.raises(BadForm):
        read_form(content_type, body)


@pytest.mark.parametrize(
    ("name", "declared", "wanted"),
    [
        ("a.csv", "text/x-table; charset=utf-8", "text/x-table"),
        ("a.csv", "application/octet-stream", "text/csv"),
        ("a.docx", "", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.png", "not a type", "image/png"),
        ("a", "", "application/octet-stream"),
    ],
)
def test_media_types(name: str, declared: str, wanted: str) -> None:
    assert media_type(name, declared) == wanted
