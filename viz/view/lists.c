/*
 * lists.c - the kernel's lists, in the kernel's order: the gate's queue, READY,
 * PAGING, IDLE.
 *
 * As near as a list fits it is shown: boxes with numbers, boxes, dots. What
 * fits no more is a density map: each cell stands for some VMs in a row by
 * number, and is as bright as many of them are in the list; the head of the
 * list stands above it, in numbers. The wheel comes nearer, and a page key
 * moves along.
 */
#include <stdio.h>
#include <string.h>

#include "viz/view/views.h"

#include "sim/banned.h"

struct list_look {
    enum vm_state state;
    const char *title;
    const char *order; /* A sentence on the list's order. */
};

static const struct list_look looks[UI_LIST_COUNT] = {
    [UI_GATE] = { VM_WAITING, "Waiting",
                  "The gatekeeper's queue, in order of "
                  "coming." },
    [UI_READY] = { VM_READY, "Ready",
                   "VMs in the order in which they would be "
                   "picked; preferred ones have an edge." },
    [UI_PAGING] = { VM_PAGING, "Paging", "Waiting for a page to come in." },
    [UI_IDLE] = { VM_IDLE, "Idle", "Waiting for an interrupt or a time." },
};

/* How boxes of one zoom stand in an area. */
struct grid {
    int32_t w, h, gap; /* The size of a box, and the gap between two. */
    uint32_t columns, rows;
};

static struct grid grid_of(const struct ui *ui, enum ui_zoom zoom,
                           struct draw_box area, uint32_t vm_limit)
{
    struct grid g = { .gap = zoom == UI_ZOOM_DOTS ? 1 : ui_px(ui, 2) };
    if (zoom == UI_ZOOM_NUMBERS) {
        char longest[16];
        snprintf(longest, sizeof(longest), "%u", vm_limit);
        g.w = draw_text_width(ui->metrics, DRAW_SMALL, longest) + ui_px(ui, 8);
        g.h = ui_line(ui, DRAW_SMALL) + ui_px(ui, 2);
    } else {
        g.w = zoom == UI_ZOOM_BOXES ? ui_px(ui, 10) : ui_px(ui, 4);
        g.h = g.w;
    }
    g.columns = (uint32_t)((area.w + g.gap) / (g.w + g.gap));
    g.rows = (uint32_t)((area.h + g.gap) / (g.h + g.gap));
    return g;
}

static struct draw_box grid_cell(const struct grid *g, struct draw_box area,
                                 uint32_t i)
{
    return (struct draw_box){
        area.x + (int32_t)(i % g->columns) * (g->w + g->gap),
        area.y + (int32_t)(i / g->columns) * (g->h + g->gap), g->w, g->h
    };
}

static enum ui_zoom nearest_that_fits(const struct ui *ui, struct draw_box area,
                                      uint32_t count, uint32_t vm_limit)
{
    for (enum ui_zoom zoom = UI_ZOOM_NUMBERS; zoom > UI_ZOOM_DENSITY; zoom--) {
        struct grid g = grid_of(ui, zoom, area, vm_limit);
        if ((uint64_t)g.columns * g.rows >= count) {
            return zoom;
        }
    }
    return UI_ZOOM_DENSITY;
}

static void vm_tip(struct ui *ui, const struct model *m, uint32_t vm,
                   struct draw_box at)
{
    if (!ui_is_over(ui, at)) {
        return;
    }
    const struct replay_vm *v = &m->now->vms[vm];
    char reason[DESCRIBE_BYTES] = "";
    if (v->has_reason) {
        describe_reason(&m->now->info, &v->reason, reason);
    }
    ui_tip(ui, at,
           "%s: %s%s for %s, %u pages in core, %u packets to read.%s%s%s "
           "Click to select.",
           model_vm_number_name(m, vm).chars,
           word_phrase(&vm_state_words, v->state),
           v->is_preferred ? " (preferred)" : "",
           model_time(m, m->now->now - v->since).chars, v->resident, v->rx,
           reason[0] ? " Last said of it: " : "", reason, reason[0] ? "." : "");
}

