/* reference.c - see reference.h. */
#include "cli/reference.h"

#include <string.h>

static const struct {
    const char *hash;
    const char *name;
} rows[] = {
#include "cli/reference_rows.h" /* The build makes it of reference.txt. */
};

bool reference_has(const char *hash, const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].hash, hash) == 0 &&
            (!name || strcmp(rows[i].name, name) == 0)) {
            return true;
        }
    }
    return false;
}
