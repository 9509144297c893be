-- First come, first admitted while frames are free: the built-in gatekeeper
-- `fifo`, in Lua.
local function create(run)
    return { waiting = host.heap(), min_free = run.min_free }
end

local function arrive(s, vm)
    s.waiting:push(vm) -- Keys are equal: who came first is first.
end

local function leave(s, vm)
    s.waiting:remove(vm)
end

local function head(s)
    return (s.waiting:first())
end

local function admit(s, free, unfilled)
    if free < unfilled + s.min_free then
        return nil
    end
    return (s.waiting:pop())
end

return {
    kind = "gatekeeper",
    summary = "first come, first admitted",
    create = create,
    arrive = arrive,
    leave = leave,
    head = head,
    admit = admit,
}
