// Adds 「コピー」 after each text that people hand on. Without scripts the text can be selected.
"use strict";
document.querySelectorAll("[data-copy]").forEach((text) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "コピー";
  button.setAttribute("aria-label", text.dataset.copy + "をコピー");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "quiet";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "コピーしました";
    } catch {
      // Not allowed here: the text is selected instead, for the keyboard.
      window.getSelection().selectAllChildren(text);
      said.textContent = "選択しました。コピーしてください";
    }
  });
  text.after(" ", button, " ", said);
});
