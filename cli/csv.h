/* csv.h - any text as a field of a table in CSV (RFC 4180). */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include <stdio.h>

/* In quotation marks, those within it doubled. */
void csv_put_quoted(FILE *file, const char *text);

/* So only where it must be. */
void csv_put(FILE *file, const char *text);

#endif /* CLI_CSV_H */
