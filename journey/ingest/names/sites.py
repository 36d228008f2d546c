"""Sites and apps that customers come from, by kind: what the host of a referrer, or a `utm_source`, stands for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

SEARCH, SOCIAL, VIDEO, SHOPPING, ASSISTANT, MAIL, REVIEWS, PASSAGE = (
    "search", "social", "video", "shopping", "assistant", "mail", "reviews", "passage",
)  # fmt: skip

#: Names that stand before any country's ending (google.ro, amazon.co.jp) and that people write as a bare source.
_BRANDS: Final[dict[str, str]] = {
    SEARCH: """google bing yahoo yandex baidu duckduckgo naver daum sogou seznam ecosia qwant startpage aol ask
        lycos rambler onet virgilio najdi kvasir dogpile swisscows mojeek metager excite adwords googleads
        so""",
    SOCIAL: """facebook fb instagram ig insta meta twitter linkedin pinterest reddit tumblr snapchat threads
        mastodon bluesky whatsapp telegram messenger discord quora xing vk vkontakte weibo wechat weixin
        xiaohongshu rednote douban zhihu qzone kakao kakaotalk zalo odnoklassniki viber nextdoor meetup
        flickr viadeo hatena livejournal ameblo gutefrage stackoverflow hackernews tiktok""",
    VIDEO: """youtube yt vimeo dailymotion twitch bilibili youku iqiyi rutube niconico wistia netflix hulu
        kuaishou douyin""",
    SHOPPING: """amazon ebay etsy alibaba aliexpress walmart shopify mercadolibre mercadolivre allegro emag zalando
        rakuten otto idealo kaufland cdiscount fnac bol coupang flipkart lazada shopee tokopedia taobao
        tmall jd pinduoduo temu shein wildberries ozon trendyol hepsiburada ceneo heureka geizhals
        pricerunner kelkoo skroutz olx noon jumia wayfair asos target igshopping googleshopping""",
    ASSISTANT: """chatgpt openai perplexity claude gemini copilot deepseek grok doubao kimi""",
    MAIL: """gmail outlook hotmail mailru""",
    REVIEWS: """trustpilot capterra g2 g2crowd getapp softwareadvice trustradius trustedshops ekomi yelp tripadvisor
        sitejabber reviewsio provenexpert kununu glassdoor omr feefo productreview""",
    PASSAGE: """paypal stripe klarna adyen mollie worldpay sumup alipay""",
}  # fmt: skip

#: Hosts that are not what their name's other hosts are, or whose name alone would catch too much; so are app names.
_HOSTS: Final[dict[str, str]] = {
    SEARCH: """news.google.com play.google.com lens.google.com search.brave.com 360.cn so.com sm.cn m.sm.cn ukr.net
        centrum.cz coccoc.com petalsearch.com you.com suche.t-online.de suche.web.de suche.gmx.net msn.com
        goo.ne.jp ask.com search.auone.jp go.mail.ru docomo.ne.jp rakuten.co.jp websearch.rakuten.co.jp
        biglobe.ne.jp com.google.android.googlequicksearchbox kagi.com""",
    SOCIAL: """x.com t.co t.me telegram.org telegram.me messenger.com nextdoor.com lnkd.in fb.me fb.com m.me wa.me
        vk.com vk.ru ok.ru line.me groups.google.com blog.naver.com cafe.naver.com tieba.baidu.com
        zhidao.baidu.com zen.yandex.ru dzen.ru band.us mixi.jp bsky.app threads.net threads.com
        news.ycombinator.com medium.com substack.com xhslink.com nk.pl wykop.pl meneame.net kaixin001.com
        renren.com hi5.com badoo.com ravelry.com goodreads.com com.facebook.katana com.linkedin.android
        com.instagram.android com.twitter.android com.reddit.frontpage com.slack com.pinterest""",
    VIDEO: """youtu.be ted.com iq.com v.qq.com nicovideo.jp com.google.android.youtube""",
    SHOPPING: """shopping.google.com shopping.naver.com shopping.yahoo.co.jp shopping.yahoo.com market.yandex.ru
        shop.app 1688.com ozon.ru otto.de kaufland.de temu.com noon.com kaspi.kz bol.com jd.com target.com
        11st.co.kr gmarket.co.kr smartstore.naver.com""",
    ASSISTANT: """chatgpt.com chat.openai.com perplexity.ai claude.ai gemini.google.com bard.google.com
        copilot.microsoft.com edgeservices.bing.com copilot.cloud.microsoft chat.deepseek.com grok.com x.ai
        meta.ai poe.com chat.mistral.ai phind.com pi.ai character.ai doubao.com kimi.moonshot.cn
        yiyan.baidu.com tongyi.aliyun.com yuanbao.tencent.com chat.qwen.ai notebooklm.google.com
        com.openai.chatgpt""",
    MAIL: """mail.google.com mail.yahoo.com outlook.live.com outlook.office.com outlook.office365.com
        mail.yandex.ru e.mail.ru mail.ru email.seznam.cz mail.aol.com mail.163.com mail.qq.com
        navigator.web.de mail.naver.com navigator.gmx.net mail.proton.me com.google.android.gm
        com.microsoft.office.outlook deref-mail.com mail.rambler.ru webmail.orange.fr""",
    REVIEWS: """gartner.com sourceforge.net alternativeto.net producthunt.com dianping.com tabelog.com
        holidaycheck.de otzovik.com irecommend.ru opineo.pl arukereso.hu reviews.io""",
    PASSAGE: """checkout.stripe.com accounts.google.com login.microsoftonline.com login.live.com appleid.apple.com
        pay.google.com securepay.com przelewy24.pl payu.com sofort.com netopia-payments.com""",
}  # fmt: skip

_KIND_OF_BRAND: Final = {name: kind for kind, names in _BRANDS.items() for name in names.split()}
#: Brands whose name stands before other people's endings, too (gemini.com trades coins): only a bare source is one.
_BARE_ONLY: Final = frozenset(
    {
        "so", "ask", "meta", "insta", "ig", "fb", "yt", "vk", "threads", "gemini", "claude", "copilot",
        "kimi", "grok", "target", "bol", "jd", "noon", "temu", "omr", "adwords", "bluesky", "googleads",
        "googleshopping", "igshopping", "mailru", "reviewsio", "hackernews", "messenger", "telegram",
        "nextdoor", "kaufland", "otto",
    }
)  # fmt: skip
_KIND_OF_HOST: Final = {name: kind for kind, names in _HOSTS.items() for name in names.split()}
#: Second-level names under which countries hand out names: co.uk, com.br.
_SECOND_LEVELS: Final = frozenset({"co", "com", "ne", "or", "org", "net", "ac", "gov", "edu", "gen"})
_HOST: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#:]+)|^([^/?#:\s]+\.[a-z]{2,})(?:[/?#:]|$)")
_ADS: Final = re.compile(r"(?:[ _.-]?(?:ads?|adverts?|organic|paid|app))+$")
_SIGNS: Final = re.compile(r"[ _+-]")


def host_of(address: str) -> str:
    """Tell the host of an address, without `www.`; empty when there is none.

    >>> host_of("https://www.Example.com:8080/a?b"), host_of("m.example.com/a"), host_of("android-app://com.slack/")
    ('example.com', 'm.example.com', 'com.slack')
    >>> host_of("newsletter")
    ''
    """
    found = _HOST.match(address.strip().casefold())
    host = (found[1] or found[2]) if found else ""
    return host.rstrip(".").removeprefix("www.")


@lru_cache(maxsize=10_000)
def kind_of_site(source: str) -> str | None:
    """Tell what kind of site a host or a source's name is; None for one that is not known.

    >>> kind_of_site("google.co.uk"), kind_of_site("l.facebook.com"), kind_of_site("facebook_ads")
    ('search', 'social', 'social')
    >>> kind_of_site("gemini.google.com"), kind_of_site("google.example.com"), kind_of_site("newsletter")
    ('assistant', None, None)
    """
    name = source.strip().casefold()
    labels = name.removeprefix("www.").split(".")
    for start in range(len(labels) - 1):
        if (kind := _KIND_OF_HOST.get(".".join(labels[start:]))) is not None:
            return kind
    if len(labels) > 1 and " " not in name:
        is_second_level = len(labels) > 2 and labels[-2] in _SECOND_LEVELS
        brand = labels[-3 if is_second_level else -2]
        return None if brand in _BARE_ONLY else _KIND_OF_BRAND.get(brand)
    bare = _ADS.sub("", name) or name
    return _KIND_OF_BRAND.get(_SIGNS.sub("", bare))


def is_within(host: str, hosts: frozenset[str]) -> bool:
    """Tell whether a host is one of these or lies beneath one.

    >>> is_within("shop.example.com", frozenset({"example.com"})), is_within("ample.com", frozenset({"example.com"}))
    (True, False)
    """
    labels = host.split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))
