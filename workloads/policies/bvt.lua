-- Borrowed virtual time (Duda and Cheriton, SOSP 1999): who has had least for
-- its shares goes next. A VM with a warp borrows from its own future: it goes
-- earlier by that, and gets no more in the long run.
local FAR <const> = 1 << 40 -- A key is not negative, whatever the warp.

local function create(run)
    local s = { queue = host.heap(), shares = {}, warp = {}, actual = {},
                least = 0 }
    for vm = 0, run.vm_limit - 1 do
        s.shares[vm] = host.vm(vm)
        s.warp[vm] = host.vm_arg(vm, "warp")
        s.actual[vm] = 0
    end
    return s
end

local function key_of(s, vm)
    return s.actual[vm] + FAR - s.warp[vm]
end

-- Who was away saves nothing up.
local function ready(s, vm)
    s.actual[vm] = math.max(s.actual[vm], s.least)
    local key = key_of(s, vm)
    s.queue:push(vm, key)
    return key
end

local function remove(s, vm)
    s.queue:remove(vm)
end

local function pick(s)
    local vm = s.queue:pop()
    if vm and s.warp[vm] == 0 then
        s.least = math.max(s.least, s.actual[vm])
    end
    return vm
end

local function stop(s, vm, why, granted, used)
    s.actual[vm] = s.actual[vm] + used * 100 // s.shares[vm]
end

local function preempts(s, vm, running, used)
    return key_of(s, vm) < key_of(s, running) + used * 100 // s.shares[running]
end

return {
    kind = "scheduler",
    summary = "who has had least for its shares, less what it borrows",
    source = "Duda and Cheriton, Borrowed-Virtual-Time (BVT) Scheduling, SOSP "
        .. "1999",
    promises = { ordered = true, shares = "expected" },
    vm_args = {
        { name = "warp", unit = "time", low = "0s", high = "10s",
          default = "0s", meaning = "how much earlier it goes" },
    },
    create = create,
    ready = ready,
    remove = remove,
    pick = pick,
    stop = stop,
    preempts = preempts,
}
