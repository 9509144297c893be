/* trace_info.c - see trace_info.h. */
#include "cli/run/trace_info.h"

#include <stdio.h>
#include <stdlib.h>

#include "ik/gate.h"
#include "ik/replace.h"
#include "ik/sched.h"
#include "isa/abi.h"
#include "sim/devices/machine.h"

static json_t *images_of(const struct session *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < s->image_count; i++) {
        const struct image *image = &s->images[i];
        char hex[IMAGE_HASH_CHARS];
        image_write_hash(image, hex);
        json_array_append_new(list, json_pack("{s:s, s:s}", "image",
                                              image->name, "xxh3_128", hex));
    }
    return list;
}

/* What the policies of the run may say, which only they know. */
static json_t *reasons_of(const struct session *s)
{
    const struct kernel_config *c = &s->kernel_config;
    const struct policy_facts *const facts[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = &c->gate->facts,
        [POLICY_SCHEDULER] = &c->sched->facts,
        [POLICY_REPLACEMENT] = &c->replace->facts,
    };
    json_t *all = json_object();
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        json_t *texts = json_array();
        for (size_t n = 0; facts[i]->reasons && facts[i]->reasons[n]; n++) {
            json_array_append_new(texts, json_string(facts[i]->reasons[n]));
        }
        json_object_set_new(all, word_name(&policy_kind_words, i), texts);
    }
    return all;
}

static json_t *scenario_of(const struct session *s)
{
    char *text = scenario_write_json(s->scenario);
    json_t *scenario = text ? json_loads(text, 0, NULL) : NULL;
    free(text);
    return scenario;
}

struct trace_info *trace_info_of(const struct session *s)
{
    const struct scenario *sc = s->scenario;
    struct trace_info *info = calloc(1, sizeof(*info));
    if (!info) {
        return NULL;
    }
    uint64_t hz = sc->machine->cpu_hz;
    *info = (struct trace_info){
        .scenario = scenario_of(s),
        .images = images_of(s),
        .reasons = reasons_of(s),
        .program = "iksim " IKSIM_VERSION,
        .name = sc->name,
        .seed = sc->seed,
        .cpu_hz = hz,
        .quantum_cycles = cycles_from_ns(sc->quantum_ns, hz),
        .frames = (uint32_t)(sc->ram_bytes / ABI_PAGE_BYTES),
        .min_free = (uint32_t)(sc->min_free_bytes / ABI_PAGE_BYTES),
        .disks = sc->machine->disk_count,
        .vm_limit = sc->vm_count,
        .roster = sc->roster,
    };
    if (!info->scenario) {
        trace_info_free(info);
        return NULL;
    }
    return info;
}

void trace_info_free(struct trace_info *info)
{
    if (info) {
        json_decref(info->scenario);
        json_decref(info->images);
        json_decref(info->reasons);
        free(info);
    }
}
