"""Name the schemes of addresses that messages can go to, so that a configuration is checked without Apprise.

Apprise takes half a second and 35 MB to load, and is an extra: a misspelt scheme is told all the same. A test holds
the list to what the installed Apprise knows.
"""

from __future__ import annotations

OWN_SCHEMES = {
    "mailto": "mail",
    "mailtos": "mail",
    "dingtalk": "dingtalk",
    "wecombot": "wecom",
    "feishu": "feishu",
    "lark": "feishu",
}
"""Schemes of ours, written as Apprise writes them, and the channel that each stands for."""

NATIVE_HOSTS = {
    "oapi.dingtalk.com": "dingtalk",
    "qyapi.weixin.qq.com": "wecom",
    "open.feishu.cn": "feishu",
    "open.larksuite.com": "feishu",
    "hooks.slack.com": "apprise",
    "outlook.office.com": "apprise",
    "outlook.office365.com": "apprise",
}
"""Hosts of webhooks that people copy as they are."""

APPRISE_SCHEMES = frozenset(
    """
    46elks acs amqp amqps apprise apprises aprs atalk awswhatsapp azure bale bark barks betterstack blink1 bluesky
    brevo bsky bulksms bulkvs burstsms chanify clickatell clicksend cliq cm d7sms dapnet dbus deltachat deltachats
    discord dot eight00com elks emby embys enigma2 enigma2s evolution evolutions exotel fcm firehydrant flock
    flowtriq flowtriqs fluxer fluxers form forms freemobile gchat gio github glib gnome goalert goalerts gorush
    gorushs gotify gotifys groundmail groupme growl guilded gupshup hassio hassios httpsms humhub humhubs ifttt
    ilert incidentio infobip instagram irc ircs jellyfin jellyfins jira join json jsons kakao kakaotalk kaleyra
    kavenegar kde klr kodi kodis kook kudosity kumulos lametric lametrics lauther lfg line macosx mailersend
    mailgun mastodon mastodons matrix matrixs misskey misskeys mmost mmosts mobilemessage mobilemsg mqtt mqtts msg91
    msgbird ncloud nclouds nctalk nctalks nexmo nostr notica noticas notifiarr notifico notificos notifyapp notifyre
    ntfy ntfys o365 octopush onebot onebots onesignal opsgenie opsimate opsimates pagerduty pagertree parsep parseps
    pbul pinglet pinglets pingram pjet pjets plivo postmark pover prowl psafer psafers push pushdeer pushdeers
    pushed pushme pushplus pushward pushy qq qt reddit resend revolt ringc rocket rockets rsyslog ryver schan
    sendgrid sendpulse serwersms ses session sessions seven sfr signal signalgrid signals signl4 simplepush sinch
    slack smpp smpps smsc smseagle smseagles smsmanager smsmgr smstunnel smtp2go sns sogs sparkpost spike splunk
    spugpush spush squadcast stackfield strmlabs synology synologys syslog telesign telnyx tgram threema toot toots
    trigv trigvs tweet twilio twist twitter vapid viber victorops voipms vonage webex wechat wecom whapi whatsapp
    windows workflow workflows wpush wxpusher wxteams x xbmc xbmcs xmatters xml xmls xmpp xmpps youlmk zalo zcliq
    zohocliq zoom zulip
    """.split()
)
"""What Apprise 2.3 knows beside ours."""
