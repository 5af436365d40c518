"""Name what the typo check reports, and say it the way an office would.

The message depends on the kind of error, so the tables below are keyed by :attr:`Suspect.kind`; a kind that is not in
the table gets the plain wording under the empty key.
"""

from __future__ import annotations

from checks.model import Rule, Severity, Text

SIGNED = Text(
    "国务院办公厅：政府网站发展指引；政府网站与政务新媒体检查指标（2019）", "Government website guide; 2019 indicators"
)

DELETED = "deleted"
"""The variant of a message for what should go altogether, where the kind's own message would name what to write."""

GOES = Text("“{wrong}”疑似多余，应删去", "“{wrong}” looks superfluous; delete it")

PLAIN = Text("“{wrong}”疑有误，建议改为“{right}”", "“{wrong}” looks wrong; “{right}” is suggested")

MESSAGES = {
    "": PLAIN,
    DELETED: GOES,
    "homophone": Text("“{wrong}”疑为“{right}”的同音误字", "“{wrong}” sounds like “{right}”, which is meant"),
    "near-homophone": Text(
        "“{wrong}”疑为“{right}”的近音误字", "“{wrong}” sounds nearly like “{right}”, which is meant"
    ),
    "repeated": Text("“{wrong}”疑有重复，应为“{right}”", "“{wrong}” is typed twice; use “{right}”"),
    "shape": Text("“{wrong}”疑为“{right}”的形近误字", "“{wrong}” looks like “{right}”, which is meant"),
    "idiom": Text("成语或固定用语“{right}”误作“{wrong}”", "The idiom “{right}” is written “{wrong}”"),
    "usage": Text("“{wrong}”用词不当，应为“{right}”", "“{wrong}” is the wrong word; use “{right}”"),
    "set-phrase": Text("规范表述应为“{right}”，此处写作“{wrong}”", "The set phrase is “{right}”, not “{wrong}”"),
    "organ-name": Text("机构规范名称为“{right}”，此处写作“{wrong}”", "The body is named “{right}”, not “{wrong}”"),
    "place-name": Text("地名“{right}”误作“{wrong}”", "The place “{right}” is written “{wrong}”"),
    "variant-form": Text("“{wrong}”为异形词，推荐写作“{right}”", "“{wrong}” is a variant; “{right}” is preferred"),
    "outdated": Text("“{wrong}”为旧称或旧文件，现为“{right}”", "“{wrong}” is outdated; it is now “{right}”"),
    "extra": Text("“{wrong}”疑有多字，应为“{right}”", "“{wrong}” has a character too many; use “{right}”"),
    "missing": Text("“{wrong}”疑有漏字，应为“{right}”", "“{wrong}” lacks a character; use “{right}”"),
    "transposed": Text("“{wrong}”疑为字序颠倒，应为“{right}”", "“{wrong}” has characters swapped; use “{right}”"),
    "traditional": Text(
        "“{wrong}”为繁体字或异体字，应为“{right}”", "“{wrong}” is a traditional character; write “{right}”"
    ),
    "site-variant": Text(
        "本站通常写作“{right}”，此处写作“{wrong}”，请核对", "The site usually writes “{right}”, here “{wrong}”"
    ),
}
"""What a finding says, by the kind of error."""

SEVERE_TYPO = Rule(
    id="severe-typo",
    family="typos",
    severity=Severity.CRITICAL,
    title=Text("严重错别字", "Severe typo"),
    message=MESSAGES,
    remedy=Text(
        "立即改正，并检查同一文稿在其他栏目、其他平台的发布情况。", "Correct it at once, wherever it was published."
    ),
    basis=Text(f"{SIGNED.zh}：严重表述错误属单项否决", f"{SIGNED.en}: severe wording errors are a veto"),
    why=Text(
        "党和国家机构名称、领导人姓名、重要论述出现差错，会被上级通报，属单项否决问题。",
        "An error in the name of the state, its bodies, leaders or doctrines is named in official notices.",
    ),
)

