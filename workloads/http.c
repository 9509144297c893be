/* http.c - see http.h. */
#include "workloads/http.h"

#include "sim/bytes.h"
#include "workloads/content.h"

#include <string.h>

/* ---- Requests ----------------------------------------------------------- */

#define HOST_BYTES  16 /* "255.255.255.255" and the 0. */
#define PIECE_COUNT 5

struct piece {
    const char *text;
    uint32_t count;
};

/* The decimal number of a byte, then `end`. */
static char *put_number(char *to, uint32_t value, char end)
{
    if (value >= 100) {
        *to++ = (char)('0' + value / 100);
    }
    if (value >= 10) {
        *to++ = (char)('0' + value / 10 % 10);
    }
    *to++ = (char)('0' + value % 10);
    *to++ = end;
    return to;
}

static void make_host(uint32_t ip, char host[HOST_BYTES])
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        host = put_number(host, ip >> shift & 255, shift > 0 ? '.' : '\0');
    }
}

/* The text of a request; `host` must live as long as the pieces. */
static void make_pieces(const struct http_request *r, char host[HOST_BYTES],
                        struct piece pieces[PIECE_COUNT])
{
    make_host(r->remote_ip, host);
    const char *const texts[PIECE_COUNT] = {
        "GET ",
        r->path,
        " HTTP/1.1\r\nHost: ",
        host,
        "\r\nUser-Agent: iksim\r\nAccept: */*\r\n\r\n",
    };
    for (int i = 0; i < PIECE_COUNT; i++) {
        pieces[i].text = texts[i];
        pieces[i].count = (uint32_t)strlen(texts[i]);
    }
}

uint32_t http_request_bytes(const struct http_request *r)
{
    char host[HOST_BYTES];
    struct piece pieces[PIECE_COUNT];
    uint32_t count = 0;

    make_pieces(r, host, pieces);
    for (int i = 0; i < PIECE_COUNT; i++) {
        count += pieces[i].count;
    }
    return count;
}

void http_request_copy(const struct http_request *r, uint32_t offset,
                       uint8_t *to, uint32_t count)
{
    char host[HOST_BYTES];
    struct piece pieces[PIECE_COUNT];

    make_pieces(r, host, pieces);
    for (int i = 0; i < PIECE_COUNT && count > 0; i++) {
        if (offset >= pieces[i].count) {
            offset -= pieces[i].count;
            continue;
        }
        uint32_t part = pieces[i].count - offset;
        part = part < count ? part : count;
        memcpy(to, pieces[i].text + offset, part);
        to += part;
        count -= part;
        offset = 0;
    }
    SIM_ASSERT(count == 0);
}

/* ---- Responses ---------------------------------------------------------- */

/* A digit may stand where the pattern has a '#'. */
#define STATUS_LINE       "HTTP/1.# ### "
#define STATUS_LINE_BYTES (sizeof STATUS_LINE - 1)
#define MINOR_AT          7
#define STATUS_AT         9

enum response_state {
    READ_STATUS,
    READ_REASON,
    READ_REASON_END, /* The LF after a CR; likewise below. */
    READ_NAME_START,
    READ_NAME,
    READ_VALUE_START,
    READ_VALUE,
    READ_VALUE_END,
    READ_HEAD_END,
    READ_BODY
};

void http_response_init(struct http_response *r, uint32_t vm,
                        uint32_t expected_bytes)
{
    *r = (struct http_response){ .vm = vm,
                                 .expected_bytes = expected_bytes,
                                 .state = READ_STATUS };
}

void http_response_expect(struct http_response *r,
                          const struct scenario_answer *answer)
{
    r->answer = answer;
    sha256_init(&r->sha256);
}

/* What is wrong, and its place in the answer or its body. */
static enum http_result refuse(struct http_response *r, enum http_result how,
                               struct mistake_found wrong)
{
    r->wrong = wrong;
    return how;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Bytes of a field name: tchar of RFC 9110 5.6.2. */
static bool is_name(uint8_t byte)
{
    return is_digit(byte) || ((byte | 32) >= 'a' && (byte | 32) <= 'z') ||
           (byte != 0 && strchr("!#$%&'*+-.^_`|~", byte) != NULL);
}

/* Bytes of a value or a reason: all but control characters. */
static bool is_text(uint8_t byte)
{
    return byte == '\t' || (byte >= ' ' && byte != 127);
}

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 32) : byte;
}

static void append(char *array, uint8_t room, uint8_t *count, uint8_t byte)
{
    if (*count < room) {
        array[*count] = (char)byte;
    }
    if (*count <= room) {
        (*count)++;
    }
}

static bool is_word(const char *array, uint8_t count, const char *word)
{
    return count == strlen(word) && memcmp(array, word, count) == 0;
}

