/* style.h - how pages look: one sheet, in the page itself. */
#ifndef CLI_VIEWS_PAGE_STYLE_H
#define CLI_VIEWS_PAGE_STYLE_H

extern const char html_style[];

#endif /* CLI_VIEWS_PAGE_STYLE_H */
