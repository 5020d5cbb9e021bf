"""The page as HTML: one file that asks nobody for anything."""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.token import Token

_STYLE = """
:root{color-scheme:light dark;--ink:#1c1e21;--paper:#fff;--soft:#f3f4f6;--line:#d9dce1;
--link:#0b57d0}
@media(prefers-color-scheme:dark){:root{--ink:#e6e7ea;--paper:#16181c;--soft:#22252b;--line:#3a3e46;
--link:#8ab4f8}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,sans-serif}main{max-width:60rem;margin:0 auto;padding:2rem 1rem 6rem}
h1,h2,h3{line-height:1.25;scroll-margin-top:1rem}
h2{margin-top:3rem;border-bottom:1px solid var(--line)}
h3{margin-top:2rem;font-size:1.05rem}a{color:var(--link)}code,pre{font-family:ui-monospace,monospace;
font-size:.9em}code{background:var(--soft);padding:.1em .3em;border-radius:4px}
pre{background:var(--soft);padding:1rem;border-radius:8px;overflow:auto;margin:0}
pre code{padding:0;background:none}.table{overflow-x:auto}table{border-collapse:collapse;width:100%;
font-size:.93em;margin:1rem 0}td,th{border-bottom:1px solid var(--line);padding:.35rem .6rem;
text-align:left;vertical-align:top}.code{position:relative;margin:1rem 0}
.code button{position:absolute;
top:.5rem;right:.5rem;font:inherit;font-size:.8rem;padding:.2rem .6rem;border:1px solid var(--line);
border-radius:6px;background:var(--paper);color:var(--ink);cursor:pointer}
"""
_SCRIPT = """
for(const b of document.querySelectorAll('.code button'))b.addEventListener('click',()=>{
const t=b.parentElement.querySelector('code').textContent;
const said=()=>{b.textContent='Copied';setTimeout(()=>b.textContent='Copy',1500)};
if(navigator.clipboard)navigator.clipboard.writeText(t).then(said);
else{const r=document.createRange();r.selectNodeContents(b.parentElement.querySelector('code'));
const s=getSelection();s.removeAllRanges();s.addRange(r);document.execCommand('copy');said()}});
"""


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# Its own style and script alone, by their hashes; no page may show it within itself.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_digest(_STYLE)}';"
    f" script-src 'sha256-{_digest(_SCRIPT)}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def html_of(page: str) -> str:
    """That Markdown as a whole document. What looks like HTML in it stays text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(page)
    _name_headings(tokens)
    body = cast("str", reader.renderer.render(tokens, reader.options, {}))
    body = re.sub(r"<pre>(.*?)</pre>", _with_button, body, flags=re.DOTALL)
    body = body.replace("<table>", '<div class="table"><table>').replace(
        "</table>", "</table></div>"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape('Fullbore: the local port')}</title>"
        f"<style>{_STYLE}</style></head>\n<body><main>\n{body}</main>"
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def _with_button(block: re.Match[str]) -> str:
    return f'<div class="code">{block[0]}<button type="button">Copy</button></div>'


def _name_headings(tokens: Sequence[Token]) -> None:
    for heading, inside in pairwise(tokens):
        if heading.type == "heading_open":
            words = re.sub(r"[^\w\- ]", "", inside.content.lower())
            heading.attrSet("id", words.replace(" ", "-"))
