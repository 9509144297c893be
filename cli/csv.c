/* csv.c - see csv.h. */
#include "cli/csv.h"

#include <string.h>

#include "sim/vocabulary/text.h"

/* A text that begins so is a formula for a spreadsheet, which may run it. */
#define FORMULA "=+-@"

void csv_put_quoted(FILE *file, const char *text)
{
    fputc('"', file);
    if (*text != '\0' && strchr(FORMULA, *text)) {
        fputc('\'', file);
    }
    while (*text != '\0') {
        size_t count = text_plain_bytes(text);
        if (*text == '"') {
            fputc('"', file);
        }
        fwrite(count > 0 ? text : "?", 1, count > 0 ? count : 1, file);
        text += count > 0 ? count : 1;
    }
    fputc('"', file);
}

void csv_put(FILE *file, const char *text)
{
    if (strpbrk(text, "\",") || !text_is_plain(text) ||
        (*text != '\0' && strchr(FORMULA, *text))) {
        csv_put_quoted(file, text);
    } else {
        fputs(text, file);
    }
}