TYPO = Rule(
    id="typo",
    family="typos",
    severity=Severity.MAJOR,
    title=Text("错别字", "Typo"),
    message=MESSAGES,
    remedy=Text(
        "核对原文后改正。确认无误的词，写入自有词表（配置项 checks.typos.dictionary 所指的文件）“[放行]”之下，"
        "每行一个，此后不再提示。",
        "Check the source and correct it. A wording that is right goes into the file of checks.typos.dictionary, on a"
        " line of its own under [allowed], and is not reported again.",
    ),
    basis=SIGNED,
    why=Text("错别字影响公信力，是网站检查和群众监督的常见问题。", "Typos cost an official site its authority."),
)

REPEATED_TEXT = Rule(
    id="repeated-text",
    family="typos",
    severity=Severity.MAJOR,
    title=Text("重复字词", "Repeated text"),
    message={
        "": Text("“{wrong}”疑有重复，应为“{right}”", "“{wrong}” repeats itself; use “{right}”"),
        DELETED: GOES,
    },
    remedy=Text("删去多出的字词。", "Delete what is there twice."),
    basis=SIGNED,
    why=Text("重字多为编辑时误粘贴、误输入所致。", "Repetition is what hasty editing leaves behind."),
)

PUNCTUATION = Rule(
    id="punctuation",
    family="typos",
    severity=Severity.MINOR,
    title=Text("标点符号差错", "Punctuation"),
    message={
        "unpaired": Text(
            "括号、书名号或引号缺一半：“{wrong}”，建议写作“{right}”", "One half is missing: “{wrong}”; write “{right}”"
        ),
        "alone": Text(
            "“{wrong}”缺少与它成对的另一半，请补上或删去", "“{wrong}” lacks its other half; add it, or delete this one"
        ),
        "doubled": Text("标点“{wrong}”重复，应为“{right}”", "“{wrong}” is doubled; use “{right}”"),
        "half-width": Text(
            "中文行文用了半角标点“{wrong}”，应为“{right}”", "Half-width “{wrong}” in Chinese; use “{right}”"
        ),
        "mixed": Text(
            "一对括号全角、半角混用，“{wrong}”应为“{right}”", "Half-width “{wrong}” of a full-width pair; use “{right}”"
        ),
        "turned": Text("引号“{wrong}”方向有误，应为“{right}”", "“{wrong}” is turned the wrong way; use “{right}”"),
        "stray": Text("“{wrong}”多出一个标点，应为“{right}”", "“{wrong}” has a mark too many; use “{right}”"),
        DELETED: GOES,
        "enumeration": Text(
            "并列词语之间混用逗号：“{wrong}”，宜为“{right}”", "A comma in a list: “{wrong}”; use “{right}”"
        ),
        "separator": Text("“{wrong}”疑缺顿号，应为“{right}”", "“{wrong}” lacks a comma of a list; use “{right}”"),
        "empty": Text("“{wrong}”内没有文字", "Nothing stands in “{wrong}”"),
        "space": Text("“{wrong}”词语中间多了空格，应为“{right}”", "A space cuts “{wrong}”; write “{right}”"),
    },
    remedy=Text("按国家标准《标点符号用法》改正。", "Follow the national standard for punctuation."),
    basis=Text("GB/T 15834—2011《标点符号用法》", "GB/T 15834-2011"),
    why=Text("引号、书名号、括号不成对会改变文意。", "An unpaired bracket or quotation mark changes what is said."),
)

DOCUMENT_NUMBER = Rule(
    id="document-number",
    family="typos",
    severity=Severity.MINOR,
    title=Text("文号、年份写法不规范", "Document number or year"),
    message={
        "": Text("“{wrong}”应写作“{right}”", "“{wrong}” should be written “{right}”"),
        "year": Text("文号“{wrong}”年份有误，请核对", "“{wrong}”: check the year of the document number"),
        DELETED: Text("文号、年份“{wrong}”写法有误，请核对", "“{wrong}” is no document number or year; check it"),
    },
    remedy=Text("发文字号年份用六角括号“〔〕”，汉字年份用“〇”。", "Use 〔〕 in document numbers and 〇 in years."),
    basis=Text("GB/T 9704—2012《党政机关公文格式》", "GB/T 9704-2012"),
    why=Text(
        "发文字号有固定格式，写错会影响检索和引用。", "A document number has one form; others cannot be looked up."
    ),
)

