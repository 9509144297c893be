/* time_wait.c - see time_wait.h. */
#include "ilwaco/net/time_wait.h"

#include "lwip/priv/tcp_priv.h"

/* Takes what `link` points to out of the list and frees it. */
static void drop(struct tcp_pcb **link)
{
    struct tcp_pcb *pcb = *link;
    *link = pcb->next;
    tcp_pcb_purge(pcb);
    tcp_free(pcb);
}

void time_wait_reclaim(void)
{
    struct tcp_pcb **link = &tcp_tw_pcbs;
    while (*link != NULL) {
        if (tcp_ticks - (*link)->tmr > TIME_WAIT_TICKS) {
            drop(link);
        } else {
            link = &(*link)->next;
        }
    }
}

void time_wait_make_way(const struct syn *syn)
{
    for (struct tcp_pcb **link = &tcp_tw_pcbs; *link != NULL;
         link = &(*link)->next) {
        const struct tcp_pcb *pcb = *link;
        if (pcb->remote_port == syn->from_port &&
            pcb->local_port == syn->to_port &&
            pcb->remote_ip.addr == syn->from &&
            TCP_SEQ_GEQ(syn->sequence, pcb->rcv_nxt)) {
            drop(link);
            return;
        }
    }
}
