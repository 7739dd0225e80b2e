// Suggestions below search boxes; the boxes work without.
for (const input of document.querySelectorAll('input[data-suggest]')) {
  const list = document.createElement('ul');
  list.id = input.id + '-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.dataset.label);
  list.className = 'suggestions';
  list.hidden = true;
  input.closest('.suggesting').append(list);
  for (const [k, v] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id, autocomplete: 'off' })) input.setAttribute(k, v);
  let at = -1, timer, asked = '', busy = false, abort;
  const options = () => [...list.children];
  const show = (open) => {
    list.hidden = !open || !list.children.length;
    input.setAttribute('aria-expanded', String(!list.hidden));
    if (list.hidden) mark(-1);
  };
  const mark = (n) => {
    at = n;
    options().forEach((o, i) => o.setAttribute('aria-selected', String(i === n)));
    if (n < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', options()[n].id);
    options()[n].scrollIntoView({ block: 'nearest' });
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked || busy) return;
    asked = text;
    if (!text) { list.replaceChildren(); return show(false); }
    abort?.abort();
    abort = new AbortController();
    try {
      const q = new URLSearchParams(new FormData(input.form));
      q.set('q', text);
      const answer = await fetch(input.dataset.suggest + '?' + q, { signal: abort.signal });
      if (!answer.ok) return;
      const all = await answer.json();
      list.replaceChildren(...all.map((s, i) => {
        const o = document.createElement('li'), a = document.createElement('a');
        o.id = list.id + '-' + i;
        o.setAttribute('role', 'option');
        o.setAttribute('aria-selected', 'false');
        a.href = s.href;
        a.tabIndex = -1;
        a.textContent = s.text;
        o.append(a);
        return o;
      }));
      at = -1;
      show(document.activeElement === input);
    } catch (e) { if (e.name !== 'AbortError') show(false); }
  };
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener('compositionstart', () => { busy = true; });
  input.addEventListener('compositionend', () => { busy = false; ask(); });
  input.addEventListener('keydown', (e) => {
    const n = list.children.length;
    if (e.isComposing) return;
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && n) {
      e.preventDefault();
      if (list.hidden) show(true);
      mark(e.key === 'ArrowDown' ? (at + 1) % n : (at < 1 ? n : at) - 1);
    } else if (e.key === 'Enter' && at >= 0 && !list.hidden) {
      e.preventDefault();
      options()[at].firstChild.click();
    } else if (e.key === 'Escape' && !list.hidden) {
      e.preventDefault();
      show(false);
    }
  });
  input.addEventListener('blur', () => setTimeout(() => show(false), 200));
}
