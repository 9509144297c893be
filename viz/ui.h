/*
 * ui.h - an immediate-mode interface: a view draws a thing and asks in the same
 * call whether it is pointed at.
 *
 * struct ui holds what the watcher has chosen (a VM, a zoom), and nothing of
 * the machine.
 */
#ifndef VIZ_UI_H
#define VIZ_UI_H

#include "sim/vocabulary/vm_name.h"
#include "viz/draw.h"
#include "viz/paint.h"
#include "viz/raster/raster.h"
#include "viz/text.h"

#define UI_TIP_BYTES    768
#define UI_SEARCH_BYTES 80

/* Lists that have a box of their own in the picture. */
enum ui_list { UI_GATE, UI_READY, UI_PAGING, UI_IDLE, UI_LIST_COUNT };

/* How near a list is shown. */
enum ui_zoom {
    UI_ZOOM_AUTO, /* The nearest at which the whole list fits. */
    UI_ZOOM_DENSITY,
    UI_ZOOM_DOTS,
    UI_ZOOM_BOXES,
    UI_ZOOM_NUMBERS,
    UI_ZOOM_COUNT
};

/* The pictures there are: a moment, as panels; all time, a row a VM. */
enum ui_view { UI_PANELS, UI_RASTER };

enum ui_memory { UI_MEMORY_OWNER, UI_MEMORY_STATE };

/* What a picture is asked to show, and the input since the last picture. */
struct ui_input {
    int32_t width, height;
    int32_t mouse_x, mouse_y; /* -1: outside. */
    bool is_down;             /* The button. */
    bool pressed;             /* It went down since the last picture. */
    int32_t wheel;            /* Notches; > 0: away from the watcher. */
    int32_t page;             /* Page down, or up (< 0). */
    int32_t zoom;             /* Nearer in time, or farther (< 0). */
    int32_t pan;              /* Later, or earlier (< 0). */
};

struct ui {
    struct draw_list *draw;
    const struct draw_metrics *metrics; /* Borrowed. */
    struct ui_input in;
    double scale; /* The layout's scale; 1 at 1280 x 800. */

    /* Chosen. */
    uint32_t selected; /* VM; REPLAY_NONE: none. */
    struct {
        enum ui_zoom zoom;
        uint32_t first; /* First VM shown, when not all are. */
    } lists[UI_LIST_COUNT];
    enum ui_memory memory;
    uint32_t memory_zoom;  /* Halvings of the frames shown; 0: as needed. */
    uint32_t memory_first; /* The first frame shown if memory_zoom > 0. */
    enum ui_view view;
    struct {
        struct raster_span span;
        uint32_t first, count; /* Places of the order; count 0: all. */
        enum raster_order order;
        bool is_whole;   /* The whole run, as far as it is known. */
        uint64_t cursor; /* The moment that the last picture had. */
        /* While the button is down: where it went down, over what. */
        bool is_held, has_moved;
        int32_t held_x;
        struct raster_span held;
    } raster;
    bool shows_help;
    bool is_searching;
    char search[UI_SEARCH_BYTES];
    char search_wrong[VM_NAME_MESSAGE_BYTES]; /* "": nothing is. */

    /* Answers of this picture. */
    char tip[UI_TIP_BYTES]; /* "": nothing is pointed at. */
    bool wants_seek;
    double seek_share; /* The place on the time line, 0 to 1. */
    bool wants_pause;
};

/* Begins a picture. */
void ui_begin(struct ui *ui, struct draw_list *draw,
              const struct draw_metrics *metrics, const struct ui_input *in);

/* Returns the scale of the layout for a window of this size. */
double ui_scale(int32_t width, int32_t height);

/* Pixels of `n` at 1280 x 800. */
int32_t ui_px(const struct ui *ui, int32_t n);
int32_t ui_line(const struct ui *ui, enum draw_font font);

bool ui_is_over(const struct ui *ui, struct draw_box box);
bool ui_is_clicked(const struct ui *ui, struct draw_box box);

/* Shows text beside the pointer, if the pointer is over `box`. */
void ui_tip(struct ui *ui, struct draw_box box, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Clips to a panel and draws its ground and title, with `note` at the right
   (NULL: none). Returns what is left inside. */
struct draw_box ui_panel(struct ui *ui, struct draw_box box, const char *title,
                         const char *note);

/* Text in `font`; ends at the box's right edge, or lies in its middle. */
void ui_text_right(struct ui *ui, enum draw_font font, struct draw_box box,
                   draw_color color, const char *text);
void ui_text_middle(struct ui *ui, enum draw_font font, struct draw_box box,
                    draw_color color, const char *text);

/* A bar of `count` parts in proportion. */
void ui_shares(struct ui *ui, struct draw_box box, const uint64_t *parts,
               const enum palette_color *colors, uint32_t count);

/* A filled bar in a well. */
void ui_gauge(struct ui *ui, struct draw_box box, uint64_t part, uint64_t whole,
              draw_color color);

#endif /* VIZ_UI_H */
