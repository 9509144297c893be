/*
 * text.h - writes text into a page, so that no text of a scenario becomes
 * markup.
 *
 * The text is both HTML and XML, so that any XML reader can check whether a
 * page is well formed.
 */
#ifndef CLI_VIEWS_PAGE_TEXT_H
#define CLI_VIEWS_PAGE_TEXT_H

#include <stdio.h>

#include "sim/quantity.h"

/* Writes text escaped, for elements and attributes in double quotes. Bytes that
   are no character of XML, or not UTF-8, become U+FFFD. */
void html_put(FILE *file, const char *text);

/* Returns the value with as many digits as distinguish it from value + step. */
struct quantity html_number(double value, double step);

#endif /* CLI_VIEWS_PAGE_TEXT_H */
