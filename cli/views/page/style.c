/* style.c - the style sheet for light, dark and paper, with colours by name. */
#include "cli/views/page/style.h"

#include "sim/vocabulary/palette.h"

static const char rules[] =
    "@media print{figure,table{break-inside:avoid}}\n"
    "body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem;"
    "background:var(--ground);color:var(--text);"
    "font:15px/1.45 system-ui,'DejaVu Sans',sans-serif}\n"
    "h1{font-size:1.5rem;margin:0 0 .2rem}\n"
    "h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid "
    "var(--rule);padding-bottom:.2rem}\n"
    "p{margin:.3rem 0}.soft,.none{color:var(--dim)}\n"
    "code,pre{font:13px/1.4 ui-monospace,'DejaVu Sans Mono',monospace}\n"
    "pre{overflow:auto}code{overflow-wrap:anywhere}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,"
    "minmax(8.5rem,1fr));gap:.6rem;margin:1.2rem 0}\n"
    ".tile{border:1px solid var(--rule);border-radius:6px;padding:.5rem .7rem}"
    "\n.tile b{display:block;font-size:1.25rem;font-variant-numeric:"
    "tabular-nums;white-space:nowrap}\n"
    ".tile span{color:var(--dim);font-size:.82rem}\n"
    "figure{margin:1.4rem 0 0}figcaption{font-weight:600}\n"
    "svg{width:100%;height:auto;display:block}\n"
    "svg text{fill:var(--text);font-size:12px;"
    "font-variant-numeric:tabular-nums}\n"
    "svg text.name,svg text.phase{fill:var(--dim)}\n"
    ".grid{stroke:var(--rule);stroke-width:.7;stroke-opacity:.8}\n"
    ".axis{stroke:var(--dim);stroke-width:1}\n"
    "line.phase{stroke:var(--dim);stroke-width:.8;stroke-dasharray:3 3}\n"
    ".window{fill:var(--panel)}\n"
    ".legend{font-size:.85rem;color:var(--text)}\n"
    ".legend span{margin-right:.9rem;white-space:nowrap}\n"
    ".legend i{display:inline-block;width:.8em;height:.8em;margin-right:.35em;"
    "border-radius:2px;vertical-align:-.05em}\n"
    "table{border-collapse:collapse;margin:.5rem 1.5rem .8rem 0;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.16rem .7rem .16rem 0;text-align:right;vertical-align:top;"
    "border-bottom:1px solid var(--rule)}\n"
    "th{font-weight:600}th:first-child,td:first-child{text-align:left}\n"
    "td{white-space:nowrap}td.bar{width:7rem}td.bar "
    "div{min-width:4rem;display:flex;height:.85em;margin-top:.3em}\n"
    "td.bar i{display:block}\n"
    ".wide{overflow-x:auto}.wide table{margin-right:0}\n"
    ".wide th,.wide td{padding-right:.55rem;font-size:.85rem}"
    ".wide tr>:last-child{padding-right:0}\n"
    ".columns{columns:2 22rem;column-gap:2.5rem}"
    "section{break-inside:avoid}h3{font-size:1rem;margin:.8rem 0 .2rem}\n"
    "section table{width:100%}"
    ".columns th,.columns td{padding-right:.4rem;font-size:.85rem}\n"
    "details{margin:.6rem 0}summary{cursor:pointer}\n"
    ".s{stroke:var(--c);fill:none;stroke-width:1.6}\n"
    ".f{fill:var(--c)}\n"
    ".b{background:var(--c)}\n";

static void write_colours(FILE *file, const char *before,
                          enum palette_ground ground, const char *after)
{
    fprintf(file, "%s:root{", before);
    for (int i = 0; i < PALETTE_COLOR_COUNT; i++) {
        enum palette_color color = (enum palette_color)i;
        fprintf(file, "--%s:#%06x;", palette_name(color),
                palette_rgb(color, ground));
    }
    fprintf(file, "}%s\n", after);
}

void html_style_write(FILE *file)
{
    fputs(":root{color-scheme:light dark}\n", file);
    write_colours(file, "", PALETTE_ON_LIGHT, "");
    write_colours(file, "@media (prefers-color-scheme:dark){", PALETTE_ON_DARK,
                  "}");
    write_colours(file, "@media print{", PALETTE_ON_LIGHT, "}");
    for (int i = 0; i < PALETTE_COLOR_COUNT; i++) {
        const char *name = palette_name((enum palette_color)i);
        fprintf(file, ".c-%s{--c:var(--%s)}\n", name, name);
    }
    fputs(rules, file);
}
