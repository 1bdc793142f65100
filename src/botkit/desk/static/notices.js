/* Calling the agent: a sound, a number in the title, a notification of the browser. Made here, no sound file is loaded. */

import { callWords } from "./calls.js";
import { button, h } from "./dom.js";
import { preferences } from "./memory.js";
import { strings } from "./strings.js";

const TONES = {
  waiting: [660, 880],
  assigned: [660, 880],
  message: [740],
  consult: [587, 740],
  answer: [587, 740],
  promise: [440, 440, 440],
  late: [440, 440, 440],
  undelivered: [587, 440],
};
const APART = 0.16; // seconds between tones
const QUIET_FOR = 1500; // milliseconds in which one sound stands for several calls

export class Notices {
  #audio = null;
  #soundedAt = 0;
  #missed = 0;
  #icon = document.querySelector('link[rel="icon"]');

  /** `onopen(call)`: a notification was pressed. `isLooking(id)`: the agent has that conversation before him. */
  constructor(desk, { onopen, isLooking }) {
    this.desk = desk;
    this.onopen = onopen;
    this.isLooking = isLooking;
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    desk.server.addEventListener("call", ({ detail }) => this.#onCall(detail), { signal });
    desk.addEventListener("counts", () => this.#title(), { signal });
    document.addEventListener("visibilitychange", () => this.#seen(), { signal });
    for (const name of ["pointerdown", "keydown"])
      document.addEventListener(name, () => this.#wake(), { signal, once: true }); // a browser is silent until touched
  }

  close() {
    this.leaving.abort();
    this.#audio?.close();
    document.title = strings.title;
  }

  get sound() {
    return preferences.get("sound", true);
  }

  set sound(on) {
    preferences.set("sound", on);
    if (on) this.#play(TONES.message);
  }

  get permission() {
    return "Notification" in window ? Notification.permission : "unavailable";
  }

  async askPermission() {
    if (this.permission === "default") await Notification.requestPermission();
    return this.permission;
  }

  /** Puts the question whether to notify into `place`, until it has been answered once. */
  offer(place, toast) {
    if (this.permission !== "default" || preferences.get("asked")) return;
    const answer = (act) => async () => {
      preferences.set("asked", true);
      place.replaceChildren();
      await act();
    };
    place.replaceChildren(
      h(
        "div",
        { class: "offer-notices" },
        h("p", {}, strings.offerNotifications),
        button(
          strings.allow,
          answer(async () => toast(strings.permissions[await this.askPermission()])),
        ),
        button(
          strings.notNow,
          answer(() => {}),
        ),
      ),
    );
  }

  #onCall(call) {
    const { id, kind } = call;
    const looking = !document.hidden && document.hasFocus() && this.isLooking(id);
    if (looking && kind === "message") return;
    if (this.sound) this.#play(TONES[kind] ?? TONES.message);
    if (!document.hidden && document.hasFocus()) return;
    this.#missed += 1;
    this.#title();
    if (this.permission !== "granted") return;
    try {
      const { title, body } = callWords(this.desk, call);
      const notification = new Notification(title, {
        body,
        tag: `${kind} ${id}`,
        icon: this.#icon?.href,
      });
      notification.addEventListener("click", () => {
        window.focus();
        this.onopen(call);
        notification.close();
      });
    } catch {
      /* phones only allow them from a service worker: the sound has to do */
    }
  }

  #seen() {
    if (document.hidden) return;
    this.#missed = 0;
    this.#title();
  }

  /** (3) in front: what was missed, or else who waits. */
  #title() {
    const count = this.#missed || this.desk.counts.waiting || 0;
    document.title = count > 0 ? strings.titleWith(count) : strings.title;
  }

  #wake() {
    try {
      this.#audio ??= new AudioContext();
      if (this.#audio.state === "suspended") this.#audio.resume();
    } catch {
      /* no sound here */
    }
  }

  #play(tones) {
    if (Date.now() - this.#soundedAt < QUIET_FOR) return;
    this.#soundedAt = Date.now();
    this.#wake();
    if (this.#audio?.state !== "running") return;
    tones.forEach((frequency, index) => tone(this.#audio, frequency, this.#audio.currentTime + index * APART));
  }
}

function tone(audio, frequency, at) {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + APART * 1.6);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + APART * 1.8);
}
