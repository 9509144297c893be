/*
 * log_line.c - see log_line.h. A line is read from left to right by a cursor
 * that never passes its end; nothing of it is ever shown.
 */
#include "workloads/replay/log_line.h"

#include <string.h>

#define SECOND_NS UINT64_C(1000000000)
#define SECONDS   UINT64_C(10000000000) /* Of a CSV's time: fewer. */

struct reader {
    const char *at, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take(struct reader *r, const char *word)
{
    size_t bytes = strlen(word);
    if ((size_t)(r->end - r->at) < bytes || memcmp(r->at, word, bytes) != 0) {
        return false;
    }
    r->at += bytes;
    return true;
}

/* What stands before the next `stop`, which is taken, too. */
static bool take_until(struct reader *r, char stop, struct log_text *text)
{
    const char *found = memchr(r->at, stop, (size_t)(r->end - r->at));
    if (!found) {
        return false;
    }
    *text = (struct log_text){ r->at, (uint32_t)(found - r->at) };
    r->at = found + 1;
    return true;
}

/* A number of `least` to `most` digits. */
static bool take_number(struct reader *r, int least, int most, uint64_t *value)
{
    int digits = 0;
    *value = 0;
    while (digits < most && r->at < r->end && is_digit(*r->at)) {
        *value = *value * 10 + (uint64_t)(*r->at++ - '0');
        digits++;
    }
    return digits >= least && (r->at == r->end || !is_digit(*r->at));
}

/* ---- Time --------------------------------------------------------------- */

/* Days from 1 March of year 0 to this day: years end with February. */
static uint64_t days_to(uint64_t year, uint64_t month, uint64_t day)
{
    year -= month < 2;
    uint64_t since_march = (month + 10) % 12;
    return year * 365 + year / 4 - year / 100 + year / 400 +
           (since_march * 153 + 2) / 5 + day - 1;
}

/* `month` counts from 0. */
static uint64_t days_in(uint64_t year, uint64_t month)
{
    return days_to(month == 11 ? year + 1 : year, (month + 1) % 12, 1) -
           days_to(year, month, 1);
}

static bool take_month(struct reader *r, uint64_t *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (*month = 0; *month < 12; (*month)++) {
        char name[4] = { 0 };
        memcpy(name, names + *month * 3, 3);
        if (take(r, name)) {
            return true;
        }
    }
    return false;
}

/* "10/Oct/2000:13:55:36 -0700", in nanoseconds after 1970. */
static bool take_date(struct reader *r, uint64_t *at_ns)
{
    uint64_t day, month, year, hour, minute, second, zone;
    if (!take_number(r, 2, 2, &day) || !take(r, "/") ||
        !take_month(r, &month) || !take(r, "/") ||
        !take_number(r, 4, 4, &year) || !take(r, ":") ||
        !take_number(r, 2, 2, &hour) || !take(r, ":") ||
        !take_number(r, 2, 2, &minute) || !take(r, ":") ||
        !take_number(r, 2, 2, &second) || !take(r, " ")) {
        return false;
    }
    bool is_west = take(r, "-");
    if ((!is_west && !take(r, "+")) || !take_number(r, 4, 4, &zone)) {
        return false;
    }
    /* A second of 60 is a leap second. */
    if (year < 1970 || year > 2200 || day < 1 || day > days_in(year, month) ||
        hour > 23 || minute > 59 || second > 60 || zone / 100 > 14 ||
        zone % 100 > 59) {
        return false;
    }
    uint64_t days = days_to(year, month, day) - days_to(1970, 0, 1);
    uint64_t local = ((days * 24 + hour) * 60 + minute) * 60 + second;
    uint64_t offset = (zone / 100 * 60 + zone % 100) * 60;
    if (!is_west && local < offset) {
        return false;
    }
    *at_ns = (is_west ? local + offset : local - offset) * SECOND_NS;
    return true;
}

/* "12.000000001" */
static bool take_seconds(struct reader *r, uint64_t *at_ns)
{
    uint64_t whole;
    if (!take_number(r, 1, 10, &whole) || whole >= SECONDS) {
        return false;
    }
    uint64_t fraction = 0;
    if (take(r, ".")) {
        const char *first = r->at;
        if (!take_number(r, 1, 9, &fraction)) {
            return false;
        }
        for (long digits = r->at - first; digits < 9; digits++) {
            fraction *= 10;
        }
    }
    *at_ns = whole * SECOND_NS + fraction;
    return true;
}

/* ---- What is asked ------------------------------------------------------ */

/* Whether all of a path's bytes may stand in a request's line. */
static bool can_be_asked(struct log_text path)
{
    if (path.bytes == 0 || path.bytes > SCENARIO_PATH_LENGTH ||
        path.at[0] != '/') {
        return false;
    }
    for (uint32_t i = 0; i < path.bytes; i++) {
        if (path.at[i] <= ' ' || path.at[i] >= 127) {
            return false;
        }
    }
    return true;
}

/* "GET http://host/path HTTP/1.0" has the path that a proxy would ask for. */
static struct log_text path_of(struct log_text target)
{
    struct reader r = { target.at, target.at + target.bytes };
    struct log_text host;
    if ((take(&r, "http://") || take(&r, "https://")) &&
        take_until(&r, '/', &host)) {
        return (struct log_text){ r.at - 1, (uint32_t)(r.end - r.at) + 1 };
    }
    return target;
}

static void read_request(struct log_text request, struct log_line *line)
{
    struct reader r = { request.at, request.at + request.bytes };
    struct log_text method, target;
    line->is_request = false;
    if (!take_until(&r, ' ', &method) || method.bytes == 0) {
        return;
    }
    if (!take_until(&r, ' ', &target)) {
        target = (struct log_text){ r.at, (uint32_t)(r.end - r.at) };
    }
    line->path = path_of(target);
    line->is_request = can_be_asked(line->path);
}

/* The request's line, up to its quotation mark; a backslash takes a meaning
   from the character after it. */
static bool take_quoted(struct reader *r, struct log_text *text)
{
    const char *first = r->at;
    while (r->at < r->end && *r->at != '"') {
        r->at += *r->at == '\\' && r->end - r->at > 1 ? 2 : 1;
    }
    *text = (struct log_text){ first, (uint32_t)(r->at - first) };
    return take(r, "\"");
}

static bool take_size(struct reader *r, struct log_line *line)
{
    uint64_t size;
    if (take(r, "-")) {
        return true;
    }
    if (!take_number(r, 1, 10, &size) || size > UINT32_MAX) {
        return false;
    }
    line->size = (uint32_t)size;
    line->has_size = true;
    return true;
}

static const char *read_common(struct reader *r, struct log_line *line)
{
    struct log_text ident, user, request;
    uint64_t status;
    if (!take_until(r, ' ', &line->client) || line->client.bytes == 0 ||
        !take_until(r, ' ', &ident) || !take_until(r, '[', &user)) {
        return "does not begin as a line of the common log format does: client "
               "ident user [time]";
    }
    if (!take_date(r, &line->at_ns) || !take(r, "] ")) {
        return "has no time such as [10/Oct/2000:13:55:36 -0700]";
    }
    if (!take(r, "\"") || !take_quoted(r, &request) || !take(r, " ")) {
        return "has no request in quotation marks after the time";
    }
    if ((!take_number(r, 3, 3, &status) && !take(r, "-")) || !take(r, " ") ||
        !take_size(r, line) || (r->at < r->end && *r->at != ' ')) {
        return "has no status and size, such as 200 2326, after the request";
    }
    read_request(request, line);
    return NULL;
}

static const char *read_csv(struct reader *r, struct log_line *line)
{
    uint64_t vm;
    if (!take_seconds(r, &line->at_ns) || !take(r, ",")) {
        return "does not begin with a time in seconds and a comma";
    }
    const char *comma = memchr(r->at, ',', (size_t)(r->end - r->at));
    struct log_text target = { r->at,
                               (uint32_t)((comma ? comma : r->end) - r->at) };
    struct reader number = { target.at, target.at + target.bytes };
    r->at += target.bytes;
    if (can_be_asked(target)) {
        line->path = target;
    } else if (take_number(&number, 1, 7, &vm) && number.at == number.end) {
        line->vm = (uint32_t)vm;
    } else {
        return "has neither a path, of at most 1023 bytes, nor the number of a "
               "VM after its time";
    }
    if (take(r, ",") && (!take_size(r, line) || !line->has_size)) {
        return "has a size that is no number of bytes below 4 GiB";
    }
    line->is_request = true;
    return r->at == r->end ? NULL : "has more than time, target and size";
}

const char *log_line_read(enum scenario_log_format format, const char *text,
                          uint32_t bytes, struct log_line *line)
{
    struct reader r = { text, text + bytes };
    if (bytes > 0 && r.end[-1] == '\r') {
        r.end--;
    }
    *line = (struct log_line){ .vm = LOG_NO_VM };
    return format == LOG_CSV ? read_csv(&r, line) : read_common(&r, line);
}

bool log_line_is_title(const char *text, uint32_t bytes)
{
    struct reader r = { text, text + bytes };
    return take(&r, "time,");
}
