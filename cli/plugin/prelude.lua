-- prelude.lua - what scripts get in place of the library's own: functions whose
-- order would depend on addresses, or on chance of the host's.
local next, type, error, raw_tostring = ...

local function is_before(a, b)
    local x, y = type(a), type(b)
    if x ~= y then
        return x == "number"
    end
    return a < b
end

-- Merges are stable, so equal elements stay as they are.
local function sort(t, before)
    before = before or is_before
    local n = #t
    local width = 1
    while width < n do
        local merged = {}
        for from = 1, n, 2 * width do
            local i, j = from, from + width
            local i_end = j < n + 1 and j or n + 1
            local j_end = from + 2 * width
            j_end = j_end < n + 1 and j_end or n + 1
            for at = from, j_end - 1 do
                if i < i_end and (j >= j_end or not before(t[j], t[i])) then
                    merged[at] = t[i]
                    i = i + 1
                else
                    merged[at] = t[j]
                    j = j + 1
                end
            end
        end
        for at = 1, n do
            t[at] = merged[at]
        end
        width = 2 * width
    end
end

-- Numbers by size, then texts by the alphabet. Other keys have no order.
local function pairs(t)
    local keys = {}
    for k in next, t do
        local kind = type(k)
        if kind ~= "number" and kind ~= "string" then
            error("pairs() takes tables whose keys are numbers or texts; one "
                  .. "is a " .. kind, 2)
        end
        keys[#keys + 1] = k
    end
    sort(keys)
    local at = 0
    return function()
        at = at + 1
        local k = keys[at]
        if k ~= nil then
            return k, t[k]
        end
    end
end

local function tostring(v)
    local kind = type(v)
    if kind == "number" or kind == "string" or kind == "boolean" then
        return raw_tostring(v)
    end
    return kind
end

return sort, pairs, tostring
