#!/usr/bin/env python3
"""AGI script: lets the assistant talk to a caller. Python 3.8+, standard library only. See docs/ivr.md.

    AGI(botkit_ivr.py,talk,NUMBER)   talk until the call is to go to a queue or to end; NUMBER only where the network vouches
                                     for it; a further argument is a key that the caller pressed in the queue
    AGI(botkit_ivr.py,hangup,NUMBER) in the extension h: tell that he has hung up
    botkit_ivr.py check              in a shell, as the user that Asterisk runs as: are the server and the voice there?

Sets BOTKIT_NEXT (queue, hangup, failed), for a queue BOTKIT_QUEUE, BOTKIT_SUMMARY and BOTKIT_CONVERSATION, and BOTKIT_TURN.

Environment (in the unit or in /etc/default of Asterisk):
BOTKIT_IVR_URL        http://127.0.0.1:5005/webhooks/ivr
BOTKIT_IVR_SECRET     the secret shared with the server
BOTKIT_IVR_SPEAK      program that is given a file name and reads a sentence from its input; it writes 8 kHz mono WAV
BOTKIT_IVR_RECOGNISE  program that is given a WAV file and prints {"text": …, "confidence": 0…1}; without it, keys only
BOTKIT_IVR_SOUNDS     folder for what was spoken, /var/spool/asterisk/botkit; sentences said before are not made again
"""

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

KEYS = "0123456789*#"
HTTP_SECONDS, TRIES, PAUSE = 10, 4, 1.0
FIRST_KEY_SECONDS, NEXT_KEY_SECONDS, BEFORE_QUEUE_SECONDS = 6, 4, 2
SPEAK_SECONDS = 10


class HungUp(Exception):
    """The caller has gone; the extension h tells the server."""


class Asterisk:
    """AGI: commands to standard output, one reply line each on standard input."""

    def __init__(self, source, target):
        self._source, self._target = source, target
        self.environment = {}
        for line in iter(source.readline, ""):
            name, _, value = line.strip().partition(":")
            if not name:
                break
            self.environment[name] = value.strip()

    def command(self, *words):
        """The number after `result=`, and what stands in brackets after it."""
        first, *others = words
        self._target.write(" ".join([first, *map(_quoted, others)]) + "\n")
        self._target.flush()
        line = self._source.readline()
        while line.startswith("HANGUP"):
            line = self._source.readline()
        if not line or not line.startswith("200 result="):
            raise HungUp(line.strip())
        number, _, rest = line[len("200 result=") :].strip().partition(" ")
        if number == "-1":
            raise HungUp("-1")
        return int(number or 0), rest.partition("(")[2].rpartition(")")[0]

    def get(self, name):
        return self.command("GET VARIABLE", name)[1]

    def set(self, name, value):
        self.command("SET VARIABLE", name, str(value))

    def log(self, sentence):
        """Into Asterisk's own log; what a script writes to its console is seen by nobody."""
        self.command("EXEC", "Log", f"ERROR,{sentence}")


