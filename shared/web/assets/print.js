// Adds 「印刷する」. Without scripts the browser's own menu prints the page.
"use strict";
document.querySelectorAll("[data-print]").forEach((place) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = place.dataset.print;
  button.addEventListener("click", () => window.print());
  place.append(button);
});
