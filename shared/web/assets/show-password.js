// Adds 「パスワードを表示する」 to a form, and sends the form once however often its button is clicked. Without
// scripts the box stays hidden.
"use strict";
document.querySelectorAll("[data-show-password]").forEach((choice, number) => {
  const box = choice.querySelector("input");
  const form = choice.closest("form");
  const fields = form.querySelectorAll("input[type=password]");
  const show = (shown) => fields.forEach((field) => { field.type = shown ? "text" : "password"; });
  box.id = "show-password-" + number;
  choice.querySelector("label").htmlFor = box.id;
  box.addEventListener("change", () => show(box.checked));
  // A browser offers to remember passwords, not texts.
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    show(false);
  });
  // Back to a page that the browser kept.
  window.addEventListener("pageshow", () => { sent = false; });
  choice.hidden = false;
});
