#!/bin/bash
# Opt-in, by `tools/evidence capacity`: it takes a minute. What README's
# capacity command answers is what runs with a warm-up of a minute
# say: that value meets the objective, and the next one tried does not.
. "${0%/*}/lib.sh"
cd "$work" || exit 2
read -r -a words <<<"$(sed -n "s/^ *iksim capacity SCENARIO //p" \
    "$tree/README.md" | tr -d "'")"
[ "${words[0]}" = --over ] || fail "README.md has no capacity command"
for ((i = 0; i < ${#words[@]}; i++)); do
    case ${words[i]} in
    --over | --from | --to) call+=("${words[i]}" "${words[i + 1]}") ;;
    --set) sets+=(--set "${words[i + 1]}") ;;
    --slo) call+=(--slo "${words[*]:i+1:3}") limit=${words[i + 3]%ms} ;;
    esac
done
"$iksim" capacity "$first" "${call[@]}" "${sets[@]}" --json >found.json 2>err ||
    fail "capacity ${call[*]}: exit $?: $(cat err)"
answer=$(value found '.value | floor')
echo "README's capacity: $answer, warm-up $(value found '.warmup_ns / 1e6') ms"

# p99 COUNT: in milliseconds, rounded up.
p99() {
    simulate minute "$first" --set "vms[0].count=$1" --set run.warmup=60s \
        "${sets[@]}"
    value minute '.load.latency_ns.p99 / 1e6 | ceil'
}
reached=$(p99 "$answer")
between "p99 of $answer VMs after a minute, ms" 0 "$limit" "$reached"
echo "After a minute $answer VMs have a p99 of $reached ms."
[ "$(value found .at_end)" = true ] || {
    more=$(value found '[.points[] | select(.whole and (.passes | not)).value] |
        min | floor')
    after=$(p99 "$more")
    [ "$after" -gt "$limit" ] ||
        fail "$more VMs have a p99 of $after ms after a minute"
    echo "After a minute $more VMs have a p99 of $after ms."
}
exit 0
