/* again.c - see again.h. */
#include "cli/run/again.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "isa/cpu.h"
#include "sim/trace/trace.h"
#include "sim/vocabulary/text.h"
#include "sim/vocabulary/vocabulary.h"

/* A run of another iksim or Unicorn may well differ: a message says so. */
static void compare_versions(const struct rundir *d)
{
    const char *version = rundir_text(d, "version");
    const char *engine = rundir_text(d, "unicorn");
    if (strcmp(version, IKSIM_VERSION) != 0 ||
        strcmp(engine, cpu_engine_version()) != 0) {
        fprintf(stderr,
                "iksim: the run was made by iksim %s with Unicorn %s, it is "
                "repeated by iksim %s with Unicorn %s\n",
                version, engine, IKSIM_VERSION, cpu_engine_version());
    }
}

static uint64_t number_of(const json_t *options, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(options, name));
}

/* The run was ended by what the host did, at no event that would come again. */
static bool can_repeat(const struct rundir *d)
{
    const char *ended = rundir_text(d, "ended");
    for (enum session_end end = 0; end < SESSION_END_COUNT; end++) {
        if (strcmp(ended, session_end_facts(end)->word) == 0) {
            return session_end_facts(end)->repeats;
        }
    }
    return true;
}

/* Reads one block that the engine did not survive then: it is refused now. */
static bool read_listed(const struct rundir *d, const json_t *entry,
                        struct session_options *options)
{
    const json_t *images = json_object_get(d->manifest, "images");
    const char *text = json_string_value(json_object_get(entry, "address"));
    json_int_t image = json_integer_value(json_object_get(entry, "image"));
    char *end = NULL;
    unsigned long long va = text ? strtoull(text, &end, 16) : 0;
    if (options->listed_count == CPU_LISTED_LIMIT || !text || end == text ||
        *end != '\0' || va > UINT32_MAX || image < 0 ||
        (size_t)image >= json_array_size(images)) {
        cli_complain("'%s/manifest.json' does not say which blocks the engine "
                     "did not survive",
                     d->path);
        return false;
    }
    options->listed[options->listed_count++] = (struct guard_block){
        .at = { (uint32_t)image, (uint32_t)va },
        .owner = (uint32_t)number_of(entry, "vm"),
        .how = (int)number_of(entry, "signal"),
    };
    return true;
}

static bool read_all_listed(const struct rundir *d,
                            struct session_options *options)
{
    const json_t *list = json_object_get(d->manifest, "engine");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!read_listed(d, json_array_get(list, i), options)) {
            return false;
        }
    }
    return true;
}

bool again_open(struct rundir *d, const char *dir,
                struct session_options *options)
{
    if (!rundir_open(d, dir)) {
        return false;
    }
    if (!can_repeat(d)) {
        cli_complain("the run of '%s' was ended by a signal or by a limit of "
                     "the host's time or memory, so it cannot be repeated",
                     dir);
        return false;
    }
    if (!rundir_check_files(d) || !rundir_find_inputs(d) ||
        !read_all_listed(d, options)) {
        return false;
    }
    const json_t *kept = json_object_get(d->manifest, "options");
    options->path = d->scenario_path;
    options->scenario.sets = d->sets;
    options->scenario.set_count = d->set_count;
    options->until_ns = number_of(kept, "until_ns");
    options->instructions = number_of(kept, "instructions");
    compare_versions(d);
    return true;
}

/* Lists the layers whose fingerprints differ from those of the report. */
static json_t *find_differing(const struct rundir *d, const struct session *s)
{
    const json_t *then = json_object_get(d->report, "fingerprints");
    json_t *list = json_array();
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        const char *name = word_name(&trace_layer_words, (uint64_t)i);
        const char *old = json_string_value(json_object_get(then, name));
        char now[FINGERPRINT_CHARS];
        trace_layer_fingerprint(s->trace, (enum trace_layer)i, now);
        if (!old || strcmp(old, now) != 0) {
            json_array_append_new(list, json_string(name));
        }
    }
    return list;
}

static void print_json(const struct rundir *d, const char *now, bool is_equal,
                       json_t *differing)
{
    json_t *root = json_pack(
        "{s:s, s:s, s:b, s:s, s:s, s:O}", "directory", d->path, "scenario",
        rundir_text(d, "scenario"), "equal", is_equal, "recorded",
        rundir_text(d, "fingerprint"), "repeated", now, "differing", differing);
    if (root && json_dumpf(root, stdout, JSON_INDENT(2)) == 0) {
        putchar('\n');
    }
    json_decref(root);
}

static void print_text(const struct rundir *d, const char *now, bool is_equal,
                       const json_t *differing)
{
    printf("%s: %s, seed %lld, ", text_shown(d->path).chars,
           text_shown(rundir_text(d, "scenario")).chars,
           (long long)json_integer_value(json_object_get(d->manifest, "seed")));
    if (is_equal) {
        printf("is repeated exactly: %s\n", now);
        return;
    }
    printf("is not repeated: %s, it was %s\nDiffering layers:", now,
           rundir_text(d, "fingerprint"));
    for (size_t i = 0; i < json_array_size(differing); i++) {
        printf("%s %s", i > 0 ? "," : "",
               json_string_value(json_array_get(differing, i)));
    }
    puts(json_array_size(differing) > 0 ? "" : " none");
}

int again_judge(const struct rundir *d, const struct session *s, bool json)
{
    char now[FINGERPRINT_CHARS];
    trace_fingerprint(s->trace, now);
    json_t *differing = find_differing(d, s);
    bool is_equal = strcmp(now, rundir_text(d, "fingerprint")) == 0 &&
                    json_array_size(differing) == 0;
    if (json) {
        print_json(d, now, is_equal, differing);
    } else {
        print_text(d, now, is_equal, differing);
    }
    json_decref(differing);
    return is_equal ? CLI_DONE : CLI_WRONG;
}
