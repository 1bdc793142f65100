/* The one line to embed: <script src="https://…/widget.js" defer></script>. Puts <botkit-chat> on the page.
 *
 * Options, all as attributes of the script tag:
 *   data-server    where the chat server is, if it is not where this script comes from
 *   data-title     heading of the chat
 *   data-greeting  a short sentence beside the closed button
 *   data-position  "right" (default) or "left"
 *   data-open      open at once
 *   data-theme     "light" or "dark"; without it the system decides
 *   data-hotline   telephone number shown when the chat cannot be reached
 *
 * Any element of the page with data-botkit-ask="…" opens the chat with that text written, ready to be sent;
 * data-botkit-send="…" sends it at once.
 */
(() => {
  const script = document.currentScript;
  const base = new URL("./", script.src);
  const options = script.dataset;
  if (document.querySelector("botkit-chat")) return;

  const chat = document.createElement("botkit-chat");
  chat.setAttribute("server", options.server || base.href);
  if (options.title) chat.setAttribute("heading", options.title);
  if (options.open !== undefined && options.open !== "false") chat.setAttribute("open", "");
  for (const name of ["greeting", "position", "hotline"]) {
    if (options[name]) chat.setAttribute(name, options[name]);
  }
  if (options.theme) chat.dataset.theme = options.theme;

  const ready = import(new URL("web/widget/element.js", base).href);
  ready.catch((error) => console.error("botkit: the chat could not be loaded", error));

  const start = () => document.body.append(chat);
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);

  document.addEventListener("click", (event) => {
    const asked = event.target.closest?.("[data-botkit-ask], [data-botkit-send]");
    if (!asked) return;
    event.preventDefault();
    const { botkitAsk, botkitSend } = asked.dataset;
    ready.then(() => (botkitSend ? chat.ask(botkitSend) : chat.open({ draft: botkitAsk })));
  });
})();
