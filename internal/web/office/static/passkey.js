// Passkeys: the browser's part of showing one and of making one. Pages offer them only where
// the browser can; passwords and codes work without.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// unpack turns the texts of the server's options into the bytes the browser wants.
function unpack(options) {
  const o = structuredClone(options.publicKey);
  o.challenge = bytes(o.challenge);
  if (o.user) o.user.id = bytes(o.user.id);
  for (const c of [...(o.allowCredentials ?? []), ...(o.excludeCredentials ?? [])]) c.id = bytes(c.id);
  return { publicKey: o };
}

// pack turns a credential into what the server reads.
function pack(c) {
  const r = c.response;
  const response = { clientDataJSON: text(r.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (r[name]) response[name] = text(r[name]);
  }
  if (r.getTransports) response.transports = r.getTransports();
  return {
    id: c.id, rawId: text(c.rawId), type: c.type, response,
    authenticatorAttachment: c.authenticatorAttachment ?? undefined,
    clientExtensionResults: c.getClientExtensionResults(),
  };
}

async function post(url, token, body) {
  const answer = await fetch(url, {
    method: "POST", headers: { "X-Form-Token": token, "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  box.hidden = false;
  const trouble = box.querySelector("[role=alert]");
  const making = "make" in box.dataset;
  box.querySelector("button").addEventListener("click", async (e) => {
    e.preventDefault();
    trouble.hidden = true;
    try {
      const name = box.querySelector("[data-name]")?.value;
      const begun = await post(`${box.dataset.passkey}/begin`, box.dataset.token, { password: box.querySelector("[data-old]")?.value });
      const options = unpack(begun.options);
      const credential = making ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
      const done = await post(`${box.dataset.passkey}/finish`, box.dataset.token, {
        credential: pack(credential), name, next: document.querySelector("input[name=next]")?.value,
      });
      if (!done.codes?.length) {
        location.assign(done.next);
        return;
      }
      const list = box.querySelector("[data-codes]");
      list.hidden = false;
      list.querySelector("ol").replaceChildren(...done.codes.map((code) => Object.assign(document.createElement("li"), { textContent: code })));
    } catch {
      trouble.hidden = false;
    }
  });
}
