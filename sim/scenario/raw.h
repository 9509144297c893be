/*
 * raw.h - a scenario as text, key by key: loading, changing and saving it
 * through libcyaml's schema. For the files of this folder, and those that
 * read another file in the same manner, by a schema of their own.
 */
#ifndef SIM_SCENARIO_RAW_H
#define SIM_SCENARIO_RAW_H

#include "sim/scenario/schema.h"

/* Loads a file by the schema, which is borrowed. NULL: the file does not follow
   the schema, and `message` says where. */
struct raw *raw_load(const struct scenario_source *source,
                     const struct schema *schema,
                     char message[SCENARIO_MESSAGE_BYTES]);
void raw_free(struct raw *raw);

/* The same for a file of another schema, whose top is a pointer to a
   mapping. */
void *raw_load_as(const struct scenario_source *source,
                  const cyaml_schema_value_t *schema,
                  char message[SCENARIO_MESSAGE_BYTES]);
void raw_free_as(const cyaml_schema_value_t *schema, void *data);

/*
 * Carries out one `--set` word, KEY=VALUE. A key that is left out is put in,
 * and a list takes one more item at its end.
 */
SIM_MUST_USE bool raw_set(struct raw *raw, const char *word,
                          char message[SCENARIO_MESSAGE_BYTES]);

/* The effective scenario as text; points into `room` and to `s`, and is not
   for raw_free. */
struct raw *raw_from_scenario(struct arena *room, const struct scenario *s);

#define RAW_ROOM_BYTES (1u << 26) /* Of an arena for it. */

/* YAML; NULL when there is no memory. Free with raw_free_text. */
char *raw_write(const struct raw *raw, size_t *length_bytes);
void raw_free_text(char *text);

/* Memory for libcyaml to free; zeroed. */
void *raw_alloc(size_t size);

#define UNKNOWN_BYTES 320

/* "unknown key, perhaps X (known here: A, B)" */
void raw_describe_unknown(const cyaml_schema_field_t *fields, const char *name,
                          char text[UNKNOWN_BYTES]);

/* NULL: there is no such key. */
const cyaml_schema_field_t *raw_find_field(const cyaml_schema_field_t *fields,
                                           const char *name, size_t length);

#endif /* SIM_SCENARIO_RAW_H */
