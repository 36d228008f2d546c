"""Share: who may see what."""

from __future__ import annotations

import streamlit as st

from journey.language import _
from journey.ui import cache, sharing, sharing_list, sharing_words, shell

with shell.guarded():
    links = cache.links().all()
    shell.headline(*sharing_words.headline(links))
    # What is shared can be withdrawn whatever dataset the address names, and whether there is one or not.
    making = st.container()
    sharing_list.draw(links)
    with making, shell.page("share") as view:
        sharing.make(view)
        shell.counted(
            _(
                "A link shows figures of groups, worked out when it is made; it holds no ids and no rows of customers. "
                "Groups under the smallest size are left out, and so are figures with which they could be worked out. "
                "Counts are moved by up to 2, always alike for the same customers and the same count; shares, ranges "
                "and sentences are made from the moved counts. *Opened* counts browsers that drew the page, not "
                "programs that look what is behind an address. A link can be withdrawn; what somebody saved from it, a "
                "picture or a print, can't. `docs/share-safely.md` says what this protects against, and what not."
            )
        )
