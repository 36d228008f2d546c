"""What customers write in Chinese: templates with slots, each topic in three moods."""

from __future__ import annotations

SLOTS = {
    "{feature}": ("周报", "仪表盘", "导出功能", "日历"),
    "{source}": ("我们的表格", "旧系统的数据", "去年的订单", "联系人"),
    "{time}": ("十分钟", "几分钟", "半个小时"),
    "{who}": ("我的团队", "同事们", "我们部门"),
    "{days}": ("两天", "三天", "整个周末", "四天"),
    "{lead}": ("", "", "说实话，", "目前来说，"),
}

# Topic, then good, middling, bad.
TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "general": (
        (
            "{lead}{feature}帮我们省了很多时间",
            "很好用，{who}都喜欢",
            "简单又快，{feature}很清楚",
            "{lead}每天早上都会打开{feature}",
        ),
        ("还可以，{feature}可以再快一点", "{lead}{who}还在适应{feature}", "请问{feature}在哪里？"),
        ("{feature}太慢了", "{lead}找不到{feature}", "太复杂，{who}不想用"),
    ),
    "checkout spins": (
        ("最后还是付成功了",),
        ("{lead}试了三次才成功",),
        ("点了付款以后一直在转圈", "{lead}手机上付款页面卡住了"),
    ),
    "card refused": (
        ("换了一张卡就好了",),
        ("{lead}只好换一张卡",),
        ("我的卡被拒绝了，没有说明原因", "{lead}付款失败三次"),
    ),
    "import": (
        ("两分钟数据就都进来了", "{lead}{time}就导入了{source}，太棒了", "自动识别了所有的列，非常惊喜"),
        ("导入了{source}，改了两列",),
        ("导入到一半就停了",),
    ),
    "slow answer": (
        ("虽然晚，但是有帮助",),
        ("{lead}回答不错，但是等了{days}",),
        ("等了{days}才有回复", "{lead}{days}没有人理我们", "周五提问，周一才回答"),
    ),
    "quick answer": (
        ("回复很快，谢谢", "{lead}{feature}的问题马上解决了"),
        ("很快，但是没有完全解决",),
        ("回复很快，但是{feature}还是不行",),
    ),
    "advocacy": (
        ("推荐给所有朋友", "{lead}{who}用过最好的工具"),
        ("不错，{feature}还有小问题",),
        ("{feature}还需要改进",),
    ),
}
