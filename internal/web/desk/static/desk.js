// What makes handing in reports easier: dropping, pasting, a word while it takes time.
// Everything works without it.
document.documentElement.classList.add("scripted");

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  const busy = form.querySelector("[data-busy]");

  const list = () => {
    const names = [...input.files].map((f) => f.name);
    chosen.textContent = names.length > 4 ? `${names.slice(0, 4).join("、")} … (${names.length})` : names.join("、");
  };
  input.addEventListener("change", list);

  form.addEventListener("dragover", (e) => {
    e.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (e) => {
    e.preventDefault();
    form.classList.remove("over");
    if (e.dataTransfer.files.length) hand(e.dataTransfer.files);
  });
  form.addEventListener("submit", () => {
    busy.hidden = false;
  });

  function hand(files) {
    input.files = files;
    list();
    form.requestSubmit();
  }

  // Files pasted anywhere on the page, as from a file manager or a mail.
  document.addEventListener("paste", (e) => {
    if (e.clipboardData.files.length && !e.clipboardData.types.includes("text/plain")) {
      e.preventDefault();
      hand(e.clipboardData.files);
    }
  });
}
window.addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("[data-busy]")) busy.hidden = true;
});
// A file dropped beside the zone must not replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (e) => e.preventDefault());

// Text pasted with its tables: the clipboard's HTML keeps merged cells that plain text
// loses. It is sent instead of the text as long as the text stays as it was pasted.
for (const area of document.querySelectorAll("textarea[data-paste]")) {
  const html = area.form.querySelector("[data-html]");
  let pasted = "";
  area.addEventListener("paste", (e) => {
    const rich = e.clipboardData.getData("text/html");
    if (area.value === "" && /<table/i.test(rich)) {
      html.value = rich;
      setTimeout(() => { pasted = area.value; });
    } else {
      html.value = "";
    }
  });
  area.form.addEventListener("submit", () => {
    if (html.value === "") return;
    if (area.value === pasted && pasted !== "") area.removeAttribute("name");
    else html.value = "";
  });
}
