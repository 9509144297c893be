/* shared.c - see shared.h. */
#include "cli/commands/shared.h"

#include <stdio.h>
#include <string.h>

#include "cli/run/choice/choices.h"
#include "sim/report/figures.h"
#include "sim/scenario/rules.h"
#include "sim/units.h"

#define SEED_MAX 0x7fffffffffffffffull /* What JSON's readers agree on. */

bool sets_read_seed(const char *text, void *at, char message[CLI_MESSAGE_BYTES])
{
    struct sets *sets = at;
    uint64_t seed = 0;
    bool is_new = sets->seed[0] == '\0';
    if (units_read_whole(text, &seed) || seed > SEED_MAX) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "must be a whole number up to %llu, not '%s'", SEED_MAX, text);
        return false;
    }
    if (is_new && sets->list.count == CLI_LIST_LIMIT) {
        snprintf(message, CLI_MESSAGE_BYTES, "goes with %d times --set at most",
                 CLI_LIST_LIMIT - 1);
        return false;
    }
    if (is_new) {
        sets->list.items[sets->list.count++] = sets->seed;
    }
    snprintf(sets->seed, sizeof(sets->seed), "run.seed=%llu",
             (unsigned long long)seed);
    return true;
}

/* ---- What shells complete ------------------------------------------------ */

static void offer_values(struct cli_offers *to, const char *key,
                         const struct key_rule *rule)
{
    char text[256];
    for (size_t i = 0; rule->words && rule->words[i]; i++) {
        snprintf(text, sizeof(text), "%s=%s", key, rule->words[i]);
        cli_offer(to, text, NULL);
    }
    const struct choices *choices = choices_find(key);
    struct choice choice;
    for (size_t i = 0; choices && choices->get(i, &choice); i++) {
        snprintf(text, sizeof(text), "%s=%s", key, choice.name);
        cli_offer(to, text, choice.summary);
    }
}

void sets_offer(struct cli_offers *to)
{
    bool has_key = strchr(cli_offers_begun(to), '=');
    for (const struct key_mapping *m = key_mappings; m->name; m++) {
        for (const struct key_rule *rule = m->rules; rule->name; rule++) {
            char key[64];
            snprintf(key, sizeof(key), "%s%s.%s%s", m->name,
                     m->is_list ? "[0]" : "", rule->name, has_key ? "" : "=");
            if (has_key) {
                offer_values(to, key, rule);
            } else {
                cli_offer(to, key, NULL);
            }
        }
    }
}

void figure_offer(struct cli_offers *to)
{
    bool wants_path = strchr(cli_offers_begun(to), '.');
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *f = &figure_table[i];
        if (f->short_name) {
            cli_offer(to, f->short_name, f->sentence);
        }
        if (wants_path || !f->short_name) {
            cli_offer(to, f->path, f->sentence);
        }
    }
}

static void offer_image(void *ctx, const char *name, const char *path)
{
    (void)path;
    cli_offer(ctx, name, "a bundled guest");
}

int image_find(const char *name, char *path, size_t bytes)
{
    if (cli_find_image(name, path, bytes)) {
        return CLI_DONE;
    }
    return cli_complain(
        "there is no bundled guest '%s', and no file of that name", name);
}

static void offer_attacker(void *ctx, const char *name, const char *path)
{
    char whole[256 + sizeof(CLI_ATTACKERS)];
    snprintf(whole, sizeof(whole), CLI_ATTACKERS "%s", name);
    offer_image(ctx, whole, path);
}

void image_offer(struct cli_offers *to)
{
    cli_each_bundled("guests", ".elf", offer_image, to);
    cli_each_bundled("guests/attackers", ".elf", offer_attacker, to);
    cli_offer_files(to);
}

/* ---- Scenarios and plans ------------------------------------------------- */

static void offer_bundled(void *ctx, const char *name, const char *path)
{
    (void)path;
    cli_offer(ctx, name, "bundled");
}

void scenario_offer(struct cli_offers *to)
{
    cli_each_bundled(SCENARIO_FOLDER, ".yaml", offer_bundled, to);
    cli_offer_files(to);
}

void plan_offer(struct cli_offers *to)
{
    cli_each_bundled(PLAN_FOLDER, ".yaml", offer_bundled, to);
    cli_offer_files(to);
}

bool read_scenario_path(const char *text, void *at,
                        char message[CLI_MESSAGE_BYTES])
{
    message[0] = '\0';
    cli_find_input(SCENARIO_FOLDER, text, at);
    return true;
}

bool read_plan_path(const char *text, void *at, char message[CLI_MESSAGE_BYTES])
{
    message[0] = '\0';
    cli_find_input(PLAN_FOLDER, text, at);
    return true;
}

bool read_picture_path(const char *text, void *at,
                       char message[CLI_MESSAGE_BYTES])
{
    const char **path = at;
    const char *dot = strrchr(text, '.');
    *path = text;
    if (!dot || (strcmp(dot, ".svg") != 0 && strcmp(dot, ".png") != 0)) {
        snprintf(message, CLI_MESSAGE_BYTES,
                 "must end in .svg or .png, not '%s'", text);
        return false;
    }
    return true;
}
