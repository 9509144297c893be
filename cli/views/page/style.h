/* style.h - how pages look: one sheet, in the page itself. */
#ifndef CLI_VIEWS_PAGE_STYLE_H
#define CLI_VIEWS_PAGE_STYLE_H

#include <stdio.h>

/*
 * Writes the sheet. What class "c-NAME" is on has the colour of that name in
 * sim/vocabulary/palette.h; with class "s" it is a line, with "f" an area or a
 * dot, with "b" a legend's box.
 */
void html_style_write(FILE *file);

#endif /* CLI_VIEWS_PAGE_STYLE_H */
