"""What an inline script would write and where it would go, worked out without running it."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.security.javascript import UNKNOWN, decoded, effects
from checks.security.javascript.branches import branches
from checks.security.javascript.obfuscation import from_base64, unescape
from checks.security.javascript.tokens import literal, tokens
from tests.cost import assert_bounded

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


STATEMENTS = st.sampled_from(
    [
        'var re=new RegExp(" ","gi");u=u.replace(re,"")',
        "u=u.replace(re,'')",
        "s='a'.replace(x,'b')",
        "a=['x','y'];document.write(a[08])",
        "a=['x'];b=a[0x];c=a[99999999999999999999]",
        "s='ab';s=s+s;s=s+s",
        "s='x'.split('').join(s)",
        "for(var i=0;i<9;i++){s+='<a>'}",
        "document[k+'ite'](s)",
        "window[d[1]]=u",
        "eval(s+s)",
        "setTimeout(f,9)",
        "var r=document['ref'+'errer'];if(r.match(/baidu/)){location.replace(u)}",
        "u=`//${h}/`",
        "o={a:function(){return 1},'b':[1,2]}",
        "if(a)if(b)if(c){d()}else e();else{f()}",
        "(function(a,b){b(a)})(document.referrer,eval)",
        "x=/[/]\\//g.test(navigator.userAgent)?'a':'b'",
        "String.fromCharCode(60,x,0x,99999999)",
        "unescape('%u4e2d%zz'+k)",
        "try{y()}catch(e){}",
    ]
)


@given(st.lists(STATEMENTS | st.sampled_from(["}", "{", "(", ")", "]", "\\", "'", "\n", "/", "`"]), max_size=30))
def test_any_mixture_of_ordinary_statements_is_read_without_raising(statements):
    source = ";".join(statements)
    effects(source)
    branches(tokens(source))


BOMBS = {
    "doubled": "s='aaaaaaaa';" + "s=s+s;" * 400 + "document.write(s)",
    "replaced": "s='" + "x" * 50_000 + "';document.write(s.replace(/x/g,s))",
    "joined": "s='" + "x" * 50_000 + "';document.write(s.split('').join(s))",
    "made": "".join(f"s{n}='eval(s{n + 1})+eval(s{n + 1})';eval(s{n});" for n in range(300)),
    "nested": "if(document.referrer)" * 5_000 + "f()",
    "chained": "a=" * 9_000 + "document.referrer",
    "and": "document.referrer&&" * 6_000 + "f()",
    "brackets": "a[" * 9_000,
    **{f"a bracket {deep} deep": "document.write(" * deep + "]" for deep in (39, 40, 41)},  # where reading ends
    "brackets of all kinds too deep inside": "f([" * 45 + "]);}" * 9,
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_script_that_grows_or_nests_costs_bounded_time_and_memory(source):
    assert_bounded(lambda: (effects(source), branches(tokens(source))), 4)
    assert sum(map(len, effects(source).written)) < 1_000_000


PACKER = "eval(function(p,a,c,k,e,d){{return p}}('{}',2,2,'a|{}'.split('|'),0,{{}}))"
AGAIN = PACKER.format("1 " * 300, "1 " * 300).replace("'", "\\'")
MULTIPLYING = {
    "a word as long as the code": PACKER.format("1 " * 2000, "1 " * 2000),
    "code that unpacks itself into packers": PACKER.format("1 " * 30_000, AGAIN),
    "packer after packer": PACKER.format("0 1 ", "b" * 200) * 500,
    "a list of one long text": "var a='" + "x" * 50_000 + "';var b=[" + "a," * 20_000 + "];document.write(b);b+''",
    "arguments that are joined": "var a='" + "x" * 50_000 + "';document.write(" + "a," * 20_000 + "a)",
    "a list within each of its own elements": "va','t'],b=a.join('');" + "winr a=['\\x68).join('');" * 60,
    "ciphers": "fromCharCode charCodeAt " + ("'" + "z" * 3000 + "' ") * 60,
}


@pytest.mark.parametrize("source", MULTIPLYING.values(), ids=MULTIPLYING)
def test_code_that_multiplies_is_cut(source):
    tracemalloc.start()
    try:
        assert_bounded(lambda: (effects(source), decoded(source)), 8)  # three times as slow while memory is traced
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


ENGINE_READER = frozenset({"referrer", "engine", "spider"})
"""The name of an engine is that of its robot too."""
ROBOT = frozenset({"agent", "spider", "engine"})

GOVERNED = [
    ("if(/baidu/.test(document.referrer)){go()}", ENGINE_READER),
    ("if(/baidu/.test(document.referrer))go()", ENGINE_READER),
    ("if(document['ref'+'errer'].match(/baidu/))go()", ENGINE_READER),
    ("var k='ref'+'errer';if(document[k].match(/baidu/))go()", ENGINE_READER),
    ("var r=document.referrer;if(r.indexOf('sogou')>-1)go()", ENGINE_READER),
    ("var se=['baidu','so.com'];for(var i in se){if(document.referrer.indexOf(se[i])>0){go();break}}", ENGINE_READER),
    ("['baidu'].forEach(function(e){if(document.referrer.indexOf(e)>0)go()})", frozenset({"referrer"})),
    ("var se=['baidu'];se.forEach(function(e){if(document.referrer.indexOf(e)>0)go()})", ENGINE_READER),
    ("if(['baidu'].some(function(e){return document.referrer.indexOf(e)>0}))go()", ENGINE_READER),
    ("function is(){return /baidu/.test(document.referrer)}if(is()){go()}", ENGINE_READER),
    ("function is(r){return /baidu/.test(r)}if(is(document.referrer)){go()}", ENGINE_READER),
    ("(function(r){if(/baidu/.test(r)){go()}})(document.referrer)", ENGINE_READER),
    ("function f(){if(!/baidu/.test(document.referrer))return;go()}", ENGINE_READER),
    ("function f(){if(!/baidu/.test(document.referrer)){return}go()}", ENGINE_READER),
    ("if(!/baidu/.test(document.referrer)){}else{go()}", ENGINE_READER),
    ("/baidu/.test(document.referrer)&&go()", ENGINE_READER),
    ("/baidu/.test(document.referrer)?go():0", ENGINE_READER),
    ("/baidu/.test(document.referrer)||go()", ENGINE_READER),
    ("function f(){go()}if(/baidu/.test(document.referrer))setTimeout(f,9)", ENGINE_READER),
    ("var f=function(){go()};if(/baidu/.test(document.referrer))f()", ENGINE_READER),
    ("if(/Baiduspider/i.test(navigator.userAgent))go()", ROBOT),
    ("if(document.referrer){go()}", frozenset({"referrer"})),
    ("var from=/baidu/.test(document.referrer)?'search':'direct';go()", frozenset()),
    ("go();if(/baidu/.test(document.referrer)){stat()}", frozenset()),
    ("if(a){go()}var r=document.referrer", frozenset()),
    ("if(/baiduboxapp/.test(navigator.userAgent)){go()}", frozenset({"agent"})),
    ("if(/baidu/.test(name)){go()}", frozenset()),
    ("var App={init:function(){this.r=document.referrer}};if(App.mobile){go()}", frozenset()),
]


@pytest.mark.parametrize(("source", "kinds"), GOVERNED)
def test_what_governs_a_place_in_a_script(source, kinds):
    found = effects(source.replace("go()", "location.href='http://a.cn/'"))
    assert found.moves == ["http://a.cn/"]
    assert next((effect.kinds for effect in found.conditional if effect.sort == "moves"), frozenset()) == kinds


def test_code_made_in_a_branch_depends_on_its_condition():
    found = effects("if(/baidu/.test(document.referrer)){eval('loca'+'tion.href=\"http://a.cn/\"')}")
    assert [(effect.sort, effect.kinds) for effect in found.conditional] == [
        ("code", ENGINE_READER),
        ("moves", ENGINE_READER),
    ]


LOADS = [
    ("var s=document.createElement('script');s.src='//a.cn/x.js'", ["//a.cn/x.js"]),
    ("var i=new Image;i.src='//a.cn/x.gif'", []),
    ("var i=document.createElement('img');i.src='//a.cn/x.gif'", []),
]


@pytest.mark.parametrize(("source", "loads"), LOADS)
def test_a_picture_loads_no_code(source, loads):
    assert effects(source).loads == loads
