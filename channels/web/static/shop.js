/* The shop page: demo numbers and plans from /demo.json, the embed snippet. */

import { copyText, h } from "./widget/dom.js";

const MOST_PLANS = 4;
const MOST_CUSTOMERS = 6; // at first

const customerList = document.querySelector("#customers");
const planList = document.querySelector("#plan-list");
const moreCustomers = document.querySelector("#customers-more");
const problem = document.querySelector("#customers-problem");
const snippet = document.querySelector("#snippet");

const spaced = (phone) => phone.replace(/^(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3");

async function copyFrom(button, text) {
  const label = button.textContent;
  button.textContent = (await copyText(text, document)) ? "已复制" : "没能复制";
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}

function customerView({ phone, name, plan, phone_model: model, shows }) {
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("p", { class: "phone" }, spaced(phone), h("span", { class: "who" }, name)),
      h("p", { class: "what" }, [plan, model].filter(Boolean).join(" · ")),
      shows ? h("p", { class: "what" }, shows) : null,
    ),
    h(
      "button",
      {
        type: "button",
        class: "plain",
        "aria-label": `复制号码 ${phone}`,
        onclick: (event) => copyFrom(event.currentTarget, phone),
      },
      "复制号码",
    ),
  );
}

function planView({ name, monthly_fee: fee }) {
  return h(
    "li",
    {},
    h("p", {}, name),
    h("p", { class: "fee" }, h("b", {}, String(fee)), " 元/月"),
  );
}

/** Outside demo mode there is no /demo.json: then the box of demo numbers is not for this page. */
async function load() {
  problem.hidden = true;
  try {
    const response = await fetch("/demo.json");
    if (response.status === 404) {
      document.querySelector("#demo-box").hidden = true;
      showPlans([]);
      return;
    }
    if (!response.ok) throw new Error(String(response.status));
    const { customers, plans } = await response.json();
    showCustomers(customers);
    showPlans((plans ?? []).filter((plan) => plan.on_sale));
  } catch {
    customerList.replaceChildren();
    problem.hidden = false;
    showPlans([]);
  }
  customerList.removeAttribute("aria-busy");
}

function showCustomers(customers) {
  const views = customers.map(customerView);
  customerList.replaceChildren(...views.slice(0, MOST_CUSTOMERS));
  moreCustomers.hidden = views.length <= MOST_CUSTOMERS;
  moreCustomers.textContent = `看全部 ${views.length} 个号码`;
  moreCustomers.onclick = () => {
    customerList.replaceChildren(...views);
    moreCustomers.hidden = true;
    views[MOST_CUSTOMERS].querySelector("button").focus();
  };
}

function showPlans(plans) {
  planList.replaceChildren(...plans.slice(0, MOST_PLANS).map(planView));
  planList.hidden = plans.length === 0;
  planList.removeAttribute("aria-busy");
}

snippet.textContent = `<script src="${location.origin}/widget.js" defer></script>`;
document
  .querySelector("#copy-snippet")
  .addEventListener("click", (event) => copyFrom(event.currentTarget, snippet.textContent));
document.querySelector("#customers-again").addEventListener("click", load);
load();
