/* http_parser.c - see http_parser.h; RFC 9110 and 9112 in small. */
#include "workloads/guests/http_parser.h"

#include <ctype.h>
#include <string.h>

/* A part of the line. */
struct span {
    const char *text;
    size_t bytes;
};

/* Whatever the case: names of headers and their options. */
static bool span_is(struct span span, const char *lower_case)
{
    for (size_t i = 0; i < span.bytes; i++) {
        if (tolower((unsigned char)span.text[i]) != lower_case[i]) {
            return false; /* Also where lower_case ends. */
        }
    }
    return lower_case[span.bytes] == '\0';
}

static bool span_starts(struct span span, const char *text)
{
    size_t bytes = strlen(text);
    return span.bytes >= bytes && strncmp(span.text, text, bytes) == 0;
}

/* Cuts what is before the first `mark` off `rest`; all when there is none. */
static struct span span_cut(struct span *rest, char mark)
{
    const char *at = memchr(rest->text, mark, rest->bytes);
    size_t bytes = at == NULL ? rest->bytes : (size_t)(at - rest->text);
    size_t taken = at == NULL ? bytes : bytes + 1;
    struct span cut = { rest->text, bytes };
    rest->text += taken;
    rest->bytes -= taken;
    return cut;
}

static struct span span_trim(struct span span)
{
    while (span.bytes > 0 && isspace((unsigned char)span.text[0])) {
        span.text++;
        span.bytes--;
    }
    while (span.bytes > 0 &&
           isspace((unsigned char)span.text[span.bytes - 1])) {
        span.bytes--;
    }
    return span;
}

/* RFC 9110, 5.6.2: what methods and names of headers are made of. */
static bool span_is_token(struct span span)
{
    for (size_t i = 0; i < span.bytes; i++) {
        char c = span.text[i];
        if (!isalnum((unsigned char)c) &&
            (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c))) {
            return false;
        }
    }
    return span.bytes > 0;
}

static void fail(struct http_parser *p, enum http_status status)
{
    if (p->request.status == HTTP_OK || p->request.status == HTTP_NOT_FOUND) {
        p->request.status = status;
    }
    p->request.is_keep_alive = false;
}

/* "/", "/index..." and either with a query are here; the rest is not. */
static bool is_found(struct span target)
{
    if (span_starts(target, "http://")) { /* The absolute form. */
        target.text += strlen("http://");
        target.bytes -= strlen("http://");
        (void)span_cut(&target, '/');
        target.text--; /* The slash again, or the byte before the end. */
        target.bytes++;
    }
    struct span path = span_cut(&target, '?');
    return span_is(path, "/") || span_starts(path, "/index");
}

static void take_request_line(struct http_parser *p, struct span line)
{
    struct span method = span_cut(&line, ' ');
    struct span target = span_cut(&line, ' ');
    struct span version = line;
    p->has_first_line = true;
    if (!span_is_token(method) || target.bytes == 0 || version.bytes != 8 ||
        !span_starts(version, "HTTP/1.") ||
        !isdigit((unsigned char)version.text[7])) {
        fail(p, p->is_line_cut ? HTTP_URI_TOO_LONG : HTTP_BAD_REQUEST);
        return;
    }
    p->is_version_1_0 = version.text[7] == '0';
    p->request.is_keep_alive = !p->is_version_1_0;
    p->request.is_head = method.bytes == 4 && span_starts(method, "HEAD");
    bool is_get = method.bytes == 3 && span_starts(method, "GET");
    if (!is_get && !p->request.is_head) {
        fail(p, HTTP_METHOD_NOT_ALLOWED);
    } else if (!is_found(target)) {
        p->request.status = HTTP_NOT_FOUND;
    }
}

static void take_connection(struct http_parser *p, struct span options)
{
    while (options.bytes > 0) {
        struct span option = span_trim(span_cut(&options, ','));
        if (span_is(option, "close")) {
            p->request.is_keep_alive = false;
        } else if (span_is(option, "keep-alive") && p->is_version_1_0) {
            p->request.is_keep_alive = true;
        }
    }
}