static enum http_result read_status(struct http_response *r, uint8_t byte)
{
    char want = STATUS_LINE[r->matched];
    if (want == '#' ? !is_digit(byte) : byte != (uint8_t)want) {
        return HTTP_MALFORMED;
    }
    if (r->matched == MINOR_AT) {
        r->closes = byte == '0';
    }
    if (r->matched >= STATUS_AT && r->matched < STATUS_AT + 3) {
        r->value[r->value_count++] = (char)byte;
    }
    r->matched++;
    if (r->matched < STATUS_LINE_BYTES) {
        return HTTP_MORE;
    }
    r->state = READ_REASON;
    uint32_t status = (uint32_t)(r->value[0] - '0') * 100 +
                      (uint32_t)(r->value[1] - '0') * 10 +
                      (uint32_t)(r->value[2] - '0');
    uint32_t right = r->answer ? r->answer->status : 200;
    r->has_body = status != 204 && status != 304;
    return right == 0 || status == right
               ? HTTP_MORE
               : refuse(r, HTTP_WRONG_STATUS,
                        (struct mistake_found){ MISTAKE_STATUS, 0, right,
                                                status });
}

static enum http_result take_length(struct http_response *r)
{
    uint64_t length = 0;
    if (r->value_count == 0 || r->value_count > HTTP_VALUE_BYTES) {
        return HTTP_MALFORMED;
    }
    for (uint8_t i = 0; i < r->value_count; i++) {
        if (!is_digit((uint8_t)r->value[i])) {
            return HTTP_MALFORMED;
        }
        length = length * 10 + (uint64_t)(r->value[i] - '0');
    }
    if (length > UINT32_MAX || (r->has_length && length != r->length_bytes)) {
        return HTTP_MALFORMED;
    }
    r->has_length = true;
    r->length_bytes = (uint32_t)length;
    return HTTP_MORE;
}

/* A header line is complete. Trailing blanks are not part of its value. */
static enum http_result take_header(struct http_response *r)
{
    while (r->value_count > 0 && r->value_count <= HTTP_VALUE_BYTES &&
           (r->value[r->value_count - 1] == ' ' ||
            r->value[r->value_count - 1] == '\t')) {
        r->value_count--;
    }
    if (is_word(r->name, r->name_count, "content-length")) {
        return take_length(r);
    }
    if (is_word(r->name, r->name_count, "transfer-encoding")) {
        return HTTP_MALFORMED;
    }
    if (is_word(r->name, r->name_count, "connection")) {
        r->closes =
            is_word(r->value, r->value_count, "close") ||
            (r->closes && !is_word(r->value, r->value_count, "keep-alive"));
    }
    return HTTP_MORE;
}

/* The body is whole: is it the one? */
static enum http_result end_body(struct http_response *r)
{
    if (!r->answer || !r->answer->has_sha256) {
        return HTTP_DONE;
    }
    uint8_t digest[SHA256_BYTES];
    sha256_end(&r->sha256, digest);
    if (memcmp(digest, r->answer->sha256, sizeof(digest)) == 0) {
        return HTTP_DONE;
    }
    return refuse(r, HTTP_WRONG_BYTE,
                  (struct mistake_found){ MISTAKE_DIGEST, 0,
                                          get_be32(r->answer->sha256),
                                          get_be32(digest) });
}

/* Whether a body of so many bytes is right. */
static bool is_right_length(const struct http_response *r, uint32_t bytes)
{
    return r->answer ? !r->answer->has_bytes || bytes == r->answer->bytes
                     : bytes == r->expected_bytes;
}

static enum http_result refuse_length(struct http_response *r, uint32_t bytes)
{
    uint32_t right = r->answer ? r->answer->bytes : r->expected_bytes;
    return refuse(r, HTTP_WRONG_LENGTH,
                  (struct mistake_found){ MISTAKE_LENGTH, 0, right, bytes });
}

static enum http_result end_head(struct http_response *r)
{
    if (r->answer && !r->has_body) {
        r->length_bytes = 0;
        r->has_length = true;
    }
    if (!r->has_length && !r->answer) {
        return HTTP_MALFORMED;
    }
    r->state = READ_BODY;
    if (!r->has_length) {
        r->length_bytes = UINT32_MAX;
        r->ends_with_connection = true;
        r->closes = true;
        return HTTP_MORE;
    }
    if (!is_right_length(r, r->length_bytes)) {
        return refuse_length(r, r->length_bytes);
    }
    return r->length_bytes > 0 ? HTTP_MORE : end_body(r);
}

/* To `next` when the byte is the one awaited. */
static enum http_result step(struct http_response *r, bool is_right,
                             enum response_state next)
{
    r->state = (uint8_t)next;
    return is_right ? HTTP_MORE : HTTP_MALFORMED;
}

