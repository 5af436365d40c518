"""What an inline script would write and where it would go, worked out without running it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.security.javascript import UNKNOWN, decoded, effects
from checks.security.javascript.decoding import from_base64, unescape
from checks.security.javascript.tokens import literal

WRITES = [
    ('document.write("<a>")', "<a>"),
    ("document.writeln('<a' + \" href='x'\" + '>')", "<a href='x'>"),
    ("document . write ( '<a>' ) ;", "<a>"),
    ("document['wri'+'te']('<a>')", "<a>"),
    ("var s='<a>';document.write(s)", "<a>"),
    ("var s='<a';s+='>';document.write(s)", "<a>"),
    ("var d=['<a>','write'];document[d[1]](d[0])", "<a>"),
    ("document.write(unescape('%3Ca%3E'))", "<a>"),
    ("document.write(unescape('%u003ca%u003e'))", "<a>"),
    ("document.write(decodeURIComponent('%3Ca%3E'))", "<a>"),
    ("document.write(String.fromCharCode(60,97,0x3e))", "<a>"),
    ("document.write(String.fromCharCode.apply(null,[60,97,62]))", "<a>"),
    ("document.write(atob('PGE+'))", "<a>"),
    (r"document.write('\x3ca\u003e')", "<a>"),
    ("document.write('>a<'.split('').reverse().join(''))", "<a>"),
    ("document.write('<xaxx>'.replace(/x/g,''))", "<a>"),
    ("document.write('<b>'.replace('b','a'))", "<a>"),
    ("document.write(('<'+'a')+'>')", "<a>"),
    ("document.write('<'.concat('a','>'))", "<a>"),
    ("eval(\"document.write('<a>')\")", "<a>"),
    ("eval(unescape('%64%6f%63%75%6d%65%6e%74.write(%27%3Ca%3E%27)'))", "<a>"),
    ("setTimeout(function(){document.write('<a>')},9)", "<a>"),
    ("var t=setTimeout(function(){document.write('<a>')},9)", "<a>"),
    ("/* document.write('<b>') */ // document.write('<c>')\ndocument.write('<a>')", "<a>"),
    ("if(/\\/\\/\"'/.test(x)){document.write('<a>')}", "<a>"),
    ("document.write('<a href=\"'+url+'\">')", f'<a href="{UNKNOWN}">'),
    ("document.write(`<a ${x}>`)", f"<a {UNKNOWN}>"),
    ("document.write(x?'a':'b')", f"{UNKNOWN}"),
    ("eval(function(p,a,c,k,e,d){return p}('0.1(\"<2>\")',3,3,'document|write|a'.split('|'),0,{}))", "<a>"),
]


@pytest.mark.parametrize(("source", "markup"), WRITES)
def test_what_a_script_writes_is_worked_out(source, markup):
    assert "".join(effects(source).written).replace(UNKNOWN * 2, UNKNOWN) == markup


MOVES = [
    ("location.href='http://a.cn/'", "http://a.cn/"),
    ("window.location = 'http://a.cn/'", "http://a.cn/"),
    ("top.location.replace('http://'+'a.cn/')", "http://a.cn/"),
    ("window['location']['href']='http://a.cn/'", "http://a.cn/"),
    ("self.location.assign('http://a.cn/')", "http://a.cn/"),
    ("window.open('http://a.cn/')", "http://a.cn/"),
    ("setTimeout(\"location.href='http://a.cn/'\",9)", "http://a.cn/"),
]


@pytest.mark.parametrize(("source", "address"), MOVES)
def test_where_a_script_goes_is_worked_out(source, address):
    assert effects(source).moves == [address]


@pytest.mark.parametrize("source", ["if(location.href=='x'){}", "var a=location.href", "a.location_x='b'", ""])
def test_a_comparison_is_no_move(source):
    assert effects(source).moves == []


def test_what_a_script_loads_inserts_and_calls_itself_is_told():
    found = effects("s.src='/a.js';e.innerHTML='<p>';document.title='标题';$('x').append('<i>')")
    assert (found.loads, found.inserted, found.titles) == (["/a.js"], ["<p>", "<i>"], ["标题"])


DECODED = [
    ("var c=[60,97,32,104,114,101,102,61,104,116,116,112];String.fromCharCode", "<a href=http"),
    ("f('PGEgaHJlZj1odHRwOi8vYS5jbj54PC9hPg==');atob", "<a href=http://a.cn>x</a>"),
    ("f('%3Ca%20href%3Dx%3E')", "<a href=x>"),
    ("var s='=b!isfg>iuuq;00b/do?y=0b?';for(;;)s.charCodeAt(i);String.fromCharCode", "<a href=http://a.cn>x</a>"),
]


@pytest.mark.parametrize(("source", "text"), DECODED)
def test_raw_stuff_is_decoded_whatever_puts_it_together(source, text):
    assert text in decoded(source)


def test_literals_and_decoders_never_fail():
    assert literal(r"'\'\n\101\u{1F600}\z'") == "'\nA😀z"
    assert unescape("%u4e2d%E6%96%87%zz") == "中文%zz"
    assert from_base64("not base64!") == UNKNOWN


@given(st.text(alphabet="abcdw.()[]{}+='\"`/\\%u01,;: \n<>!&|", max_size=120))
def test_arbitrary_scripts_are_read_without_crashing(source):
    effects(source)
    effects(f"document.write({source}")
    decoded(source)
