-- The page that came in first goes first: the built-in replacement `fifo`.
local function create()
    return { queue = host.heap(), arrivals = 0 }
end

local function enter(s, frame)
    s.arrivals = s.arrivals + 1
    s.queue:push(frame, s.arrivals)
end

local function leave(s, frame)
    s.queue:remove(frame)
end

-- Frames that may not be taken now keep their places.
local function victim(s)
    local passed = {}
    local found
    repeat
        local frame, key = s.queue:pop()
        if frame then
            passed[#passed + 1] = { frame, key }
            found = host.may_take(frame) and frame or nil
        end
    until found or not frame
    for _, p in ipairs(passed) do
        s.queue:push(p[1], p[2])
    end
    return found
end

return {
    kind = "replacement",
    summary = "the page that came in first goes first",
    create = create,
    enter = enter,
    leave = leave,
    victim = victim,
}
