"""Names that clients give to files: shown, and never used."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.file_names import file_name
from server.user_files import SUFFIXES


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("photo.png", "photo.png"),
        ("Photo.JPEG", "Photo.png"),
        ("", "file.png"),
        ("...", "file.png"),
        (".htaccess", "htaccess.png"),
        ("../../etc/passwd", "passwd.png"),
        ("..%2F..%2Fetc%2Fpasswd", "passwd.png"),
        ("C:%5CUsers%5Cme%5Cx.gif", "x.png"),
        ("a%00.html", "a.html.png"),
        ("%E2%80%AEgnp.exe", "gnp.exe.png"),
        ("a%0D%0ASet-Cookie:x", "aSet-Cookie:x.png"),
        ("gr%C3%BC%C3%9Fe.webp", "grüße.png"),
        ("%FF%FE", "��.png"),
        ("  a   b  ", "a b.png"),
        ("x" * 500, "x" * 116 + ".png"),
    ],
)
def test_a_name_is_made_fit(given: str, made: str) -> None:
    assert file_name(given, "image/png") == made


@given(st.text(max_size=300), st.sampled_from(sorted(SUFFIXES)))
def test_whatever_is_given_the_name_is_one_visible_line(given: str, kind: str) -> None:
    name = file_name(given, kind)
    assert name.endswith(SUFFIXES[kind])
    assert len(name) <= 120
    assert not set(name) & set("/\\")
    assert not name.startswith(".")
    assert not {unicodedata.category(mark) for mark in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
