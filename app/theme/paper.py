"""How a chat looks outside the window: as a page for a browser, and on paper."""

from typing import Final

_SYNTAX: Final = """
.keyword { color: #8839ef; }
.string { color: #3a7d1e; }
.number { color: #c4511a; }
.comment { color: #7d8596; }
.function { color: #1e66f5; }
.class { color: #a06a00; }
.operator { color: #04708f; }
.decorator { color: #a06a00; }
.inserted { color: #3a7d1e; }
.deleted { color: #d64545; }
"""
_BROWSER: Final = """
:root { color-scheme: light dark; --text: #1b1f27; --dim: #5b6372; --back: #ffffff;
  --card: #eef1f8; --code: #f7f8fa; --line: #e3e6ec; --accent: #3b63f3; --error: #d64545; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8ee; --dim: #a2a8b6; --back: #16181d;
  --card: #2a3040; --code: #0f1115; --line: #2c303a; --accent: #6c8cff; --error: #ff6b6b; }
  pre span { filter: brightness(1.6); } }
body { margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.65 Inter, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 40px 20px 80px; overflow-wrap: anywhere; }
h1.title { margin: 0; font-size: 26px; line-height: 1.3; }
p.about { margin: 4px 0 32px; color: var(--dim); font-size: 13px; }
section { margin: 0 0 28px; }
section.user, section.system { background: var(--card); border-radius: 12px; padding: 12px 18px; }
.who { margin: 0 0 4px; color: var(--dim); font-size: 13px; font-weight: 600; }
.cost, .thought { color: var(--dim); font-size: 13px; }
.thought { border-left: 3px solid var(--line); padding-left: 14px; }
.failure { color: var(--error); }
pre, code { font-family: "JetBrains Mono", Consolas, "Noto Sans Mono", monospace;
  font-size: 0.87em; background: var(--code); border-radius: 6px; }
code { padding: 2px 4px; } pre code { padding: 0; }
pre { padding: 12px 16px; border: 1px solid var(--line); overflow-x: auto; line-height: 1.5;
  white-space: pre; overflow-wrap: normal; }
blockquote { margin: 0; padding-left: 16px; border-left: 3px solid var(--line); }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: 5px 12px; }
th { background: var(--code); } img { max-width: 100%; border-radius: 8px; }
hr { border: none; border-top: 1px solid var(--line); } a { color: var(--accent); }
li.checked, li.unchecked { list-style: none; }
li.checked::before { content: "\\2611\\a0"; } li.unchecked::before { content: "\\2610\\a0"; }
"""
_PRINTED: Final = """
h1 { font-size: 22pt; } p.about { color: #5b6372; font-size: 9pt; }
p.who { color: #5b6372; font-size: 9pt; font-weight: 600; margin-top: 18px; }
div.thought { color: #5b6372; font-size: 9pt; } p.cost { color: #5b6372; font-size: 9pt; }
p.failure { color: #d64545; } a { color: #3b63f3; }
pre { background-color: #f3f4f7; white-space: pre-wrap; } code { background-color: #f3f4f7; }
table { border-collapse: collapse; border-color: #d4d8e0; border-width: 1px; border-style: solid; }
th { background-color: #eef0f4; padding: 5px; } td { padding: 5px; }
"""
PAGE: Final = _BROWSER + _SYNTAX
PRINT: Final = _PRINTED + _SYNTAX
INK: Final = "#1b1f27"
FAINT: Final = "#7d8596"
