/*
 * legend.c - `iksim trace legend`: prints every kind of event with its fields,
 * their types, and the words, as the tables in Markdown of docs/trace.md.
 */
#include <stdio.h>

#include "cli/views/trace/args.h"

static void print_field(const struct trace_field *f)
{
    char bits[16];
    (void)snprintf(bits, sizeof(bits), f->bits > 1 ? "%c %u-%u" : "%c %u",
                   f->word == TRACE_WORD_A ? 'a' : 'b', f->shift,
                   (unsigned)f->shift + f->bits - 1);
    printf("| | `%s` | %s | %s | %s |\n", f->name, f->type->name, bits,
           f->legend);
}

static void print_layer(enum trace_layer layer)
{
    printf("\n**%s**: events of %s\n\n"
           "| kind | field | type | bits | what it says |\n"
           "|---|---|---|---|---|\n",
           word_name(&trace_layer_words, layer),
           word_phrase(&trace_layer_words, layer));
    for (int k = 0; k < TRACE_KIND_COUNT; k++) {
        const struct trace_kind_info *kind = &trace_kinds[k];
        if (kind->layer != layer) {
            continue;
        }
        printf("| `%s` | | | | %s |\n", kind->name, kind->meaning);
        for (uint32_t i = 0; i < kind->field_count; i++) {
            print_field(&kind->fields[i]);
        }
    }
}

/* True: some field has the type. */
static bool is_used(const struct trace_type *type)
{
    for (int k = 0; k < TRACE_KIND_COUNT; k++) {
        for (uint32_t i = 0; i < trace_kinds[k].field_count; i++) {
            if (trace_kinds[k].fields[i].type == type) {
                return true;
            }
        }
    }
    return false;
}

/* Returns the words of the type's values, of which the first has number *first.
   NULL: the type has no words. */
static const struct vocabulary *words_of(const struct trace_type *type,
                                         unsigned *first)
{
    *first = type->form == TRACE_FORM_VINSN ? VI_FIRST : 0;
    return type->form == TRACE_FORM_VINSN   ? &virtual_insn_words
           : type->form == TRACE_FORM_VIRQS ? &virq_words
                                            : type->words;
}

static void print_type(const struct trace_type *type)
{
    unsigned first;
    const struct vocabulary *words = words_of(type, &first);
    printf("| %s | %s", type->name, type->meaning);
    for (uint32_t i = 0; words && i < words->count; i++) {
        printf("%s %u `%s`", i == 0 ? ":" : ",", first + i,
               word_name(words, i));
    }
    puts(" |");
}

int trace_legend(void)
{
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        print_layer((enum trace_layer)i);
    }
    puts("\n| type | what its values are |\n|---|---|");
    for (size_t i = 0; trace_types[i]; i++) {
        if (is_used(trace_types[i])) {
            print_type(trace_types[i]);
        }
    }
    return CLI_DONE;
}
