/* The beginning: who is here? Then the console, or the form to sign in. */

import { Console } from "./console.js";
import { blank, button, skeleton } from "./dom.js";
import { Login } from "./login.js";
import { writing } from "./memory.js";
import { request } from "./server.js";
import { strings } from "./strings.js";

let shown = null;

function show(part) {
  shown?.close?.();
  shown = part;
  document.body.replaceChildren(part.node);
  part.start?.();
}

async function start() {
  document.title = strings.title;
  document.body.replaceChildren(skeleton(3, strings.loading));
  try {
    const { me } = await request("/desk/me");
    work(me);
  } catch (error) {
    if (error.status === 401) signIn();
    else document.body.replaceChildren(blank(strings.unreachable, button(strings.tryAgain, start)));
  }
}

const signIn = (why = "") => show(new Login(work, why));

function work(me) {
  if (writing.get("agent") !== me.id) writing.clear(); // what another agent wrote in this tab is not ours
  writing.set("agent", me.id);
  show(new Console(me, { onSignedOut: signIn }));
}

start();
