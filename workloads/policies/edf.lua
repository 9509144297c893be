-- Earliest deadline first (Liu and Layland, 1973): a VM that becomes ready is to
-- have run within its deadline, and goes before all whose deadline is later, at
-- once. Each quantum of a VM that computes on is a job of its own.
local function create(run)
    local s = { queue = host.heap(), deadline = {}, due = {} }
    for vm = 0, run.vm_limit - 1 do
        s.deadline[vm] = host.vm_arg(vm, "deadline")
    end
    return s
end

local function ready(s, vm)
    local due = s.due[vm]
    if not due then
        due = host.now() + s.deadline[vm]
        s.due[vm] = due
    end
    s.queue:push(vm, due)
    return due
end

local function remove(s, vm)
    s.queue:remove(vm)
end

local function pick(s)
    local vm, due = s.queue:pop()
    if vm then
        host.reason(1, due)
    end
    return vm
end

local function stop(s, vm, why)
    if why ~= "paging" and why ~= "preempted" then
        s.due[vm] = nil
    end
end

local function preempts(s, vm, running)
    return s.due[vm] < s.due[running]
end

return {
    kind = "scheduler",
    summary = "the earliest deadline first, at once",
    source = "Liu and Layland, Scheduling Algorithms for Multiprogramming in "
        .. "a Hard-Real-Time Environment, 1973",
    promises = { ordered = true },
    reasons = { "its deadline is %t" },
    vm_args = {
        { name = "deadline", unit = "time", low = "1us", high = "1000s",
          default = "1s", meaning = "from when it is ready to when it has run" },
    },
    create = create,
    ready = ready,
    remove = remove,
    pick = pick,
    stop = stop,
    preempts = preempts,
}
