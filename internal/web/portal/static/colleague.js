// The secret of a colleague's link stands behind its #, which browsers send to nobody. It is put
// into the form and taken out of the address, so that it stays in no history.
const form = document.querySelector('form[data-secret]');
if (form && location.hash.length > 1) {
  document.getElementById(form.dataset.secret).value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
  form.requestSubmit();
}
