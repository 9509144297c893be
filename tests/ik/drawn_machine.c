/* drawn_machine.c - see drawn_machine.h. */
#include "tests/ik/drawn_machine.h"

#include "ik/policy/policies.h"

void drawn_machine(struct bench *b, struct draws *d)
{
    static const char *const profiles[] = { "denali-2002", "ideal", "modern" };
    struct scenario *s = &b->scenario;
    b->machine = *machine_find(profiles[draw(d, 3)]);
    s->ram_bytes = (uint64_t)(400 + draw(d, 6000)) * 4096;
    s->min_free_bytes = (uint64_t)draw(d, 64) * 4096;
    s->quantum_ns = 1 + draw(d, 200000);
    s->lease_ns = 1 + draw(d, 1000000);
    s->rx_queue = 1 + draw(d, 8);
    s->tx_queue = 1 + draw(d, 8);
    s->rx_pool = 1 + draw(d, 40);
    s->text = draw(d, 2) ? TEXT_SHARED : TEXT_PRIVATE;
    s->page_tables = draw(d, 2) ? TABLES_EAGER : TABLES_ON_DEMAND;
    s->swap = draw(d, 2) ? SWAP_SPARSE : SWAP_STATIC;
    s->link.bits_per_second = 1000000ull << draw(d, 10);
    b->whole_audit_period = 1 + draw(d, 40);
    b->receive = rx_policies[draw(d, 2)];
    b->transmit = tx_policies[draw(d, 2)];
}
