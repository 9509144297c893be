/*
 * document.h - what clients must know of the document that a web server of
 * ours has: plain numbers, for the guests and for the simulated clients.
 */
#ifndef WORKLOADS_GUESTS_DOCUMENT_H
#define WORKLOADS_GUESTS_DOCUMENT_H

#define DOCUMENT_BYTES      2258 /* Without a `size=`. */
#define DOCUMENT_LINE_BYTES 16
#define DOCUMENT_PORT       80 /* Without a `port=`. */

#endif /* WORKLOADS_GUESTS_DOCUMENT_H */
