"""Mail arrives whole at a real server, and whatever the server does costs only what it has to."""

from __future__ import annotations

import email
import email.policy
import ssl
from contextlib import contextmanager

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from monitor.delivery.mail import MailSender, mail_address
from monitor.delivery.report_files import Attachment
from reports.messages.message import Message, MessageRow, MessageSection
from tests.monitor.daemons import free_port

PASSWORD = "geheim!4711"


class Box:
    """A mail server's hands: keeps what it takes. ``moods`` are answers, by recipient or by command, used up."""

    def __init__(self):
        self.mails, self.recipients, self.moods, self.asked = [], [], {}, []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server, session, envelope, address, options
    ):
        self.asked.append(address)
        refusal = self.moods.get(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - likewise
        self, server, session, envelope
    ):
        answer = self.moods.get("DATA", "250 OK")
        if answer.startswith("552") and len(envelope.content) < 20_000:
            answer = "250 OK"
        if answer.startswith("250") or answer == "cut":
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
            self.recipients.append(list(envelope.rcpt_tos))
        if answer == "cut":
            server.transport.abort()
        return answer


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    return server, path


@contextmanager
def mail_server(box, context=None, *, security="insecure", limit=None, login=False):
    options = {"hostname": "127.0.0.1", "port": free_port(), "data_size_limit": limit}
    if security == "ssl":
        options["ssl_context"] = context
    elif security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if login:

        def check(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login, data.password) == (b"u@a.cn", PASSWORD.encode()), handled=False)

        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": security == "starttls"}
    controller = Controller(box, **options)
    controller.start()
    try:
        yield options["port"]
    finally:
        controller.stop()


def message(**fields):
    row = MessageRow("严重", "链接打不开 <script>", "编号 7", "https://a.gov.cn/x")
    given = {"key": "run-1/办公室", "language": "zh-CN", "subject": "清河县：新增 1", "reports": (1, 2)}
    return Message(**{**given, "sections": (MessageSection("新发现的问题", (row,), 1),), **fields})


class Files:
    def __init__(self, *sizes, left_out=""):
        names = ("清河县人民政府-2026-11-30-全站检查.html", "清河县人民政府-2026-11-30-全站检查.xlsx")
        self.found = [Attachment(name, b"x" * size) for name, size in zip(names, sizes, strict=False)]
        self.left_out = left_out

    def attachments(self, runs):
        return self.found, self.left_out


async def sent(  # noqa: PLR0913 - what differs from test to test
    port, *, files=None, remaining=None, scheme="mailto", user="", limit=20.0, extra=""
):
    url = f"{scheme}://{user}127.0.0.1:{port}/?from=check@a.cn&to=one@a.cn,two@a.cn{extra}"
    return await MailSender(url, files, limit).send(message(), remaining)


async def test_a_mail_has_html_text_and_reports_with_chinese_names():
    box = Box()
    with mail_server(box) as port:
        assert (await sent(port, files=Files(2000, 3000, left_out="附件没有发送"))).arrived
    (mail,) = box.mails
    assert box.recipients == [["one@a.cn", "two@a.cn"]]
    assert mail["Subject"] == "清河县：新增 1"
    assert mail["From"] == "网站健康检查 <check@a.cn>"
    assert mail["X-Sitehealth-Key"] == "run-1/办公室"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert "链接打不开 <script>" in text
    assert "链接打不开 &lt;script&gt;" in html
    assert "附件没有发送" in text
    attached = list(mail.iter_attachments())
    assert [part.get_filename() for part in attached] == [each.name for each in Files(1, 1).found]
    assert [len(part.get_payload(decode=True)) for part in attached] == [2000, 3000]
    raw = mail.as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 998


async def test_a_repeat_has_the_same_message_id():
    box = Box()
    with mail_server(box) as port:
        await sent(port)
        await sent(port)
    assert len({mail["Message-ID"] for mail in box.mails}) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # aiosmtpd knows of STARTTLS only
