"""Texts that are out to be run, drawn or fetched, wherever they are shown."""

from __future__ import annotations

#: What a text that was run would leave behind, and where one that was fetched would come from.
RUN = "window.__ran=1"
FOREIGN = "http://127.0.0.1:9/p"

PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT>",
    f"<script src={FOREIGN}></script>",
    f"<img src={FOREIGN} onerror={RUN}>",
    f"<img src=x onerror={RUN}//",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><image href={FOREIGN} /></svg>",
    f"<svg><use href='{FOREIGN}#x' /></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"<object data={FOREIGN}></object>",
    f"<embed src={FOREIGN}>",
    f"<link rel=stylesheet href={FOREIGN}>",
    f"<link rel=prefetch href={FOREIGN}>",
    f"<style>@import '{FOREIGN}';</style>",
    f"<style>body{{background:url({FOREIGN})}}</style>",
    f"<p style=background:url({FOREIGN})>x</p>",
    f'<meta http-equiv=refresh content="0;url={FOREIGN}">',
    f"<base href={FOREIGN}>",
    f"<form action={FOREIGN}><button autofocus onfocus={RUN}>x</button></form>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}><option>x</select>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video src={FOREIGN} onerror={RUN}></video>",
    f"<audio src={FOREIGN} onerror={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>",
    f'<math><mi xlink:href="javascript:{RUN}">x</mi></math>',
    f'<a href="javascript:{RUN}">x</a>',
    f'<a href="{FOREIGN}" ping="{FOREIGN}">x</a>',
    f"<noscript><p title='</noscript><img src={FOREIGN} onerror={RUN}>'>",
    f"</title><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</template><img src={FOREIGN} onerror={RUN}>",
    f"</textarea><img src={FOREIGN} onerror={RUN}>",
    f"</option></select><img src={FOREIGN} onerror={RUN}>",
    f"--><script>{RUN}</script><!--",
    "<!--<script>",
    f"]]><script>{RUN}</script>",
    f'" onmouseover="{RUN}" x="',
    f"' onfocus='{RUN}' autofocus='",
    f'"><img src={FOREIGN} onerror={RUN}>',
    f"'><script>{RUN}</script>",
    f"`${{{RUN}}}`",
    f"{{{{{RUN}}}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"<%= {RUN} %>",
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    '"}],"x":[{"',
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f'\\";{RUN};//',
    f"';{RUN};//",
    f"\u2028{RUN}\u2029//",
    f"![i]({FOREIGN})",
    f"[x](javascript:{RUN})",
    ":red[x] :material/home: :streamlit:",
    f"$\\href{{javascript:{RUN}}}{{x}}$ $\\includegraphics{{{FOREIGN}}}$",
    "%{customdata} %{y:<b>x</b>} <br>",
    f"%{{x}}<a href='javascript:{RUN}'>x</a>",
    f'=HYPERLINK("{FOREIGN}","x")',
    f"&lt;img src={FOREIGN} onerror={RUN}&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"<scr\u200bipt>{RUN}</scr\u200bipt>",
    f"<svg></p><style><a id='</style><img src={FOREIGN} onerror={RUN}>'>",
    "<form id=kept><input name=textContent><a id=view>",
    "__proto__",
    "constructor",
    "{cut} {view} {n} {name}",
)

#: Signs that a text was taken for markup: handlers, frames, and addresses that nobody of ours wrote.
SIGNS = """() => [...document.querySelectorAll("*")].filter(element =>
  [...element.attributes].some(attribute =>
    /^on/i.test(attribute.name)
    || (/^(src|href|xlink:href|action|formaction|data)$/i.test(attribute.name)
        && /^\\s*javascript:/i.test(attribute.value))
    || (/^(src|srcset|data|action|ping|style|background|poster|xlink:href)$/i.test(attribute.name)
        && attribute.value.includes("127.0.0.1:9"))
    || (attribute.name === "href" && element.tagName !== "A" && attribute.value.includes("127.0.0.1:9")))
  || /^(IFRAME|OBJECT|EMBED|BASE|MARQUEE)$/.test(element.tagName)
  || (element.tagName === "META" && element.httpEquiv === "refresh"))
  .map(element => element.outerHTML.slice(0, 160))"""
