/*
 * text.h - text in a page: nothing that a scenario says becomes markup.
 *
 * What is written here is both HTML and XML, so that any XML reader can say
 * whether a page is well formed.
 */
#ifndef CLI_VIEWS_PAGE_TEXT_H
#define CLI_VIEWS_PAGE_TEXT_H

#include <stdio.h>

#include "sim/quantity.h"

/* Escaped, for elements and attributes in double quotes. What is no character
   of XML, or not UTF-8, becomes U+FFFD. */
void html_put(FILE *file, const char *text);

/* As many digits as tell it apart from its neighbour `step` away. */
struct quantity html_number(double value, double step);

#endif /* CLI_VIEWS_PAGE_TEXT_H */