static void take_content_length(struct http_parser *p, struct span value)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < value.bytes; i++) {
        if (!isdigit((unsigned char)value.text[i]) || i >= 18) {
            fail(p, HTTP_BAD_REQUEST);
            return;
        }
        bytes = bytes * 10 + (uint64_t)(value.text[i] - '0');
    }
    if (value.bytes == 0 || (p->skip_bytes != 0 && p->skip_bytes != bytes)) {
        fail(p, HTTP_BAD_REQUEST);
        return;
    }
    p->skip_bytes = bytes;
}

static void take_header(struct http_parser *p, struct span line)
{
    struct span value = line;
    struct span name = span_cut(&value, ':');
    /* A token has no space: neither before the colon nor as a folded line. */
    if (!span_is_token(name) || name.bytes == line.bytes) {
        fail(p, HTTP_BAD_REQUEST);
        return;
    }
    value = span_trim(value);
    if (span_is(name, "connection")) {
        take_connection(p, value);
    } else if (span_is(name, "content-length")) {
        take_content_length(p, value);
    } else if (span_is(name, "transfer-encoding")) {
        fail(p, HTTP_BAD_REQUEST); /* A body whose end we would not find. */
    } else if (span_is(name, "host")) {
        p->has_host = true;
    }
}

/* True when the request is complete. */
static bool take_line(struct http_parser *p)
{
    struct span line = { p->line, p->line_bytes };
    if (line.bytes > 0 && line.text[line.bytes - 1] == '\r') {
        line.bytes--;
    }
    bool is_empty = line.bytes == 0;
    bool is_end = is_empty && p->has_first_line;
    if (is_end) {
        if (!p->is_version_1_0 && !p->has_host) {
            fail(p, HTTP_BAD_REQUEST);
        }
    } else if (p->has_first_line) {
        take_header(p, line);
    } else if (!is_empty) { /* Empty lines before a request are allowed. */
        take_request_line(p, line);
    }
    p->line_bytes = 0;
    p->is_line_cut = false;
    bool is_broken = p->request.status != HTTP_OK &&
                     p->request.status != HTTP_NOT_FOUND &&
                     p->request.status != HTTP_METHOD_NOT_ALLOWED;
    return is_end || is_broken;
}

/* Keeps what fits of a line. */
static void keep(struct http_parser *p, const char *bytes, size_t count)
{
    size_t room = HTTP_LINE_BYTES - (size_t)p->line_bytes;
    p->is_line_cut = p->is_line_cut || count > room;
    count = count < room ? count : room;
    memcpy(p->line + p->line_bytes, bytes, count);
    p->line_bytes = (uint16_t)(p->line_bytes + count);
}

/* Takes up to the end of the line; *is_complete as http_parser_take(). */
static size_t take_piece(struct http_parser *p, const char *bytes, size_t count,
                         bool *is_complete)
{
    const char *end = memchr(bytes, '\n', count);
    size_t kept = end == NULL ? count : (size_t)(end - bytes);
    size_t taken = end == NULL ? count : kept + 1;
    if (taken > HTTP_HEAD_BYTES - p->head_bytes) {
        fail(p, HTTP_HEADERS_TOO_LARGE);
        *is_complete = true;
        return taken;
    }
    p->head_bytes += (uint32_t)taken;
    keep(p, bytes, kept);
    *is_complete = end != NULL && take_line(p);
    return taken;
}

static void begin_request(struct http_parser *p)
{
    p->request = (struct http_request){ .status = HTTP_OK };
    p->head_bytes = 0;
    p->line_bytes = 0;
    p->is_line_cut = false;
    p->has_first_line = false;
    p->is_version_1_0 = false;
    p->has_host = false;
}

void http_parser_init(struct http_parser *parser)
{
    parser->skip_bytes = 0;
    begin_request(parser);
}

size_t http_parser_take(struct http_parser *parser, const char *bytes,
                        size_t count, bool *is_complete)
{
    *is_complete = false;
    size_t taken = 0;
    if (parser->head_bytes == 0) {
        taken = parser->skip_bytes < count ? (size_t)parser->skip_bytes : count;
        parser->skip_bytes -= taken;
    }
    while (taken < count && !*is_complete) {
        if (parser->head_bytes == 0) {
            begin_request(parser);
        }
        taken += take_piece(parser, bytes + taken, count - taken, is_complete);
    }
    if (*is_complete) {
        parser->head_bytes = 0;
    }
    return taken;
}
