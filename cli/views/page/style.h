/* style.h - the style sheet of pages, which stands in the page itself. */
#ifndef CLI_VIEWS_PAGE_STYLE_H
#define CLI_VIEWS_PAGE_STYLE_H

#include <stdio.h>

/*
 * Writes the sheet. An element of class "c-NAME" has the colour of that name in
 * sim/vocabulary/palette.h; class "s" makes it a line, "f" an area or a dot,
 * "b" the box of a legend.
 */
void html_style_write(FILE *file);

#endif /* CLI_VIEWS_PAGE_STYLE_H */
