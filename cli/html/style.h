/* style.h - how pages look: one sheet, in the page itself. */
#ifndef CLI_HTML_STYLE_H
#define CLI_HTML_STYLE_H

extern const char html_style[];

#endif /* CLI_HTML_STYLE_H */
