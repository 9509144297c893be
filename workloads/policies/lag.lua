-- Earliest eligible virtual deadline first (Stoica and Abdel-Wahab, 1995): a
-- VM's lag is what it should have had by its shares, less what it has had. Of
-- those that have had no more than they should, the one whose quantum should
-- be over first goes next.
local UNIT <const> = 1 << 16 -- Of virtual time, in a cycle of one share.

local function create(run)
    local s = { early = host.heap(), eligible = host.heap(), shares = {},
                at = {}, now = 0, total = 0, quantum = run.quantum }
    for vm = 0, run.vm_limit - 1 do
        s.shares[vm] = host.vm(vm)
        s.at[vm] = 0
    end
    return s
end

-- `at` is when the VM has had what it should: its lag is `now` less that. What
-- it was owed while it was away is forgotten, what it owes is not.
local function ready(s, vm)
    s.at[vm] = math.max(s.at[vm], s.now)
    s.early:push(vm, s.at[vm])
    s.total = s.total + s.shares[vm]
    return s.at[vm]
end

local function remove(s, vm)
    if not s.early:remove(vm) then
        s.eligible:remove(vm)
    end
    s.total = s.total - s.shares[vm]
end

local function pick(s)
    local vm, at = s.early:first()
    while vm and (at <= s.now or s.eligible:count() == 0) do
        s.early:pop()
        s.eligible:push(vm, at + s.quantum * UNIT // s.shares[vm])
        vm, at = s.early:first()
    end
    return (s.eligible:pop())
end

local function stop(s, vm, why, granted, used)
    s.now = s.now + used * UNIT // s.total
    s.total = s.total - s.shares[vm]
    s.at[vm] = s.at[vm] + used * UNIT // s.shares[vm]
end

-- It stays among those by whose shares time goes, until stop().
local function take(s, vm)
    if not s.early:remove(vm) then
        s.eligible:remove(vm)
    end
    return s.quantum
end

return {
    kind = "scheduler",
    summary = "of those that are owed something, the earliest deadline",
    source = "Stoica and Abdel-Wahab, Earliest Eligible Virtual Deadline First, "
        .. "1995",
    promises = { shares = "expected" },
    create = create,
    ready = ready,
    remove = remove,
    pick = pick,
    take = take,
    stop = stop,
}
