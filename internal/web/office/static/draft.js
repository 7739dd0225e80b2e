// The pages of items: a reviewer's remarks, which the editor collects, go into the form that
// hands in the opinion. A page without script takes the remarks in the opinion itself.
document.addEventListener("editor:remark", (e) => {
  const form = document.getElementById(e.target.dataset.remarksTo || "");
  if (!form) return;
  const { from, to, quote, text } = e.detail;
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "remark";
  input.value = [from, to, quote.replace(/\s+/g, " "), text].join("\n");
  form.append(input);
});
