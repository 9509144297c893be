/*
 * text.h - text in a page: nothing that a scenario says becomes markup.
 *
 * What is written here is both HTML and XML, so that any XML reader can say
 * whether a page is well formed.
 */
#ifndef CLI_VIEWS_PAGE_TEXT_H
#define CLI_VIEWS_PAGE_TEXT_H

#include <stdio.h>

#include "sim/base.h"

#define HTML_TEXT_BYTES 48

/* Room for one quantity; several are written in one call. */
struct html_text {
    char chars[HTML_TEXT_BYTES];
};

/* Escaped, for elements and attributes in double quotes. What is no character
   of XML, or not UTF-8, becomes U+FFFD. */
void html_put(FILE *file, const char *text);

/* 1234567 as 1,234,567. */
struct html_text html_count(uint64_t value);

/* Three digits: "1.23 ms". */
struct html_text html_time(double ns);
struct html_text html_bytes(double bytes);

/* As many digits as tell it apart from its neighbour `step` away. */
struct html_text html_number(double value, double step);

#endif /* CLI_VIEWS_PAGE_TEXT_H */