static void vm_box(struct ui *ui, const struct model *m, uint32_t vm,
                   struct draw_box at, bool has_number)
{
    const struct replay_vm *v = &m->now->vms[vm];
    draw_color color = paint_word(&vm_state_words, v->state);
    draw_fill(ui->draw, at, color);
    if (v->state == VM_READY && v->is_preferred) {
        struct draw_box top = { at.x, at.y, at.w, has_number ? 2 : at.h / 2 };
        draw_fill(ui->draw, top, paint(COLOR_ACCENT));
    }
    if (has_number) {
        char number[16];
        snprintf(number, sizeof(number), "%u", vm);
        ui_text_middle(ui, DRAW_SMALL, at, paint_ink_on(color), number);
    }
    if (vm == ui->selected) {
        struct draw_box edge = draw_inset(at, at.w > 8 ? 0 : -1);
        draw_edge(ui->draw, edge, paint(COLOR_MARK));
    }
    vm_tip(ui, m, vm, at);
    if (ui_is_clicked(ui, at)) {
        ui->selected = vm;
    }
}

/* Boxes from the `first` of the list on. Returns how many. */
static uint32_t boxes(struct ui *ui, const struct model *m,
                      const struct replay_list *list, struct draw_box area,
                      enum ui_zoom zoom, uint32_t first)
{
    const struct replay *r = m->now;
    struct grid g = grid_of(ui, zoom, area, r->info.vm_limit);
    uint32_t room = g.columns * g.rows;
    uint32_t shown = 0;
    uint32_t passed = 0;
    for (uint32_t vm = list->head; vm != REPLAY_NONE && shown < room;
         vm = r->vms[vm].next) {
        if (passed++ < first) {
            continue;
        }
        vm_box(ui, m, vm, grid_cell(&g, area, shown), zoom == UI_ZOOM_NUMBERS);
        shown++;
    }
    return shown;
}

/* ---- Density ------------------------------------------------------------ */

#define CELL_LIMIT 8192

struct cells {
    uint32_t per_cell;
    uint32_t columns, rows;
    int32_t size; /* Pixels. */
    uint16_t counts[CELL_LIMIT];
};

static void count_cells(struct cells *c, const struct ui *ui,
                        const struct replay *r, const struct replay_list *list,
                        struct draw_box area)
{
    c->size = ui_px(ui, 6);
    c->columns = (uint32_t)(area.w / c->size);
    c->rows = (uint32_t)(area.h / c->size);
    if (c->columns == 0 || c->rows == 0) {
        return;
    }
    while (c->columns * c->rows > CELL_LIMIT) {
        c->rows--;
    }
    uint32_t room = c->columns * c->rows;
    c->per_cell = (r->info.vm_limit + room - 1) / room;
    c->per_cell = c->per_cell > 0 ? c->per_cell : 1;
    c->rows = (r->info.vm_limit / c->per_cell + c->columns) / c->columns;
    c->rows =
        c->rows * c->columns > CELL_LIMIT ? CELL_LIMIT / c->columns : c->rows;
    memset(c->counts, 0, sizeof(c->counts));
    for (uint32_t vm = list->head; vm != REPLAY_NONE; vm = r->vms[vm].next) {
        uint32_t cell = vm / c->per_cell;
        if (cell < c->columns * c->rows && c->counts[cell] < UINT16_MAX) {
            c->counts[cell]++;
        }
    }
}

