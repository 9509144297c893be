/* csv.c - see csv.h. */
#include "cli/csv.h"

#include <string.h>

void csv_put_quoted(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', file);
        }
        fputc(*text, file);
    }
    fputc('"', file);
}

void csv_put(FILE *file, const char *text)
{
    if (strpbrk(text, "\",\r\n")) {
        csv_put_quoted(file, text);
    } else {
        fputs(text, file);
    }
}
