/* reference.c - see reference.h. */
#include "cli/run/reference.h"

#include <stdio.h>
#include <string.h>

#include "cli/run/session.h"

/* { name, hash } */
static const char *const rows[][2] = {
#include "reference_rows.h" /* The build makes it of reference.txt. */
};

void reference_hash(const struct image *image, char hex[FINGERPRINT_CHARS])
{
    snprintf(hex, FINGERPRINT_CHARS, "%016llx%016llx",
             (unsigned long long)image->hash[1],
             (unsigned long long)image->hash[0]);
}

const char *reference_name(const struct image *image)
{
    char hex[FINGERPRINT_CHARS];
    reference_hash(image, hex);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i][1], hex) == 0) {
            return rows[i][0];
        }
    }
    return NULL;
}

enum guests reference_judge(const struct session *s)
{
    for (uint32_t i = 0; i < s->image_count; i++) {
        if (!reference_name(&s->images[i])) {
            return GUESTS_OTHER;
        }
    }
    return GUESTS_REFERENCE;
}