static void point_at_cell(struct ui *ui, const struct cells *c,
                          struct draw_box area, const char *title)
{
    if (!ui_is_over(ui, area)) {
        return;
    }
    uint32_t cell =
        (uint32_t)((ui->in.mouse_y - area.y) / c->size) * c->columns +
        (uint32_t)((ui->in.mouse_x - area.x) / c->size);
    if (cell >= c->columns * c->rows) {
        return;
    }
    uint32_t first = cell * c->per_cell;
    ui_tip(ui, area,
           "VMs %u to %u: %u of them in this list (%s). The wheel "
           "comes nearer.",
           first, first + c->per_cell - 1, c->counts[cell], title);
    if (ui->in.pressed) {
        ui->selected = first;
    }
}

static void density(struct ui *ui, const struct model *m,
                    const struct replay_list *list, struct draw_box area,
                    const struct list_look *look)
{
    struct cells c = { .per_cell = 1 };
    count_cells(&c, ui, m->now, list, area);
    struct draw_box box = { area.x, area.y, (int32_t)c.columns * c.size,
                            (int32_t)c.rows * c.size };
    draw_color *pixels = draw_image(ui->draw, box, c.columns, c.rows);
    if (!pixels) {
        return;
    }
    draw_color color = paint_word(&vm_state_words, look->state);
    for (uint32_t i = 0; i < c.columns * c.rows; i++) {
        uint32_t share = c.counts[i] * 256u / c.per_cell;
        /* One VM of many must be seen, too. */
        share = c.counts[i] > 0 && share < 48 ? 48 : share;
        pixels[i] =
            draw_mix(color, paint(COLOR_PANEL), share > 256 ? 256 : share);
    }
    if (ui->selected < m->now->info.vm_limit &&
        m->now->vms[ui->selected].state == look->state) {
        uint32_t cell = ui->selected / c.per_cell;
        struct draw_box mark = {
            area.x + (int32_t)(cell % c.columns) * c.size - 1,
            area.y + (int32_t)(cell / c.columns) * c.size - 1, c.size + 2,
            c.size + 2
        };
        draw_edge(ui->draw, mark, paint(COLOR_MARK));
    }
    point_at_cell(ui, &c, box, look->title);
}

/* ---- One list ----------------------------------------------------------- */

static void take_wheel(struct ui *ui, enum ui_list which, struct draw_box box,
                       enum ui_zoom shown, uint32_t page)
{
    if (!ui_is_over(ui, box)) {
        return;
    }
    enum ui_zoom *zoom = &ui->lists[which].zoom;
    if (ui->in.wheel > 0 && shown < UI_ZOOM_NUMBERS) {
        *zoom = shown + 1;
    } else if (ui->in.wheel < 0 && *zoom != UI_ZOOM_AUTO) {
        *zoom = shown > UI_ZOOM_DENSITY ? shown - 1 : UI_ZOOM_AUTO;
        ui->lists[which].first = 0;
    }
    if (ui->in.page > 0) {
        ui->lists[which].first += page;
    } else if (ui->in.page < 0) {
        uint32_t *first = &ui->lists[which].first;
        *first = *first > page ? *first - page : 0;
    }
}

/* Where boxes begin, so that a list that shrank still shows its end. */
static uint32_t first_shown(struct ui *ui, enum ui_list which, uint32_t count,
                            uint32_t room)
{
    uint32_t *first = &ui->lists[which].first;
    if (count <= room) {
        *first = 0;
    } else if (*first > count - room) {
        *first = count - room;
    }
    return *first;
}

static void list_head(struct ui *ui, const struct list_look *look,
                      struct draw_box box, const char *note)
{
    int32_t side = ui_px(ui, 8);
    int32_t line = ui_line(ui, DRAW_BODY);
    draw_fill(ui->draw,
              (struct draw_box){ box.x, box.y + (line - side) / 2, side, side },
              paint_word(&vm_state_words, look->state));
    int32_t x = box.x + side + ui_px(ui, 6);
    int32_t used = draw_text(ui->draw, DRAW_BODY, x, box.y, paint(COLOR_TEXT),
                             look->title);
    struct draw_box rest = { x + used + ui_px(ui, 8), box.y + ui_px(ui, 1),
                             box.x + box.w - x - used - ui_px(ui, 8), 0 };
    ui_text_right(ui, DRAW_SMALL, rest, paint(COLOR_DIM), note);
    struct draw_box head = { box.x, box.y, box.w, line };
    ui_tip(ui, head, "%s", look->order);
}

