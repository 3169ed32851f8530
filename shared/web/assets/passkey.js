// Lets a form register or use a passkey: asks our server for the options and the browser for the passkey, and
// submits the answer with the form. Without scripts or WebAuthn the form stays hidden, and the page says so.
"use strict";
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// PublicKeyCredential.parseCreationOptionsFromJSON() and toJSON() are younger than the browsers that we support.
const readable = (options) => {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const passkey of list || []) passkey.id = bytes(passkey.id);
  return options;
};
const written = ({ rawId, type, response }) => {
  const answer = { id: base64url(rawId), rawId: base64url(rawId), type, clientExtensionResults: {}, response: {} };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) answer.response[part] = base64url(response[part]);
  if (response.getTransports) answer.response.transports = response.getTransports();
  return JSON.stringify(answer);
};

const optionsOf = async (form) => {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  const read = await answer.json();
  // Who signed in a while ago proves first who they are.
  if (read.code === "confirmation_required") location.assign("/account/confirm?return_to=%2Faccount");
  if (!answer.ok) throw new Error(read.detail);
  return readable(read);
};
const reasonOf = (error) => {
  if (error.name === "InvalidStateError") return "この端末のパスキーは登録済みです。";
  if (error instanceof DOMException)
    return "パスキーを確認できませんでした。画面ロック(PIN・指紋・顔など)を設定した端末で、もう一度お試しください。";
  return error.message || "通信できませんでした。もう一度お試しください。";
};

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential) return;
  const button = form.querySelector("button");
  const problem = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.hidden = true;
    try {
      const publicKey = await optionsOf(form);
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.answer.value = written(credential);
      form.submit();
    } catch (error) {
      problem.textContent = reasonOf(error);
      problem.hidden = false;
      button.disabled = false;
    }
  });
  form.hidden = false;
  form.parentElement.querySelector("[data-no-passkey]").hidden = true;
});
