#!/bin/bash
# Programs whose memory adds up to eight times what there is run to their end
# and find every word as they wrote it, whatever the policy, the block and the
# tables; and each such run can be repeated.
. "${0%/*}/lib.sh"
cd "$work" || exit 2

# Four programs, each of an order of its own, in 2 MiB for pages and tables.
cat >paging.yaml <<'END'
run:     {seed: 1, boot: modelled, warmup: 0s, duration: 600s}
machine: {ram: 4MiB}
kernel:  {min_free: 64KiB, rx_pool: 16}
vms:
  - {name: sequential, image: pager, count: 2, memory: 2MiB,
     args: "pages=400 order=sequential rounds=2 words=16"}
  - {name: random, image: pager, count: 2, memory: 2MiB,
     args: "pages=400 order=random rounds=2 words=16"}
  - {name: zipf, image: pager, count: 2, memory: 2MiB,
     args: "pages=400 order=zipf rounds=2 words=16"}
  - {name: loop, image: pager, count: 2, memory: 2MiB,
     args: "pages=400 order=loop loop=24 rounds=4 words=16"}
END

# page NAME ARGUMENT...: all eight say that they found what they wrote.
page() {
    simulate "$@" --console
    expect "$1: VMs that terminated" 8 "$(value "$1" .vms.terminated)"
    expect "$1: VMs that are content" 8 \
        "$(grep -c 'all words as written' "$1.err")"
}
policies=(wsclock clock fifo lru random)
gates=(fifo open working-set)
blocks=(4 8 16 32 64)
n=0
for policy in "${policies[@]}"; do
    for gate in "${gates[@]}"; do
        args=(paging.yaml --set kernel.replacement="$policy"
            --set kernel.gatekeeper="$gate"
            --set kernel.paging_block="${blocks[n % 5]}KiB")
        [ $((n % 2)) -eq 0 ] || args+=(--set kernel.page_tables=on-demand)
        [ $((n % 3)) -eq 0 ] || args+=(--set kernel.swap=static)
        page run "${args[@]}"
        page again "${args[@]}" --check --set kernel.text=private
        expect "$policy, $gate: the same fingerprint" \
            "$(value run .fingerprint)" "$(value again .fingerprint)"
        n=$((n + 1))
    done
done
