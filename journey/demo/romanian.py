"""What customers write in Romanian: templates with slots, each topic in three moods."""

from __future__ import annotations

SLOTS = {
    "{feature}": ("raportul săptămânal", "panoul principal", "exportul", "calendarul"),
    "{source}": ("tabelele noastre", "datele vechi", "comenzile de anul trecut", "contactele"),
    "{time}": ("zece minute", "câteva minute", "o jumătate de oră"),
    "{who}": ("colegii mei", "cei din echipă", "șefii noștri"),
    "{days}": ("două zile", "trei zile", "tot weekendul", "patru zile"),
    "{lead}": ("", "", "Sincer, ", "Până acum, "),
}

# Topic, then good, middling, bad.
TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "general": (
        (
            "{lead}{feature} ne economisește mult timp",
            "merge foarte bine, {who} sunt mulțumiți",
            "simplu și rapid, îmi place {feature}",
            "{lead}chiar util pentru noi",
        ),
        (
            "e în regulă, dar {feature} putea fi mai rapid",
            "{lead}încă ne obișnuim cu {feature}",
            "cum pot deschide {feature}?",
        ),
        ("{feature} merge greu", "{lead}nu găsesc {feature}", "prea complicat, {who} au renunțat"),
    ),
    "card refused": (
        ("a mers cu alt card",),
        ("{lead}a trebuit să încerc alt card",),
        (
            "cardul a fost refuzat, deși are bani pe el",
            "{lead}plata a fost refuzată de trei ori",
            "banca zice că totul e bine, dar cardul este respins",
            "nu pot plăti cu cardul meu din România",
            "cardul refuzat fără nicio explicație",
        ),
    ),
    "checkout spins": (
        ("până la urmă a mers",),
        ("{lead}a mers la a treia încercare",),
        ("se tot învârte după ce apăs pe plată", "{lead}pagina de plată se blochează pe telefon"),
    ),
    "import": (
        (
            "datele au apărut în două minute",
            "{lead}am adus {source} în {time}, minunat",
            "importul a găsit singur toate coloanele",
        ),
        ("am importat {source}, cu mici corecturi",),
        ("importul s-a oprit la jumătate",),
    ),
    "slow answer": (
        ("târziu, dar de folos",),
        ("{lead}răspuns bun, dar după {days}",),
        (
            "am așteptat {days} un răspuns",
            "{lead}{days} fără nicio veste de la asistență",
            "am întrebat vineri, au răspuns luni",
        ),
    ),
    "quick answer": (
        ("răspuns rapid, mulțumesc", "{lead}au rezolvat imediat problema cu {feature}"),
        ("rapid, dar incomplet",),
        ("au răspuns repede, dar {feature} tot nu merge",),
    ),
    "advocacy": (
        ("recomand tuturor", "{lead}cea mai bună unealtă pentru {who}"),
        ("bun, cu mici lipsuri la {feature}",),
        ("{feature} mai are de lucru",),
    ),
}
