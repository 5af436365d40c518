"""Charsets that nobody declares: official Chinese stays GB18030, traditional writing and Japanese are known as such."""

from __future__ import annotations

import pytest

from monitor.pages.decoding import Decoded, decode
from monitor.pages.guessing import guess

SIMPLIFIED = "各区人民政府，市政府各部门：现将《关于进一步优化营商环境的若干措施》印发给你们，请认真组织实施。"
TRADITIONAL = "各區人民政府，市政府各部門：現將《關於進一步優化營商環境的若干措施》印發給你們，請認真組織實施。"
JAPANESE = "このページは、市民の皆様にお知らせする情報を掲載しています。お問い合わせは総務課までお願いします。"
KOREAN = "우리 시는 시민의 안전을 위하여 다음과 같이 공고하오니 자세한 사항은 담당 부서로 문의하시기 바랍니다."
RUSSIAN = "Администрация города сообщает о порядке приёма граждан и рассмотрения обращений в новом году."
THAI = "ประกาศรับสมัครบุคคลเพื่อเลือกสรรเป็นพนักงานราชการทั่วไป ข่าวประชาสัมพันธ์ของกรมการปกครอง"
ARABIC = "الحكومة المحلية تعلن عن بدء التسجيل في البرنامج الجديد"
LIKE_KOREAN = "促进高层次人才创业促进区域协调发展促进高质量充分就业，帮扶措施由各部门负责，政府办公厅督促检查。"


@pytest.mark.parametrize(
    ("text", "charset", "codec"),
    [
        (SIMPLIFIED, "gb18030", "gb18030"),
        ("某某局", "gb18030", "gb18030"),
        ("嫚婕嫣嬿嫱媖姝妤婳嫽媛嫔瑗璎珞琬", "gb18030", "gb18030"),
        ("日文假名あいうえお对照表，供办事群众参考使用，其余内容见附件。", "gb18030", "gb18030"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (JAPANESE, "shift_jis", "cp932"),
        (KOREAN, "euc_kr", "cp949"),
        (KOREAN, "cp949", "cp949"),
        (KOREAN, "gb18030", "gb18030"),
        (LIKE_KOREAN, "gb18030", "gb18030"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (THAI, "cp874", "cp874"),
        (THAI, "gb18030", "gb18030"),
    ],
)
@pytest.mark.parametrize("page", ["{}", "<html><title>{}</title><p class='x'>{}</p>"])
def test_text_is_read_as_it_was_written(text, charset, codec, page):
    body = page.replace("{}", text).encode(charset)
    assert guess(body) == (body.decode(charset), codec)


def test_a_character_that_was_cut_off_is_left_out():
    assert guess(TRADITIONAL.encode("big5")[:-1]) == (TRADITIONAL[:-1], "big5hkscs")


@pytest.mark.parametrize(("declared", "undeclared"), [("utf-8", None), (None, None)])
def test_what_nobody_declares_rightly_is_guessed(declared, undeclared):
    header = f"text/html; charset={declared}" if declared else "text/html"
    body = TRADITIONAL.encode("big5")
    assert decode(body, header) == Decoded(TRADITIONAL, "big5hkscs", declared or undeclared, undecodable=False)


def test_arabic_is_not_taken_for_cyrillic():
    assert (guess(ARABIC.encode("cp1256")) or ("", "none"))[1] != "koi8-r"


def test_japanese_in_seven_bits_is_known_where_nothing_is_declared():
    body = f"<title>{JAPANESE}</title>".encode("iso2022_jp")
    assert decode(body, None) == Decoded(body.decode("iso2022_jp"), "iso2022_jp", None, undecodable=False)
    assert decode(body, "text/html; charset=utf-8").charset == "utf-8"


def test_what_is_declared_and_fits_is_not_guessed():
    assert decode(TRADITIONAL.encode("big5"), "text/html; charset=gbk").charset == "gb18030"


def test_what_fits_nothing_is_said_so():
    assert guess(b"\xff\xff\xff") is None
    assert decode(b"\xff\xff\xff", None).undecodable