@pytest.mark.parametrize("security", ["ssl", "starttls"])
async def test_tls_and_a_password(authority, security):
    context, ca = authority
    box = Box()
    with mail_server(box, context, security=security, login=True) as port:
        extra = f"&mode={security}&ca={ca}"
        user = "u%40a.cn:geheim%214711@"
        assert (await sent(port, scheme="mailtos", user=user, extra=extra)) == ("", None, 0.0)
        wrong = await sent(port, scheme="mailtos", user="u%40a.cn:no@", extra=extra)
        assert wrong.error.startswith("535")
        stranger = await sent(port, scheme="mailtos", user=user, extra=f"&mode={security}")
        assert "certificate verify failed" in stranger.error.lower()
    assert len(box.mails) == 1


async def test_a_refused_recipient_costs_nobody_else_the_mail():
    box = Box()
    box.moods["two@a.cn"] = "550 5.1.1 no such user"
    with mail_server(box) as port:
        first = await sent(port)
        assert first.remaining == ("two@a.cn",)
        assert first.error == "two@a.cn: 550 5.1.1 no such user"
        box.moods.clear()
        box.asked.clear()
        assert (await sent(port, remaining=first.remaining)).arrived
    assert box.recipients == [["one@a.cn"], ["two@a.cn"]]
    assert box.asked == ["two@a.cn"]


async def test_greylisting_is_tried_again_with_all():
    box = Box()
    box.moods |= dict.fromkeys(("one@a.cn", "two@a.cn"), "451 4.7.1 greylisted, try again later")
    with mail_server(box) as port:
        attempt = await sent(port)
        assert attempt.remaining == ("one@a.cn", "two@a.cn")
        assert "451 4.7.1" in attempt.error
        box.moods = {"DATA": "451 4.3.0 later"}
        attempt = await sent(port)
        assert attempt == ("451 4.3.0 later", ("one@a.cn", "two@a.cn"), 0.0)
        box.moods.clear()
        assert (await sent(port, remaining=attempt.remaining)).arrived
    assert len(box.mails) == 1


@pytest.mark.parametrize("announced", [True, False])
async def test_a_server_that_takes_less_gets_the_message_without_the_reports(announced):
    box = Box()
    if not announced:
        box.moods["DATA"] = "552 5.3.4 message too big"
    with mail_server(box, limit=20_000 if announced else None) as port:
        assert (await sent(port, files=Files(50_000, 100))).arrived
    (mail,) = box.mails
    assert list(mail.iter_attachments()) == []
    text = mail.get_body(("plain",)).get_content()
    assert "附件没有发送（超过邮件服务器的大小限制）：清河县人民政府-2026-11-30-全站检查.html" in text


async def test_a_connection_that_is_cut_after_the_last_byte_has_not_arrived_for_certain():
    box = Box()
    box.moods["DATA"] = "cut"
    with mail_server(box) as port:
        attempt = await sent(port)
        assert not attempt.arrived
        assert attempt.remaining is None
        box.moods.clear()
        assert (await sent(port)).arrived
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["X-Sitehealth-Key"] == second["X-Sitehealth-Key"]


async def test_a_server_that_hangs_is_left():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        attempt = await sent(silent.getsockname()[1], limit=0.2)
    assert not attempt.arrived


async def test_nobody_listens():
    attempt = await sent(9)
    assert "ConnectionRefusedError" in attempt.error


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("mailtos://u%40a.cn:p@smtp.a.cn", ("smtp.a.cn", 587, "starttls", "u@a.cn", ("u@a.cn",))),
        ("mailtos://u:p@a.cn:465/?to=x@b.cn;y@b.cn", ("a.cn", 465, "ssl", "u@a.cn", ("x@b.cn", "y@b.cn"))),
        ("mailto://a.cn/x@b.cn/", ("a.cn", 25, "insecure", "sitehealth@a.cn", ("x@b.cn",))),
        ("mailtos://u:p@a.cn?smtp=mx.a.cn&from=c@a.cn", ("mx.a.cn", 587, "starttls", "c@a.cn", ("c@a.cn",))),
    ],
)
def test_an_address_says_who_writes_to_which_people_and_how(url, found):
    read = mail_address(url)
    writer = read.sender.partition("<")[2].rstrip(">")
    assert (read.host, read.port, read.security, writer, read.to) == found


@pytest.mark.parametrize(
    ("url", "fault"), [("mailto:///?to=a@b.cn", "no mail server"), ("mailto://a.cn?mode=x", "mode")]
)
def test_an_address_that_cannot_be_used_is_refused(url, fault):
    with pytest.raises(ValueError, match=fault):
        mail_address(url)