static enum http_result read_name(struct http_response *r, uint8_t byte)
{
    if (byte == ':' && r->state == READ_NAME) {
        r->value_count = 0;
        return step(r, true, READ_VALUE_START);
    }
    append(r->name, HTTP_NAME_BYTES, &r->name_count, lower(byte));
    return step(r, is_name(byte), READ_NAME);
}

static enum http_result read_value(struct http_response *r, uint8_t byte)
{
    if (byte == '\r') {
        return step(r, true, READ_VALUE_END);
    }
    if (r->state == READ_VALUE_START && (byte == ' ' || byte == '\t')) {
        return HTTP_MORE;
    }
    append(r->value, HTTP_VALUE_BYTES, &r->value_count, lower(byte));
    return step(r, is_text(byte), READ_VALUE);
}

static enum http_result read_head(struct http_response *r, uint8_t byte)
{
    if (++r->head_bytes > HTTP_HEAD_BYTES) {
        return HTTP_MALFORMED;
    }
    switch ((enum response_state)r->state) {
    case READ_STATUS:
        return read_status(r, byte);
    case READ_REASON:
        return byte == '\r' ? step(r, true, READ_REASON_END)
                            : step(r, is_text(byte), READ_REASON);
    case READ_REASON_END:
        return step(r, byte == '\n', READ_NAME_START);
    case READ_NAME_START:
        r->name_count = 0;
        return byte == '\r' ? step(r, true, READ_HEAD_END) : read_name(r, byte);
    case READ_NAME:
        return read_name(r, byte);
    case READ_VALUE_START:
    case READ_VALUE:
        return read_value(r, byte);
    case READ_VALUE_END:
        r->state = READ_NAME_START;
        return byte == '\n' ? take_header(r) : HTTP_MALFORMED;
    case READ_HEAD_END:
        return byte == '\n' ? end_head(r) : HTTP_MALFORMED;
    case READ_BODY:
        break;
    }
    return HTTP_MALFORMED;
}

static enum http_result read_body(struct http_response *r, const uint8_t *bytes,
                                  uint32_t count)
{
    uint32_t left = r->length_bytes - r->body_bytes;
    uint32_t wrong;
    if (count > left) {
        return refuse(r, HTTP_MALFORMED,
                      (struct mistake_found){ MISTAKE_EXTRA, r->length_bytes, 0,
                                              bytes[left] });
    }
    if (r->answer) {
        sha256_add(&r->sha256, bytes, r->answer->has_sha256 ? count : 0);
    } else if (!content_is_right(r->vm, r->body_bytes, bytes, count, &wrong)) {
        uint8_t right;
        content_fill(r->vm, wrong, &right, 1);
        return refuse(r, HTTP_WRONG_BYTE,
                      (struct mistake_found){ MISTAKE_BYTE, wrong, right,
                                              bytes[wrong - r->body_bytes] });
    }
    r->body_bytes += count;
    return r->body_bytes == r->length_bytes && !r->ends_with_connection
               ? end_body(r)
               : HTTP_MORE;
}

uint32_t http_response_bytes(const struct http_response *r)
{
    return r->state == READ_BODY && r->has_length
               ? r->head_bytes + r->length_bytes
               : MISTAKE_UNKNOWN;
}

enum http_result http_response_end(struct http_response *r)
{
    if (r->state != READ_BODY || !r->ends_with_connection) {
        return refuse(r, HTTP_MALFORMED,
                      (struct mistake_found){ MISTAKE_CLOSED, 0,
                                              http_response_bytes(r),
                                              r->head_bytes + r->body_bytes });
    }
    return is_right_length(r, r->body_bytes) ? end_body(r)
                                             : refuse_length(r, r->body_bytes);
}

enum http_result http_response_read(struct http_response *r,
                                    const uint8_t *bytes, uint32_t count)
{
    enum http_result result = HTTP_MORE;
    uint32_t i = 0;

    while (i < count && result == HTTP_MORE && r->state != READ_BODY) {
        result = read_head(r, bytes[i++]);
    }
    if (result == HTTP_MALFORMED) {
        r->wrong = (struct mistake_found){ MISTAKE_FORM, r->head_bytes - 1, 0,
                                           bytes[i - 1] };
    }
    if (result == HTTP_DONE) {
        return i == count
                   ? HTTP_DONE
                   : refuse(r, HTTP_MALFORMED,
                            (struct mistake_found){
                                MISTAKE_EXTRA, r->body_bytes, 0, bytes[i] });
    }
    if (result != HTTP_MORE || i == count) {
        return result;
    }
    return read_body(r, bytes + i, count - i);
}
