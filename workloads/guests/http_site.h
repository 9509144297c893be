/*
 * http_site.h - what web servers of one document have in common: what is in
 * the document, the heads of answers, and listening for clients.
 */
#ifndef WORKLOADS_GUESTS_HTTP_SITE_H
#define WORKLOADS_GUESTS_HTTP_SITE_H

#include "workloads/guests/document.h"
#include "workloads/guests/http_connection.h"

#include <stdint.h>
#include <stdnoreturn.h>

/* What http_site_serve() reads from the command line. */
#define HTTP_SITE_KEYS "port", "timeout"

/*
 * Writes bytes [offset, offset + count) of this VM's document, from the start
 * of a line on: lines of 16 bytes, "%06x %08x\n" of the VM's number and the
 * line's offset, the last one cut to size. So a client knows each byte.
 */
void http_document_fill(uint32_t offset, char *to, uint32_t count);

/* Serves for ever a site whose body and hooks are set: fills in the rest. */
noreturn void http_site_serve(struct http_site *site);

#endif /* WORKLOADS_GUESTS_HTTP_SITE_H */