/* The head of the list in numbers; returns the height it took. */
static int32_t first_row(struct ui *ui, const struct model *m,
                         const struct replay_list *list, struct draw_box area)
{
    struct grid g = grid_of(ui, UI_ZOOM_NUMBERS, area, m->now->info.vm_limit);
    struct draw_box row = { area.x, area.y, area.w, g.h };
    boxes(ui, m, list, row, UI_ZOOM_NUMBERS, 0);
    return g.h + ui_px(ui, 5);
}

static void one_list(struct ui *ui, const struct model *m, enum ui_list which,
                     struct draw_box box)
{
    const struct list_look *look = &looks[which];
    const struct replay_list *list = &m->now->lists[look->state];
    int32_t line = ui_line(ui, DRAW_BODY);
    int32_t pad = ui_px(ui, 3);
    struct draw_box area = { box.x + pad, box.y + line + 2 * pad,
                             box.w - 2 * pad, box.h - line - 3 * pad };
    uint32_t vm_limit = m->now->info.vm_limit;
    enum ui_zoom zoom = ui->lists[which].zoom;
    if (zoom == UI_ZOOM_AUTO) {
        zoom = nearest_that_fits(ui, area, list->count, vm_limit);
    }
    char note[192];
    snprintf(note, sizeof(note), "%s", quantity_count(list->count).chars);
    uint32_t page = 1;
    draw_fill(ui->draw, draw_inset(area, -pad), paint(COLOR_WELL));
    if (list->count == 0) {
        ui_text_middle(ui, DRAW_SMALL, area, paint(COLOR_DIM), "empty");
    } else if (zoom == UI_ZOOM_DENSITY) {
        int32_t used = first_row(ui, m, list, area);
        struct draw_box map = { area.x, area.y + used, area.w, area.h - used };
        density(ui, m, list, map, look);
    } else {
        struct grid g = grid_of(ui, zoom, area, vm_limit);
        uint32_t room = g.columns * g.rows;
        page = room > 1 ? room / 2 : 1;
        uint32_t first = first_shown(ui, which, list->count, room);
        uint32_t shown = boxes(ui, m, list, area, zoom, first);
        if (shown < list->count) {
            snprintf(note, sizeof(note), "%s to %s of %s",
                     quantity_count(first + 1).chars,
                     quantity_count(first + shown).chars,
                     quantity_count(list->count).chars);
        }
    }
    list_head(ui, look, box, note);
    take_wheel(ui, which, box, zoom, page);
}

void view_lists(struct ui *ui, const struct model *m, struct draw_box box)
{
    const struct replay *r = m->now;
    uint32_t admitted = r->lists[VM_READY].count + r->lists[VM_RUNNING].count +
                        r->lists[VM_PAGING].count;
    char note[192];
    snprintf(note, sizeof(note), "%s admitted \xc2\xb7 %s dead",
             quantity_count(admitted).chars,
             quantity_count(r->lists[VM_DEAD].count).chars);
    struct draw_box in = ui_panel(ui, box, "Virtual machines", note);
    int32_t gap_x = ui_px(ui, 16);
    int32_t gap_y = ui_px(ui, 10);
    int32_t w = (in.w - gap_x) / 2;
    int32_t h = (in.h - gap_y) / 2;
    for (int32_t i = 0; i < UI_LIST_COUNT; i++) {
        struct draw_box part = { in.x + i % 2 * (w + gap_x),
                                 in.y + i / 2 * (h + gap_y), w, h };
        one_list(ui, m, (enum ui_list)i, part);
    }
}
