/* Changing one's own password. */

import { h } from "../dom.js";
import { request } from "../server.js";
import { strings } from "../strings.js";
import { field, openDialog } from "./dialog.js";

const SHORTEST = 10;

export function changePassword({ toast }) {
  const input = (name, autocomplete, attributes = {}) =>
    h("input", { type: "password", name, autocomplete, required: true, maxlength: "200", ...attributes });
  return openDialog({
    title: strings.changePassword,
    body: [
      field(strings.oldPassword, input("old", "current-password", { autofocus: true })),
      field(strings.newPassword, input("new", "new-password", { minlength: SHORTEST }), strings.passwordHint(SHORTEST)),
      field(strings.newPasswordAgain, input("again", "new-password")),
    ],
    yes: strings.changePassword,
    act: async ({ old, new: fresh, again }) => {
      if (fresh !== again) throw new Error(strings.passwordsDiffer);
      await request("/desk/password", { old, new: fresh });
      toast(strings.passwordChanged);
      return true;
    },
  });
}
