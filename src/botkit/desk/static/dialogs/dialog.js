/* A question in the middle of the screen: a form, a way out, a way on, the server's refusal in words. */

import { h, iconButton } from "../dom.js";
import { strings } from "../strings.js";

let count = 0;

/**
 * Opens it. `act(form data as an object)` is run on submit; what it throws is shown, else the dialog closes.
 * Resolves with what `act` returned, or undefined when it was dismissed.
 */
export function openDialog({ title, body, yes, act, wide = false, no = strings.cancel }) {
  return new Promise((resolve) => {
    const id = `dialog-${++count}`;
    const opener = document.activeElement;
    const problem = h("p", { class: "problem", role: "alert" });
    const submit = yes ? h("button", { type: "submit", class: "button primary" }, yes) : null;
    let result;
    const form = h(
      "form",
      { method: "dialog", onsubmit: onSubmit, onkeydown: submitByCtrlEnter },
      h(
        "header",
        {},
        h("h2", { id }, title),
        iconButton("close", strings.close, () => dialog.close(), { class: "icon-button" }),
      ),
      h("div", { class: "dialog-body" }, body, problem),
      h(
        "footer",
        {},
        submit ? h("span", { class: "muted keys-hint" }, strings.ctrlEnter) : null,
        h("button", { type: "button", class: "button", onclick: () => dialog.close() }, no),
        submit,
      ),
    );
    const dialog = h("dialog", { class: `dialog${wide ? " wide" : ""}`, "aria-labelledby": id }, form);

    async function onSubmit(event) {
      event.preventDefault();
      submit.disabled = true;
      problem.textContent = "";
      try {
        result = await act(Object.fromEntries(new FormData(form)), new FormData(form));
        dialog.close();
      } catch (error) {
        problem.textContent = error.message || strings.unreachable;
        submit.disabled = false;
      }
    }

    function submitByCtrlEnter(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit && !submit.disabled) form.requestSubmit();
    }

    dialog.addEventListener("mousedown", (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus?.();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    (dialog.querySelector("[autofocus]") ?? submit ?? dialog).focus();
  });
}

/** A labelled field. */
export function field(label, input, hint = "") {
  const id = `field-${++count}`;
  input.id = id;
  return h(
    "div",
    { class: "form-field" },
    h("label", { for: id }, label),
    input,
    hint ? h("p", { class: "muted" }, hint) : null,
  );
}

export const select = (name, options, chosen, attributes = {}) =>
  h(
    "select",
    { name, ...attributes },
    options.map(({ id, name: label, disabled }) =>
      h("option", { value: id, selected: String(id) === String(chosen), disabled }, label),
    ),
  );

export const textarea = (name, text = "", attributes = {}) => {
  const area = h("textarea", { name, rows: "4", maxlength: "2000", ...attributes });
  area.value = text;
  return area;
};

/** Radio buttons or checkboxes that look like a row of chips. `options`: [{id, name, hint?, disabled?}]. */
export const choices = (type, name, legend, options, chosen = []) =>
  h(
    "fieldset",
    { class: "chips" },
    h("legend", {}, legend),
    options.map(({ id, name: label, hint, disabled }, index) =>
      h(
        "label",
        { class: "chip-choice" },
        h("input", {
          type,
          name,
          value: id,
          checked: chosen.includes(id),
          disabled,
          autofocus: index === 0 && chosen.length === 0,
        }),
        h("span", {}, label, hint ? h("small", {}, hint) : null),
      ),
    ),
  );
