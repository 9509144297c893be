/* vm.c - one VM: what is known of it, and, live, what only the machine knows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viz/view/views.h"

#include "sim/banned.h"

/* Where the next line of the panel goes. */
struct pen {
    struct ui *ui;
    struct draw_box left; /* What is not written yet. */
};

static int32_t pitch_of(const struct ui *ui)
{
    return ui_line(ui, DRAW_SMALL) + ui_px(ui, 3);
}

static void skip(struct pen *p, int32_t by)
{
    p->left.y += by;
    p->left.h -= by;
}

static bool has_room(const struct pen *p, int32_t high)
{
    return p->left.h >= high;
}

/* Two facts in a row, each a label and a value. */
static void facts(struct pen *p, const char *const labels[2],
                  const char *const values[2])
{
    struct ui *ui = p->ui;
    if (!has_room(p, pitch_of(ui))) {
        return;
    }
    int32_t half = p->left.w / 2;
    int32_t label_w =
        draw_text_width(ui->metrics, DRAW_SMALL, "instructions") + ui_px(ui, 6);
    for (int32_t i = 0; i < 2; i++) {
        int32_t x = p->left.x + i * half;
        draw_text(ui->draw, DRAW_SMALL, x, p->left.y, paint(COLOR_DIM),
                  labels[i]);
        struct draw_box at = { x + label_w, p->left.y,
                               half - label_w - ui_px(ui, 4), 0 };
        draw_text_within(ui->draw, DRAW_SMALL, at, paint(COLOR_TEXT),
                         values[i]);
    }
    skip(p, pitch_of(ui));
}

static void name_line(struct pen *p, const struct model *m, uint32_t vm)
{
    struct ui *ui = p->ui;
    const struct replay_vm *v = &m->now->vms[vm];
    char state[160];
    snprintf(state, sizeof(state), "%s%s for %s",
             word_name(&vm_state_words, v->state),
             v->is_preferred && v->state == VM_READY ? ", preferred" : "",
             model_time(m, m->now->now - v->since).chars);
    int32_t large = ui_line(ui, DRAW_LARGE);
    draw_fill(ui->draw,
              (struct draw_box){ p->left.x, p->left.y, ui_px(ui, 5), large },
              paint_word(&vm_state_words, v->state));
    int32_t x = p->left.x + ui_px(ui, 12);
    int32_t state_w = draw_text_width(ui->metrics, DRAW_BODY, state);
    struct draw_box at = { x, p->left.y, p->left.w - ui_px(ui, 20) - state_w,
                           0 };
    draw_text_within(ui->draw, DRAW_LARGE, at, paint(COLOR_TEXT),
                     model_vm_number_name(m, vm).chars);
    int32_t drop = (large - ui_line(ui, DRAW_BODY)) / 2;
    draw_text(ui->draw, DRAW_BODY, p->left.x + p->left.w - state_w,
              p->left.y + drop, paint(COLOR_DIM), state);
    skip(p, large + ui_px(ui, 6));
}

static void known_facts(struct pen *p, const struct model *m, uint32_t vm)
{
    const struct replay_vm *v = &m->now->vms[vm];
    char pending[WORD_SET_BYTES];
    word_set(&virq_words, v->pending, pending);
    struct quantity wakes = { "never" };
    if (v->state != VM_IDLE) {
        snprintf(wakes.chars, sizeof(wakes.chars), "not idle");
    } else if (v->deadline != UINT64_MAX) {
        uint64_t left =
            v->deadline > m->now->now ? v->deadline - m->now->now : 0;
        wakes = model_time(m, left);
    }
    char core[160];
    snprintf(core, sizeof(core), "%u pages", v->resident);
    char received[160];
    snprintf(received, sizeof(received), "%u, batch %u", v->rx, v->batch);
    char sent[160];
    snprintf(sent, sizeof(sent), "%u", v->tx);
    facts(p, (const char *const[]){ "instructions", "in core" },
          (const char *const[]){ quantity_short(v->insns).chars, core });
    facts(p, (const char *const[]){ "to receive", "to send" },
          (const char *const[]){ received, sent });
    facts(p, (const char *const[]){ "pending", "wakes in" },
          (const char *const[]){ pending, wakes.chars });
}

static void time_bar(struct pen *p, const struct model *m, uint32_t vm)
{
    struct ui *ui = p->ui;
    const struct replay_vm *v = &m->now->vms[vm];
    int32_t line = ui_line(ui, DRAW_SMALL);
    if (!has_room(p, line + ui_px(ui, 16))) {
        return;
    }
    uint64_t sum = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        sum += v->cpu[i];
    }
    draw_text(ui->draw, DRAW_SMALL, p->left.x, p->left.y, paint(COLOR_DIM),
              "Processor time charged to it");
    ui_text_right(ui, DRAW_SMALL, p->left, paint(COLOR_TEXT),
                  model_time(m, sum).chars);
    struct draw_box bar = { p->left.x, p->left.y + line + ui_px(ui, 2),
                            p->left.w, ui_px(ui, 8) };
    ui_shares(ui, bar, v->cpu, paint_categories, CPU_CATEGORY_COUNT);
    skip(p, line + ui_px(ui, 16));
}

