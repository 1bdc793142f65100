-- The assistant on FreeSWITCH 1.10, by keys. Needs mod_lua, mod_curl, lua-cjson and a voice (tts_engine, tts_voice).
-- See docs/ivr.md.
--
--   <extension name="botkit"><condition field="destination_number" expression="^10036$">
--     <action application="set" data="botkit_url=http://127.0.0.1:5005/webhooks/ivr"/>
--     <action application="set" data="botkit_secret=..."/>
--     <action application="set" data="botkit_number=${caller_id_number}"/>   <!-- only from a trunk that vouches for it -->
--     <action application="lua" data="botkit_ivr.lua"/>
--   </condition></extension>
--
-- Where the answer has a transfer, the call goes to the extension queue-GROUP of the same context; where the assistant is
-- out of order, to queue-general without it.

local json = require("cjson")
local api = freeswitch.API()
local url = session:getVariable("botkit_url")
local secret = session:getVariable("botkit_secret")
local number = session:getVariable("botkit_number")
local call_id = session:get_uuid()
local turn = -1

-- The answer to one request; the same request again where it failed. nil where there is none.
local function ask(event, keys)
  turn = turn + 1
  local asked = { call_id = call_id, event = event, turn = turn, keys = keys }
  if number and number ~= "" then asked.number = number end
  -- mod_curl reads ten words at most; what has a blank in it stands in single quotes
  local command = url .. " timeout 10 content-type application/json append_headers 'Authorization: Bearer "
    .. secret .. "' post " .. json.encode(asked)
  for _ = 1, 4 do
    local good, answer = pcall(json.decode, api:execute("curl", command))
    if good and type(answer) == "table" and answer.say then return answer end
    session:sleep(1000)
  end
  freeswitch.consoleLog("err", "botkit_ivr: no answer from " .. url .. ", see docs/ivr.md\n")
  return nil
end

local function say(answer)
  for _, sentence in ipairs(answer.say) do
    if session:ready() then session:speak(sentence) end
  end
end

local function listen(answer)
  if answer.expect == "digits" then
    return session:getDigits(answer.max_digits, "#", 6000, 4000)
  end
  return session:getDigits(1, "", answer.transfer and 2000 or 6000)
end

session:answer()
session:set_tts_params(session:getVariable("tts_engine") or "flite", session:getVariable("tts_voice") or "kal")
local answer = ask("start")
while answer and session:ready() do
  say(answer)
  if answer.again then
    answer = ask("again")
  elseif answer.hangup then
    break
  else
    local keys = listen(answer)
    if keys and keys ~= "" then
      answer = ask("input", keys)
    elseif answer.transfer then
      session:setVariable("botkit_summary", answer.transfer.summary)
      session:setVariable("botkit_conversation", answer.transfer.conversation)
      session:transfer("queue-" .. answer.transfer.queue)
      return
    else
      answer = ask("no_input")
    end
  end
end
if answer == nil and session:ready() then
  session:transfer("queue-general")
  return
end
ask("hangup")
session:hangup()
