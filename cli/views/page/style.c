/*
 * style.c - the style sheet: light, dark and on paper. The series' colours are
 * Okabe and Ito's, of which yellow gives way to grey: it is not seen on white.
 * Classes: sN a line, fN an area or a dot, bN a legend's box.
 */
#include "cli/views/page/style.h"

#define SERIES(n, colour)                                      \
    ".s" #n "{stroke:" colour ";fill:none;stroke-width:1.6}\n" \
    ".f" #n "{fill:" colour "}\n"                              \
    ".b" #n "{background:" colour "}\n"

const char html_style[] =
    ":root{color-scheme:light dark;--paper:#fff;--text:#1a1a1a;--soft:#5c5c5c;"
    "--rule:#d9d9d9;--window:#f1f5f9}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#16181b;--text:#e8e8e8;"
    "--soft:#a3a3a3;--rule:#3a3d42;--window:#20262c}}\n"
    "@media print{:root{--paper:#fff;--text:#000;--soft:#444;--rule:#ccc;"
    "--window:#f1f5f9}figure,table{break-inside:avoid}}\n"
    "body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem;"
    "background:var(--paper);color:var(--text);"
    "font:15px/1.45 system-ui,'DejaVu Sans',sans-serif}\n"
    "h1{font-size:1.5rem;margin:0 0 .2rem}\n"
    "h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid "
    "var(--rule);padding-bottom:.2rem}\n"
    "p{margin:.3rem 0}.soft,.none{color:var(--soft)}\n"
    "code,pre{font:13px/1.4 ui-monospace,'DejaVu Sans Mono',monospace}\n"
    "pre{overflow:auto}code{overflow-wrap:anywhere}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,"
    "minmax(8.5rem,1fr));gap:.6rem;margin:1.2rem 0}\n"
    ".tile{border:1px solid var(--rule);border-radius:6px;padding:.5rem .7rem}"
    "\n.tile b{display:block;font-size:1.25rem;font-variant-numeric:"
    "tabular-nums;white-space:nowrap}\n"
    ".tile span{color:var(--soft);font-size:.82rem}\n"
    "figure{margin:1.4rem 0 0}figcaption{font-weight:600}\n"
    "svg{width:100%;height:auto;display:block}\n"
    "svg text{fill:var(--text);font-size:12px;"
    "font-variant-numeric:tabular-nums}\n"
    "svg text.name,svg text.phase{fill:var(--soft)}\n"
    ".grid{stroke:var(--rule);stroke-width:.7;stroke-opacity:.8}\n"
    ".axis{stroke:var(--soft);stroke-width:1}\n"
    "line.phase{stroke:var(--soft);stroke-width:.8;stroke-dasharray:3 3}\n"
    ".window{fill:var(--window)}\n"
    ".legend{font-size:.85rem;color:var(--text)}\n"
    ".legend span{margin-right:.9rem;white-space:nowrap}\n"
    ".legend i{display:inline-block;width:.8em;height:.8em;margin-right:.35em;"
    "border-radius:2px;vertical-align:-.05em}\n"
    "table{border-collapse:collapse;margin:.5rem 1.5rem .8rem 0;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.16rem .7rem .16rem 0;text-align:right;vertical-align:top;"
    "border-bottom:1px solid var(--rule)}\n"
    "th{font-weight:600}th:first-child,td:first-child{text-align:left}\n"
    "td{white-space:nowrap}td.bar{width:8rem}td.bar "
    "div{min-width:6rem;display:flex;height:.85em;margin-top:.3em}\n"
    "td.bar i{display:block}\n"
    ".wide{overflow-x:auto}\n"
    ".columns{columns:2 22rem;column-gap:2.5rem}"
    "section{break-inside:avoid}h3{font-size:1rem;margin:.8rem 0 .2rem}\n"
    "section table{width:100%}"
    ".columns th,.columns td{padding-right:.4rem;font-size:.85rem}\n"
    "details{margin:.6rem 0}summary{cursor:pointer}\n" SERIES(0, "#0072b2")
        SERIES(1, "#e69f00") SERIES(2, "#009e73") SERIES(3, "#d55e00")
            SERIES(4, "#cc79a7") SERIES(5, "#56b4e9") SERIES(6, "#8c8c8c")
                SERIES(7, "#c9c9c9") "@media (prefers-color-scheme:dark){"
                                     ".f7,.b7{fill:#4a4d52;background:#4a4d52}"
                                     ".s0{stroke:#3d9bd6}.f0,.b0{fill:#1f7fbf;"
                                     "background:#1f7fbf}}\n";
