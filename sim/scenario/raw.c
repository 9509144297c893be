/*
 * raw.c - libcyaml at work, and its complaints in one sentence.
 *
 * libcyaml reports an error as several lines of log: what, then where, from the
 * inside out. They are caught, the path is put together from them, and the line
 * is looked up by the path like that of any other complaint.
 */
#include "sim/scenario/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/vocabulary/nearest.h"

#include "sim/banned.h"

/* What libcyaml logged about one error. */
struct complaint {
    char what[160];
    char path[KEY_PATH_BYTES];
};

static void prepend(char path[KEY_PATH_BYTES], const char *step)
{
    char longer[KEY_PATH_BYTES];
    const char *dot = path[0] && path[0] != '[' ? "." : "";
    int length = snprintf(longer, sizeof(longer), "%s%s%s", step, dot, path);
    if (length > 0 && length < KEY_PATH_BYTES) {
        memcpy(path, longer, (size_t)length + 1);
    }
}

/* The word in '...' after the prefix; false when the line is another. */
static bool read_quoted(const char *line, const char *prefix, char word[64])
{
    size_t length = strlen(prefix);
    if (strncmp(line, prefix, length) != 0) {
        return false;
    }
    return sscanf(line + length, "'%63[^']'", word) == 1;
}

__attribute__((format(printf, 3, 0))) static void
catch_log(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    (void)level;
    struct complaint *c = ctx;
    char line[160];
    char word[64];
    vsnprintf(line, sizeof(line), format, args);
    line[strcspn(line, "\n")] = '\0';
    if (read_quoted(line, "  in mapping field ", word)) {
        prepend(c->path, word);
    } else if (read_quoted(line, "  in sequence entry ", word)) {
        /* Counted from 1. */
        char step[32];
        snprintf(step, sizeof(step), "[%lu]", strtoul(word, NULL, 10) - 1);
        prepend(c->path, step);
    } else if (!c->what[0] && strncmp(line, "Load: ", 6) == 0 &&
               strcmp(line, "Load: Backtrace:") != 0) {
        memcpy(c->what, line + 6, strlen(line + 6) + 1);
    }
}

static cyaml_config_t make_config(struct complaint *complaint)
{
    return (cyaml_config_t){ .log_fn = complaint ? catch_log : NULL,
                             .log_ctx = complaint,
                             .mem_fn = cyaml_mem,
                             .log_level = CYAML_LOG_ERROR,
                             .flags =
                                 CYAML_CFG_NO_ALIAS | CYAML_CFG_STYLE_BLOCK };
}

void *raw_alloc(size_t size)
{
    void *p = cyaml_mem(NULL, NULL, size);
    SIM_ASSERT(p);
    return memset(p, 0, size);
}

const cyaml_schema_field_t *raw_find_field(const cyaml_schema_field_t *fields,
                                           const char *name, size_t length)
{
    for (const cyaml_schema_field_t *f = fields; f->key; f++) {
        if (strlen(f->key) == length && memcmp(f->key, name, length) == 0) {
            return f;
        }
    }
    return NULL;
}

void raw_describe_unknown(const cyaml_schema_field_t *fields, const char *name,
                          char text[UNKNOWN_BYTES])
{
    SIM_ASSERT(fields);
    struct nearest nearest = { .wrong = name };
    char known[UNKNOWN_BYTES - 80] = "";
    size_t used = 0;
    for (const cyaml_schema_field_t *f = fields; f->key; f++) {
        nearest_try(&nearest, f->key);
        int n = snprintf(known + used, sizeof(known) - used, "%s%s",
                         used ? ", " : "", f->key);
        used += n > 0 && (size_t)n < sizeof(known) - used ? (size_t)n : 0;
    }
    snprintf(text, UNKNOWN_BYTES, "unknown key%s%s (known here: %s)",
             nearest.best ? ", perhaps " : "", nearest.best ? nearest.best : "",
             known);
}

