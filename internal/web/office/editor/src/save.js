// Saving while writing: some seconds after the last change the form is posted as it stands.
// The answer names the next version; 409 means that someone else saved first.
const quiet = 2500, longest = 20000, again = [5000, 10000, 20000, 30000];

export class Saver {
  constructor({ url, form, textarea, sync, show, t, compare }) {
    Object.assign(this, { url, form, textarea, sync, show, t, compare });
    this.state = "saved";
    this.tries = 0;
    this.leaving = (e) => { if (this.state !== "saved") { e.preventDefault(); e.returnValue = ""; } };
    window.addEventListener("beforeunload", this.leaving);
    if (form) form.addEventListener("submit", () => { sync(); window.removeEventListener("beforeunload", this.leaving); clearTimeout(this.timer); });
  }

  changed() {
    this.dirty = true;
    this.first = this.first || Date.now();
    if (this.state === "conflict" || this.state === "ended") return;
    this.set("unsaved");
    if (this.url) this.plan(Math.min(quiet, Math.max(0, this.first + longest - Date.now())));
  }

  plan(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  set(state, detail) {
    this.state = state;
    this.show(state, detail || {});
  }

  field(name) { return this.form && this.form.elements.namedItem(name); }

  async save() {
    clearTimeout(this.timer);
    if (!this.url || this.busy || !this.dirty) return;
    this.busy = true;
    this.dirty = false;
    this.first = 0;
    this.sync();
    this.set("saving");
    try { await this.post(); } catch { this.failed(); }
    this.busy = false;
    if (this.dirty && this.state === "saved") this.changed();
  }

  async post() {
    const body = new URLSearchParams();
    if (this.form) for (const [k, v] of new FormData(this.form)) { if (typeof v === "string") body.append(k, v); }
    else body.append(this.textarea.name, this.textarea.value);
    const token = this.field("token");
    const r = await fetch(this.url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", ...(token ? { "X-Form-Token": token.value } : {}) } });
    const answer = await r.json().catch(() => ({}));
    if (r.ok) {
      this.tries = 0;
      const version = this.field("version");
      if (version && answer.version !== undefined) version.value = answer.version;
      this.set("saved", answer);
    } else if (r.status === 409) {
      this.dirty = true;
      this.set("conflict", { compare: answer.compare || this.compare, message: answer.message });
    } else if (r.status === 401 || r.status === 403) {
      this.dirty = true;
      this.set("ended", { message: answer.message });
    } else if (r.status >= 400 && r.status < 500) {
      this.dirty = true;
      this.set("refused", { message: answer.message });
    } else {
      this.failed();
    }
  }

  failed() {
    this.dirty = true;
    this.set("offline");
    this.plan(again[Math.min(this.tries++, again.length - 1)]);
  }
}
