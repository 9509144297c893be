/*
 * csv.h - any text as a field of a table in CSV (RFC 4180). What a text may not
 * do to a terminal (sim/vocabulary/text.h) is shown as `?`; one that a spreadsheet would
 * take for a formula begins with an apostrophe.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include <stdio.h>

/* Writes the text in quotation marks, and doubles those within it. */
void csv_put_quoted(FILE *file, const char *text);

/* Writes the text in quotation marks only where CSV asks for them. */
void csv_put(FILE *file, const char *text);

#endif /* CLI_CSV_H */
