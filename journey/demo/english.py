"""What customers write in English: templates with slots, each topic in three moods."""

from __future__ import annotations

SLOTS = {
    "{feature}": (
        "the dashboard",
        "the weekly report",
        "the forecast view",
        "the export",
        "the calendar",
        "the team board",
        "the mobile view",
        "the planning sheet",
    ),
    "{meeting}": ("Monday meeting", "budget round", "weekly call", "board meeting", "stand-up"),
    "{source}": (
        "our spreadsheets",
        "the old system",
        "two years of orders",
        "our contacts",
        "the accounts",
        "last year's figures",
    ),
    "{time}": ("ten minutes", "a few minutes", "half an hour", "one coffee", "an afternoon"),
    "{who}": (
        "my colleagues",
        "the sales people",
        "our accountants",
        "our managers",
        "the two of us",
        "most of us",
        "the others here",
    ),
    "{days}": ("two days", "three days", "four days", "since Friday", "the whole weekend", "half a week"),
    "{lead}": ("", "", "", "Honestly, ", "To be fair, ", "So far: ", "All in all, "),
}

# Topic, then good, middling, bad.
TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "general": (
        (
            "{lead}{feature} saves {who} a lot of time",
            "we open {feature} every morning",
            "{lead}it simply works, {who} like it",
            "clear, quick, and {feature} is lovely",
            "{feature} made our {meeting} shorter",
            "{lead}{who} found {feature} without any training",
            "using {feature} before every {meeting}",
            "{lead}fewer mails about {source} since we have it",
            "{feature} and {source} finally in one place",
            "happy with it, {feature} most of all",
            "{lead}the new look of {feature} is a joy",
        ),
        (
            "{lead}it is fine, {feature} could be quicker",
            "does what it says",
            "{who} still need to get used to {feature}",
            "okay so far, nothing special about {feature}",
            "{lead}some of {who} use it, some don't",
            "can {feature} be sent before the {meeting}?",
            "good enough for the {meeting}",
            "waiting for {feature} to learn our language",
        ),
        (
            "{feature} is slow and {who} avoid it",
            "{lead}I keep looking for {feature}",
            "too many clicks before {feature} opens",
            "{who} went back to spreadsheets because of {feature}",
            "{lead}{feature} was empty in the {meeting}, embarrassing",
            "logged out again in the middle of {feature}",
            "{source} and {feature} do not agree",
            "{lead}loading {feature} takes {time}",
        ),
    ),
    "awareness": (
        (
            "exactly the problem {who} have",
            "{lead}good article, answered my question in {time}",
            "everyone at the meetup had it",
            "finally somebody explains {feature} in plain words",
        ),
        ("interesting, but I am not sure it is for {who}", "{lead}would like to see an example with {source}"),
        (
            "another advert that promises everything",
            "{lead}I could not find out what it does",
            "the page is all slogans, nothing on {feature}",
        ),
    ),
    "price": (
        (
            "fair price for what {who} need",
            "{lead}the plans are easy to compare",
            "good to see the price without a call",
        ),
        ("which plan includes {feature}?", "{lead}comparing with two others, {who} decide next week"),
        (
            "why is there no price for {feature}?",
            "{lead}too expensive for {who}",
            "I still don't know what {feature} costs extra",
            "the small plan leaves out {feature}, that is the point of it",
        ),
    ),
    "demo": (
        (
            "they showed it with {source}, very convincing",
            "{lead}the demo answered every question of {who}",
            "good talk, straight to {feature}",
        ),
        ("{lead}useful, a bit long", "we need to show it to {who} first"),
        ("the demo was mostly slides", "{lead}nobody could say whether {feature} works with {source}"),
    ),
    "sign-up": (
        ("signed up in {time}", "{lead}short form, nice", "paid and started in {time}"),
        ("why do you ask for so much?", "{lead}fine, though I typed my address twice"),
        (
            "{lead}the form forgot everything when I changed to my laptop",
            "had to start over after {time}",
            "too many fields before I even see {feature}",
        ),
    ),
    "checkout spins": (
        ("went through in the end",),
        ("{lead}it worked at the third try", "the button hung for {time}, then it was all right"),
        (
            "it just spins after I press pay",
            "{lead}it just spins after I press pay",
            "{lead}the pay button spins for ever on my phone",
            "pressed pay five times, nothing but a spinner",
            "card page hangs on my phone, I gave up after {time}",
            "it spins and spins, did I pay or not?",
            "{lead}the wheel turns after I press pay and nothing comes",
        ),
    ),
    "card refused": (
        ("the second card was taken",),
        ("{lead}had to try another card",),
        (
            "my card was refused although it works everywhere else",
            "{lead}card declined, no reason given",
            "refused three times, my bank says it is not them",
            "your shop does not take my card",
        ),
    ),
    "onboarding": (
        ("{lead}friendly start, {who} were ready in {time}", "the checklist is a good idea"),
        ("{lead}the checklist is long", "some steps are not for {who}"),
        (
            "{lead}I did not know where to begin",
            "setting up took {time} and then some",
            "the steps never said how to bring in {source}",
        ),
    ),
    "import": (
        (
            "my data was there in two minutes",
            "{lead}imported {source} in {time}, wonderful",
            "I was afraid of moving {source} and it took {time}",
            "it found every column by itself, {who} cheered",
            "best import I have ever seen",
        ),
        ("{lead}imported {source}, had to fix two columns",),
        ("the import stopped halfway through {source}",),
    ),
    "ticket": (
        ("thanks in advance", "just a question about {feature}"),
        (
            "how do I share {feature} with {who}?",
            "where can I change the invoice address?",
            "can {feature} show {source}?",
            "how do we add a colleague?",
        ),
        (
            "{feature} does not load since this morning",
            "we cannot find {source} after the update",
            "{who} are locked out, please help",
            "{feature} shows wrong totals",
        ),
    ),
    "quick answer": (
        (
            "answered within the hour, thank you",
            "{lead}quick and friendly, solved at once",
            "support understood {who} immediately",
            "problem with {feature} solved before lunch",
        ),
        ("{lead}quick, but only half an answer", "got a link to the help page"),
        ("they answered quickly, {feature} is still broken",),
    ),
    "slow answer": (
        ("late, but it helped",),
        ("{lead}good answer, but it took {days}",),
        (
            "asked on Friday, heard on Monday",
            "waited {days} for one sentence",
            "{lead}{days} without a word while {feature} was down",
            "no answer for {days}, {who} lost patience",
            "by the time they wrote, we had worked around it ourselves",
        ),
    ),
    "renewal": (
        ("{who} would not want to miss it", "{lead}renewed without thinking twice", "worth it for {feature} alone"),
        ("renewed for now", "{lead}let us see whether {who} use it more next quarter"),
        ("{lead}we pay for more than {who} use", "not sure we will stay another quarter"),
    ),
    "refund": (
        ("the refund came quickly",),
        ("{lead}it was not for {who}",),
        (
            "I was charged although I had stopped using it",
            "{lead}{feature} never worked for {who}, money back please",
            "paid for a quarter, used {time}",
        ),
    ),
    "upgrade": (
        ("{who} grew, so did the plan", "{lead}the bigger plan pays for itself with {feature}", "upgraded in {time}"),
        ("{lead}which plan is right for {who}?",),
        ("{feature} should not cost extra",),
    ),
    "advocacy": (
        (
            "I tell everybody",
            "{lead}told three friends about {feature}",
            "best tool {who} have used for years",
            "switched from spreadsheets, never looked back",
            "the community alone is worth it",
        ),
        ("{lead}solid tool with a few rough edges in {feature}",),
        ("{lead}good idea, but {feature} needs work",),
    ),
    "community": (
        (
            "somebody answered my question in {time}",
            "{lead}great tips on {feature} here",
            "kind people, {who} learned a lot",
            "I found a template for {feature} in the forum",
        ),
        ("{lead}anyone tried {feature} with {source}?", "following this thread"),
        ("old thread, nothing on {feature}",),
    ),
}
