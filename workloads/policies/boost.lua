-- Round robin in which who idled early goes first once, as the built-in
-- round-robin (Denali); plain.lua is the one without.
local function create(run)
    return {
        quantum = run.quantum,
        run = host.arg("run"), -- Preferred choices in a row, at most.
        preferred_run = 0,     -- And so far.
        preferred = host.heap(),
        others = host.heap(),
        is_preferred = {},
        carry = {}, -- Cycles: > 0 what is left of a quantum, < 0 a debt.
        arrivals = 0,
    }
end

local function queue_of(s, vm)
    return s.is_preferred[vm] and s.preferred or s.others
end

local function ready(s, vm)
    local key = s.arrivals
    s.arrivals = key + 1
    queue_of(s, vm):push(vm, key)
    return key, s.is_preferred[vm] or false
end

local function remove(s, vm)
    queue_of(s, vm):remove(vm)
end

-- A whole quantum, less what the VM owes.
local function whole(s, vm)
    local carry = s.carry[vm] or 0
    return carry < 0 and math.max(s.quantum + carry, 1) or s.quantum
end

local function pick(s)
    local others_wait = s.others:first() ~= nil
    local prefer = s.preferred:first() ~= nil
        and (not others_wait or s.preferred_run < s.run)
    if not prefer and not others_wait then
        return nil
    end
    s.preferred_run = prefer and others_wait and s.preferred_run + 1 or 0
    local vm = (prefer and s.preferred or s.others):pop()
    local carry = s.carry[vm] or 0
    return vm, carry > 0 and carry or whole(s, vm), prefer and others_wait
end

local function take(s, vm)
    remove(s, vm)
    return whole(s, vm)
end

local function stop(s, vm, why, granted, used)
    local left = granted - used
    s.carry[vm] = (why == "paging" or left < 0) and left or 0
    s.is_preferred[vm] = why == "idle" and left > 0
end

return {
    kind = "scheduler",
    summary = "in turns; who idled early goes first once",
    promises = { gamed = true },
    args = {
        { name = "run", unit = "number", low = 1, high = 1000000, default = 16,
          meaning = "preferred VMs that may go in a row while another waits" },
    },
    create = create,
    ready = ready,
    remove = remove,
    pick = pick,
    take = take,
    stop = stop,
}