/* The keys of the mapping at a path, or NULL. */
static const cyaml_schema_field_t *
find_fields(const cyaml_schema_value_t *schema, const char *path)
{
    const cyaml_schema_value_t *value = schema;
    while (*path) {
        if (*path == '[') {
            value =
                value->type == CYAML_SEQUENCE ? value->sequence.entry : NULL;
            path += source_item_bytes(path);
        } else {
            size_t length = strcspn(path, ".[");
            const cyaml_schema_field_t *f =
                value->type == CYAML_MAPPING
                    ? raw_find_field(value->mapping.fields, path, length)
                    : NULL;
            value = f ? &f->value : NULL;
            path += length;
        }
        if (!value) {
            return NULL;
        }
        path += *path == '.';
    }
    return value->type == CYAML_MAPPING ? value->mapping.fields : NULL;
}

/* What libcyaml calls its types and events, for people. */
static const char *shape_name(const char *word)
{
    static const struct {
        const char *start;
        const char *name;
    } shapes[] = {
        { "MAPPING", "a mapping of keys" },
        { "SEQUENCE", "a list" },
        { "STRING", "a single value" },
        { "SCALAR", "a single value" },
    };
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        if (strncmp(word, shapes[i].start, strlen(shapes[i].start)) == 0) {
            return shapes[i].name;
        }
    }
    return "something else";
}

static void complain(const struct scenario_source *source,
                     const cyaml_schema_value_t *schema, cyaml_err_t err,
                     struct complaint *c, char message[SCENARIO_MESSAGE_BYTES])
{
    char key[160];
    char wanted[32];
    char got[32];
    if (sscanf(c->what, "Unexpected key: %159[^\n]", key) == 1) {
        char text[UNKNOWN_BYTES];
        const cyaml_schema_field_t *fields = find_fields(schema, c->path);
        raw_describe_unknown(fields ? fields : schema->mapping.fields, key,
                             text);
        char path[KEY_PATH_BYTES + sizeof(key) + 1];
        snprintf(path, sizeof(path), "%s%s%s", c->path, c->path[0] ? "." : "",
                 key);
        source_complain(source, message, path, "%s", text);
    } else if (strncmp(c->what, "Mapping field already seen", 26) == 0) {
        source_complain(source, message, c->path, "is given twice");
    } else if (sscanf(c->what, "Expecting %31[^,], got event: %31s", wanted,
                      got) == 2) {
        source_complain(source, message, c->path, "must be %s, not %s",
                        shape_name(wanted), shape_name(got));
    } else {
        source_complain(source, message, c->path, "%s",
                        c->what[0] ? c->what : cyaml_strerror(err));
    }
}

void *raw_load_as(const struct scenario_source *source,
                  const cyaml_schema_value_t *schema,
                  char message[SCENARIO_MESSAGE_BYTES])
{
    struct complaint complaint = { .what = "" };
    cyaml_config_t config = make_config(&complaint);
    cyaml_data_t *data = NULL;
    cyaml_err_t err =
        cyaml_load_data((const uint8_t *)source->text, source->size_bytes,
                        &config, schema, &data, NULL);
    if (err != CYAML_OK) {
        complain(source, schema, err, &complaint, message);
        return NULL;
    }
    return data ? data : raw_alloc(schema->data_size);
}

void raw_free_as(const cyaml_schema_value_t *schema, void *data)
{
    cyaml_config_t config = make_config(NULL);
    cyaml_free(&config, schema, data, 0);
}

struct raw *raw_load(const struct scenario_source *source,
                     const struct schema *schema,
                     char message[SCENARIO_MESSAGE_BYTES])
{
    struct raw *raw = raw_load_as(source, &schema->top, message);
    if (raw) {
        raw->schema = schema;
    }
    return raw;
}

void raw_free(struct raw *raw)
{
    raw_free_as(&raw->schema->top, raw);
}

char *raw_write(const struct raw *raw, size_t *length_bytes)
{
    cyaml_config_t config = make_config(NULL);
    char *text = NULL;
    cyaml_err_t err = cyaml_save_data(&text, length_bytes, &config,
                                      &raw->schema->top, raw, 0);
    return err == CYAML_OK ? text : NULL;
}

void raw_free_text(char *text)
{
    cyaml_mem(NULL, text, 0);
}
