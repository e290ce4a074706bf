// Comfort only: a second click sends nothing, and a form says that it is at work.
"use strict";
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const busy = form.querySelector(".busy");
    if (busy) busy.hidden = false;
    setTimeout(() => form.querySelectorAll("button").forEach((one) => { one.disabled = true; }));
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((one) => { one.disabled = false; });
    const busy = form.querySelector(".busy");
    if (busy) busy.hidden = true;
  }
});
