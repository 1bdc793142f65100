/* A question that is answered with yes or no. */

import { h } from "../dom.js";
import { openDialog } from "./dialog.js";

export const confirm = ({ title, text, yes, act }) => openDialog({ title, body: h("p", {}, text), yes, act });
