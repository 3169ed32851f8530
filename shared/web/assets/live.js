// What is marked with data-live changes while one looks at it: it is fetched anew every two seconds. When
// a part of it is no longer there, the whole page has become another one and is loaded.
"use strict";

const PAUSE = 2000;

async function look() {
  try {
    const answer = await fetch(location.href);
    if (answer.status === 429 || answer.status >= 500) {
      throw new Error("busy");
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const shown of document.querySelectorAll("[data-live]")) {
      const fresh = answer.ok && page.getElementById(shown.id);
      if (!fresh) {
        location.reload();
        return;
      }
      // Screen readers would tell the same again.
      if (shown.innerHTML !== fresh.innerHTML) {
        shown.replaceChildren(...fresh.childNodes);
      }
    }
  } catch {
    // No connection, or nobody who has time: the next look may be luckier.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
