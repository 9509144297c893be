#!/bin/bash
# VMs are created and destroyed while clients ask for them, and everything they
# had is given back (--check looks when all is over).
. "${0%/*}/lib.sh"
cd "$work" || exit 2

cat >events.yaml <<'END'
run:     {seed: 2, warmup: 100ms, duration: 1s}
machine: {ram: 8MiB}
kernel:  {rx_pool: 256, min_free: 128KiB}
vms:
  - {name: web, image: httpd, count: 6, memory: 1MiB}
  - {name: store, image: diskd, count: 2, memory: 1MiB}
disks:   [{vms: store, size: 256KiB}]
events:
  - {at: 300ms, destroy: web, count: 2}
  - {at: 400ms, create: web, count: 3}
  - {at: 450ms, create: store}
  - {at: 500ms, destroy: store, count: 2}
  - {at: 600ms, create: store, count: 2}
load:    [{target: web, rate: 200, timeout: 300ms}]
END
sed -i '/at: 450ms/d' events.yaml
simulate events events.yaml --check=1
expect "VMs created" 13 "$(value events .vms.created)"
value events '.load | .completed > 0 and .timed_out > 0' | grep -qx true ||
    fail "load on VMs that ended: $(value events '.load | tostring')"
simulate again events.yaml --set kernel.text=private
expect "fingerprint" "$(value events .fingerprint)" \
    "$(value again .fingerprint)"
for policy in clock fifo lru random; do
    simulate "$policy" events.yaml --check --set kernel.replacement="$policy" \
        --set kernel.page_tables=on-demand --set kernel.paging_block=16KiB
done

# What does not fit is refused to whoever asked for it, and the run goes on. The
# tables of VMs that ended are used again: 64 MiB each have 128 KiB of them.
{
    cat <<'END'
run:     {warmup: 100ms, duration: 500ms}
machine: {ram: 64MiB}
vms:
  - {name: web, image: httpd, count: 4, memory: 1MiB}
  - {name: bomb, image: hello, memory: 64MiB}
load:    [{target: web, rate: 50, timeout: 5s}]
events:
END
    for at in $(seq 110 40 470); do
        echo "  - {at: ${at}ms, create: bomb, count: 2000}"
        echo "  - {at: $((at + 20))ms, destroy: bomb, count: 2000}"
    done
} >bomb.yaml
simulate bomb bomb.yaml --check
value bomb '.vms | .created + .refused == 20005 and .refused > 10000 and
    .created > 3000' | grep -qx true ||
    fail "creations: $(value bomb '.vms | tostring')"
value bomb '.host.max_rss_kib < 300000' | grep -qx true ||
    fail "host memory: $(value bomb '.host | tostring')"
