-- Round robin without a boost, as the built-in round-robin-no-boost.
local function create(host_facts)
    return {
        quantum = host_facts.quantum,
        queue = host.heap(),
        carry = {},
        arrivals = 0,
    }
end

local function ready(s, vm)
    local key = s.arrivals
    s.arrivals = key + 1
    s.queue:push(vm, key)
    return key
end

local function remove(s, vm)
    s.queue:remove(vm)
end

-- A whole quantum, less what the VM owes.
local function whole(s, vm)
    local carry = s.carry[vm] or 0
    return carry < 0 and math.max(s.quantum + carry, 1) or s.quantum
end

local function pick(s)
    local vm = s.queue:pop()
    if not vm then
        return nil
    end
    local carry = s.carry[vm] or 0
    return vm, carry > 0 and carry or whole(s, vm)
end

local function take(s, vm)
    s.queue:remove(vm)
    return whole(s, vm)
end

local function stop(s, vm, why, granted, used)
    local left = granted - used
    s.carry[vm] = (why == "paging" or left < 0) and left or 0
end

return {
    kind = "scheduler",
    summary = "in turns",
    promises = { ordered = true, bound = 1 },
    create = create,
    ready = ready,
    remove = remove,
    pick = pick,
    take = take,
    stop = stop,
}