static void registers(struct pen *p, const struct guest_view *g)
{
    struct ui *ui = p->ui;
    int32_t line = ui_line(ui, DRAW_MONO);
    int32_t columns = 3;
    int32_t rows = (GUEST_REGISTERS + columns - 1) / columns;
    if (!has_room(p, rows * line + ui_px(ui, 6))) {
        return;
    }
    for (int32_t i = 0; i < GUEST_REGISTERS; i++) {
        int32_t x = p->left.x + p->left.w * (i % columns) / columns;
        int32_t y = p->left.y + i / columns * line;
        int32_t label_w =
            draw_text_width(ui->metrics, DRAW_MONO, g->register_names[i]);
        char value[16];
        snprintf(value, sizeof(value), " %08" PRIx32, g->registers[i]);
        draw_text(ui->draw, DRAW_MONO, x, y, paint(COLOR_DIM),
                  g->register_names[i]);
        draw_text(ui->draw, DRAW_MONO, x + label_w, y, paint(COLOR_TEXT),
                  value);
    }
    skip(p, rows * line + ui_px(ui, 6));
}

static void label(struct pen *p, const char *text)
{
    draw_text(p->ui->draw, DRAW_SMALL, p->left.x, p->left.y, paint(COLOR_DIM),
              text);
    skip(p, pitch_of(p->ui));
}

static void code(struct pen *p, const struct guest_view *g, uint32_t lines)
{
    struct ui *ui = p->ui;
    int32_t line = ui_line(ui, DRAW_MONO);
    if (!has_room(p, pitch_of(ui) + line)) {
        return;
    }
    label(p, "Next instructions");
    int32_t va_w = draw_text_width(ui->metrics, DRAW_MONO, "00000000 ");
    for (uint32_t i = 0; i < g->code_count && i < lines && has_room(p, line);
         i++) {
        char va[16];
        snprintf(va, sizeof(va), "%08" PRIx32, g->code_va[i]);
        if (i == 0) {
            draw_fill(
                ui->draw,
                (struct draw_box){ p->left.x, p->left.y, p->left.w, line },
                paint(COLOR_RULE));
        }
        draw_text(ui->draw, DRAW_MONO, p->left.x, p->left.y, paint(COLOR_DIM),
                  va);
        struct draw_box at = { p->left.x + va_w, p->left.y, p->left.w - va_w,
                               0 };
        draw_text_within(ui->draw, DRAW_MONO, at, paint(COLOR_TEXT),
                         g->code[i]);
        skip(p, line);
    }
    skip(p, ui_px(ui, 4));
}

/* The last lines that fit. */
static void console(struct pen *p, const struct guest_view *g)
{
    struct ui *ui = p->ui;
    int32_t line = ui_line(ui, DRAW_MONO);
    if (!has_room(p, pitch_of(ui) + line)) {
        return;
    }
    label(p, g->console[0] != '\0' ? "Console" : "Console: nothing yet");
    int32_t fit = p->left.h / line;
    const char *at = g->console + strlen(g->console);
    if (at > g->console && at[-1] == '\n') {
        at--;
    }
    for (int32_t lines = 0; at > g->console; at--) {
        if (at[-1] == '\n' && ++lines == fit) {
            break;
        }
    }
    while (*at != '\0' && has_room(p, line)) {
        size_t length = strcspn(at, "\n");
        char text[160];
        snprintf(text, sizeof(text), "%.*s",
                 (int)(length < sizeof(text) ? length : sizeof(text) - 1), at);
        struct draw_box row = { p->left.x, p->left.y, p->left.w, 0 };
        draw_text_within(ui->draw, DRAW_MONO, row, paint(COLOR_TEXT), text);
        skip(p, line);
        at += length + (at[length] == '\n');
    }
}

/* Its last events, of those that are kept. */
static void last_events(struct pen *p, const struct model *m, uint32_t vm)
{
    struct ui *ui = p->ui;
    int32_t pitch = pitch_of(ui);
    if (!has_room(p, 2 * pitch)) {
        return;
    }
    label(p, "Its last events");
    uint32_t shown = 0;
    const struct trace_event *e = recent_event(m->recent, 0);
    for (uint64_t back = 0; e && has_room(p, pitch);
         e = recent_event(m->recent, ++back)) {
        if (e->vm != vm || e->kind >= TRACE_KIND_COUNT) {
            continue;
        }
        char when[64];
        snprintf(when, sizeof(when), "%s ago",
                 model_time(m, m->now->now - e->time).chars);
        draw_text(ui->draw, DRAW_SMALL, p->left.x, p->left.y, paint(COLOR_TEXT),
                  trace_kinds[e->kind].name);
        ui_text_right(ui, DRAW_SMALL, p->left, paint(COLOR_DIM), when);
        skip(p, pitch);
        shown++;
    }
    if (shown == 0) {
        draw_text(ui->draw, DRAW_SMALL, p->left.x, p->left.y, paint(COLOR_DIM),
                  "none among the latest of all");
    }
}

void view_vm(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    struct pen p = { .ui = ui,
                     .left = ui_panel(ui, box, "Selected VM", "/ finds one") };
    uint32_t vm = ui->selected;
    if (vm >= r->info.vm_limit || !r->vms[vm].exists) {
        struct draw_box at = { p.left.x, p.left.y, p.left.w, 0 };
        draw_text_within(
            ui->draw, DRAW_BODY, at, paint(COLOR_DIM),
            vm == REPLAY_NONE
                ? "None. Click on one, or type / and its number or name."
                : "That VM is not there yet.");
        return;
    }
    name_line(&p, m, vm);
    known_facts(&p, m, vm);
    time_bar(&p, m, vm);
    if (m->guest && m->guest->vm == vm) {
        registers(&p, m->guest);
        uint32_t lines = p.left.h / ui_line(ui, DRAW_MONO) > 14 ? 10 : 5;
        code(&p, m->guest, lines);
        console(&p, m->guest);
        return;
    }
    struct draw_box at = { p.left.x, p.left.y, p.left.w, 0 };
    draw_text_within(ui->draw, DRAW_SMALL, at, paint(COLOR_DIM),
                     m->guest_absence);
    skip(&p, pitch_of(ui) + ui_px(ui, 4));
    last_events(&p, m, vm);
}