IMPOSSIBLE_DATE = Rule(
    id="impossible-date",
    family="typos",
    severity=Severity.MAJOR,
    title=Text("日期、时间有误", "Impossible date"),
    message={
        "": Text("“{wrong}”不存在，请核对", "“{wrong}” does not exist"),
        "range": Text("“{wrong}”起止时间颠倒，请核对", "“{wrong}” ends before it begins"),
        "weekday": Text("“{wrong}”星期与日期不符，当日为{right}", "“{wrong}”: that day is {right}"),
    },
    remedy=Text("核对后改正日期。", "Check and correct the date."),
    basis=SIGNED,
    why=Text("会议、办理时限等日期写错会误导群众。", "A wrong date misleads those who have to keep it."),
)

MISCOUNT = Rule(
    id="number-usage",
    family="typos",
    severity=Severity.MINOR,
    title=Text("数量表述不当", "Number usage"),
    message={
        "remainder": Text("“{wrong}”：确数后不用“余”", "“{wrong}”: 余 follows round numbers only"),
        "times-less": Text("“{wrong}”：减少、下降不用倍数", "“{wrong}”: a decrease is not counted in multiples"),
        "number": Text("数字“{wrong}”写法有误，请核对", "“{wrong}” is no number; check it"),
        "approximate": Text("“{wrong}”：概数表述重复", "“{wrong}” says twice that it is approximate"),
    },
    remedy=Text("改用确数、概数其一，或改用百分数。", "Say it exactly or approximately, not both; use per cent."),
    basis=Text("GB/T 15835—2011《出版物上数字用法》", "GB/T 15835-2011"),
    why=Text("数量表述前后矛盾，读者无从采信。", "A number that contradicts itself cannot be trusted."),
)

TEMPLATE_TEXT = Rule(
    id="template-text",
    family="typos",
    severity=Severity.MAJOR,
    title=Text("残留模板文字", "Left-over template text"),
    message=Text("页面露出模板或占位文字“{wrong}”", "Template text “{wrong}” shows on the page"),
    remedy=Text("检查模板和稿件，填入内容或删去占位文字。", "Fill the template in, or remove the placeholder."),
    basis=SIGNED,
    why=Text("说明栏目模板出错或稿件未定稿就已发布。", "The template failed, or a draft was published."),
)

RULES = (
    SEVERE_TYPO,
    TYPO,
    REPEATED_TEXT,
    PUNCTUATION,
    DOCUMENT_NUMBER,
    IMPOSSIBLE_DATE,
    MISCOUNT,
    TEMPLATE_TEXT,
)

FORM_RULES = {
    "repeated": REPEATED_TEXT,
    "unpaired": PUNCTUATION,
    "alone": PUNCTUATION,
    "doubled": PUNCTUATION,
    "half-width": PUNCTUATION,
    "mixed": PUNCTUATION,
    "turned": PUNCTUATION,
    "stray": PUNCTUATION,
    "empty": PUNCTUATION,
    "space": PUNCTUATION,
    "enumeration": PUNCTUATION,
    "separator": PUNCTUATION,
    "document-number": DOCUMENT_NUMBER,
    "year": DOCUMENT_NUMBER,
    "range": IMPOSSIBLE_DATE,
    "number": MISCOUNT,
    "date": IMPOSSIBLE_DATE,
    "weekday": IMPOSSIBLE_DATE,
    "remainder": MISCOUNT,
    "times-less": MISCOUNT,
    "approximate": MISCOUNT,
    "template": TEMPLATE_TEXT,
    "code": TEMPLATE_TEXT,
}
"""The rule that speaks for a kind of the form layer; every other kind is a typo, or a severe one."""
