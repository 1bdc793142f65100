/* Light or dark as the agent chose, set before anything is painted. Not a module, because those wait for the page. */

try {
  const theme = JSON.parse(localStorage.getItem("botkit desk theme"));
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  /* then the system decides */
}
