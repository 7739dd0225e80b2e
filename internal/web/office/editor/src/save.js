// Saving while writing: some seconds after the last change, in the text or in another field,
// the form is posted as it stands. The answer names the next version; 409 means that someone
// else saved first. The page's other forms lead away: what was written is saved before.
const quiet = 2500, longest = 20000, again = [5000, 10000, 20000, 30000];

export class Saver {
  constructor({ url, form, textarea, sync, show, t, compare }) {
    Object.assign(this, { url, form, textarea, sync, show, t, compare });
    this.state = "saved";
    this.tries = 0;
    this.leaving = (e) => { if (this.state !== "saved") { e.preventDefault(); e.returnValue = ""; } };
    window.addEventListener("beforeunload", this.leaving);
    if (!form) return;
    form.addEventListener("submit", () => { sync(); this.gone = true; window.removeEventListener("beforeunload", this.leaving); clearTimeout(this.timer); });
    if (!url) return;
    form.addEventListener("input", (e) => { if (e.target.name && e.target !== textarea) this.changed(); });
    document.addEventListener("submit", (e) => this.leave(e), true);
  }

  // leave saves what was written before another form of the page goes, and lets nobody else
  // know that the form was to go before it does. Where that fails the browser asks whether to
  // leave.
  async leave(e) {
    const other = e.target;
    if (other === this.form || other.method !== "post" || this.state === "saved" || this.passing) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (this.held) return;
    this.held = true;
    while (this.busy) await new Promise((done) => setTimeout(done, 50));
    await this.save();
    this.held = false;
    this.passing = true;
    other.requestSubmit(e.submitter);
    this.passing = false;
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
      this.renumber(answer.version);
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

  // renumber writes the next version into this form and the page's others, which would
  // otherwise be refused as written for an older one.
  renumber(version) {
    const field = this.field("version");
    if (!field || version === undefined) return;
    const old = field.value;
    for (const f of document.querySelectorAll('input[name="version"]')) if (f.value === old) f.value = version;
  }

  failed() {
    if (this.gone) return;
    this.dirty = true;
    this.set("offline");
    this.plan(again[Math.min(this.tries++, again.length - 1)]);
  }
}