def _quoted(word):
    clean = " ".join(str(word).split())
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Server:
    """The webhook. A request that fails is repeated as it is: the server answers each turn once."""

    def __init__(self, url, secret, call_id, number):
        self._url, self._secret = url, secret.encode()
        self._call_id, self._number = call_id, number

    def ask(self, event, turn, **fields):
        asked = {"call_id": self._call_id, "event": event, "turn": turn, **fields}
        if self._number:
            asked["number"] = self._number
        body = json.dumps(asked).encode()
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE)
            try:
                with urllib.request.urlopen(self._request(body), timeout=HTTP_SECONDS) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise
            except (OSError, ValueError):
                pass
        raise OSError(f"no answer from {self._url}")

    def _request(self, body):
        stamp = str(int(time.time()))
        signature = hmac.new(self._secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Botkit-Timestamp": stamp, "X-Botkit-Signature": signature}
        return urllib.request.Request(self._url, body, headers)


class Call:
    """One caller. Which turn it is stands in a variable of the channel, so that he may come back from a queue."""

    def __init__(self, asterisk, server, environment):
        self._asterisk, self._server = asterisk, server
        self._speak = environment.get("BOTKIT_IVR_SPEAK", "/usr/local/bin/botkit-speak")
        self._recognise = environment.get("BOTKIT_IVR_RECOGNISE", "")
        self.sounds = environment.get("BOTKIT_IVR_SOUNDS", "/var/spool/asterisk/botkit")

    def talk(self, key=""):
        begun = self._asterisk.get("BOTKIT_TURN") != ""
        answer = self._ask("input", keys=key) if begun and key else self._ask("again" if begun else "start")
        while True:
            if answer.get("again"):
                self._say(answer)
                answer = self._ask("again")
                continue
            said = self._say(answer)
            if answer.get("hangup"):
                return self._leave("hangup")
            heard = self._listen(answer, said)
            if "transfer" in answer and heard is None:
                return self._to_queue(answer["transfer"])
            answer = self._ask("no_input") if heard is None else self._ask(*heard[:1], **heard[1])

    def hang_up(self):
        if self._asterisk.get("BOTKIT_TURN") != "":
            self._ask("hangup")

    def _ask(self, event, **fields):
        turn = int(self._asterisk.get("BOTKIT_TURN") or -1) + 1
        self._asterisk.set("BOTKIT_TURN", turn)
        return self._server.ask(event, turn, **fields)

    def _leave(self, way):
        self._asterisk.set("BOTKIT_NEXT", way)

    def _to_queue(self, transfer):
        for name in ("queue", "summary", "conversation"):
            self._asterisk.set(f"BOTKIT_{name.upper()}", transfer[name])
        self._leave("queue")

    def _say(self, answer):
        """Speak; the key with which the caller cut in, or an empty text."""
        keys = KEYS if answer.get("barge_in") else ""
        for sentence in answer["say"]:
            pressed, _ = self._asterisk.command("STREAM FILE", self._spoken(sentence), keys)
            if pressed:
                return chr(pressed)
        return ""

    def _spoken(self, sentence):
        """The name of the sound without its ending, made where it has not been said before."""
        name = os.path.join(self.sounds, hashlib.sha256(sentence.encode()).hexdigest()[:32])
        if not os.path.exists(name + ".wav"):
            self.speak(sentence, name)
        return name

    def speak(self, sentence, name):
        os.makedirs(self.sounds, exist_ok=True)
        half = f"{name}.{os.getpid()}.wav"
        subprocess.run([self._speak, half], input=sentence.encode(), check=True, timeout=SPEAK_SECONDS)
        os.replace(half, name + ".wav")

    def _listen(self, answer, pressed):
        """What is to be asked next: (event, fields); None where nothing came."""
        if answer["expect"] == "digits":
            keys = self._digits(pressed, answer["max_digits"])
        elif "transfer" in answer:
            keys = pressed or self._key(BEFORE_QUEUE_SECONDS)
        elif pressed or not self._recognise:
            keys = pressed or self._key(FIRST_KEY_SECONDS)
        else:
            return self._speech()
        return ("input", {"keys": keys}) if keys else None

    def _digits(self, pressed, most):
        keys = pressed
        while len(keys) < most and not keys.endswith("#"):
            key = self._key(NEXT_KEY_SECONDS if keys else FIRST_KEY_SECONDS)
            if not key:
                break
            keys += key
        return keys

    def _key(self, seconds):
        pressed, _ = self._asterisk.command("WAIT FOR DIGIT", seconds * 1000)
        return chr(pressed) if pressed else ""

    def _speech(self):
        name = os.path.join(self.sounds, f"said-{os.getpid()}")
        os.makedirs(self.sounds, exist_ok=True)
        try:
            pressed, how = self._asterisk.command("RECORD FILE", name, "wav", KEYS, 10000, 0, "s=2")
            if pressed and "dtmf" in how:
                return "input", {"keys": chr(pressed)}
            found = subprocess.run([self._recognise, name + ".wav"], stdout=subprocess.PIPE, timeout=SPEAK_SECONDS)
            if found.returncode:
                return "no_match", {}
            heard = json.loads(found.stdout or b"{}")
            text = str(heard.get("text") or "").strip()[:2000]
            return ("input", {"text": text, "confidence": heard.get("confidence", 1)}) if text else None
        except (subprocess.SubprocessError, ValueError):
            return "no_match", {}
        finally:
            if os.path.exists(name + ".wav"):
                os.remove(name + ".wav")


def check(environment):
    """Says what is wrong, and 1; 0 where a call would be answered."""
    server, call = _server(environment, "check", ""), Call(None, None, environment)
    try:
        server.ask("hangup", 0)
    except urllib.error.HTTPError as error:
        if error.code != 404:  # that there is no such call is told only to who may ask
            print(f"{error.url}: {error.code} {error.read().decode(errors='replace')}", file=sys.stderr)
            return 1
    print("the server answers")
    voice = os.path.join(call.sounds, "check")
    call.speak("您好。", voice)
    print(f"the voice is {voice}.wav")
    return 0


def _server(environment, call_id, number):
    secret = environment.get("BOTKIT_IVR_SECRET", "")
    if not secret:
        raise OSError("BOTKIT_IVR_SECRET is not in the environment of Asterisk")
    return Server(environment.get("BOTKIT_IVR_URL", "http://127.0.0.1:5005/webhooks/ivr"), secret, call_id, number)


def main():
    if sys.argv[1:] == ["check"]:
        try:
            return check(os.environ)
        except (OSError, subprocess.SubprocessError) as error:
            print(error, file=sys.stderr)
            return 1
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # Asterisk's word that he hung up: what is recorded is still removed
    asterisk = Asterisk(sys.stdin, sys.stdout)
    what, number, key = [*sys.argv[1:], "", "", ""][:3]
    try:
        call = Call(asterisk, _server(os.environ, asterisk.environment["agi_uniqueid"], number), os.environ)
        if what == "hangup":
            call.hang_up()
        else:
            call.talk(key)
    except HungUp:
        return 0
    except Exception as error:
        try:
            asterisk.log(f"botkit_ivr: {type(error).__name__}: {error}")
            asterisk.set("BOTKIT_NEXT", "failed")
        except HungUp:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
