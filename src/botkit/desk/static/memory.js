/* What the browser remembers. What was written for customers only until the tab is closed: desks share their computers. */

function kept(storage, prefix) {
  const fallback = new Map();
  return {
    get(name, otherwise = null) {
      try {
        const text = storage().getItem(prefix + name);
        return text === null ? otherwise : JSON.parse(text);
      } catch {
        return fallback.has(name) ? fallback.get(name) : otherwise;
      }
    },
    set(name, value) {
      try {
        if (value === null) storage().removeItem(prefix + name);
        else storage().setItem(prefix + name, JSON.stringify(value));
      } catch {
        fallback.set(name, value);
      }
    },
    clear() {
      fallback.clear();
      try {
        for (const name of Object.keys(storage())) if (name.startsWith(prefix)) storage().removeItem(name);
      } catch {
        /* nothing was kept */
      }
    },
  };
}

/** Choices of this browser: sound, theme, notifications. */
export const preferences = kept(() => localStorage, "botkit desk ");

/** Drafts and unsent messages: gone with the tab, and with signing out. */
export const writing = kept(() => sessionStorage, "botkit desk writing ");
