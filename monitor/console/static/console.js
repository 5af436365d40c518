// What pages do beside htmx: windows, ticking many, notices. Every page works without it; nothing here asks the network.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Windows over the page: a button names the one that it opens.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      dialog.showModal();
      const choice = dialog.querySelector("input[type=radio]:checked");
      if (choice) choice.focus();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    const dismisser = event.target.closest("[data-dismisses]");
    if (dismisser) dismisser.closest(".toast").remove();
  });

  // A choice that is the whole form is sent as soon as it is made.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  // Ticking entries: the bar shows once there is something to change, and says how many.
  const showBulk = (form) => {
    const ticks = all("input[name=number]", form);
    const chosen = ticks.filter((tick) => tick.checked).length;
    const bar = form.querySelector("[data-bulk-bar]");
    if (!bar) return;
    bar.hidden = chosen === 0;
    const said = bar.querySelector("[data-bulk-count]");
    said.textContent = said.dataset.text.replace("{n}", chosen);
    const whole = form.querySelector("[data-ticks-all]");
    whole.checked = chosen > 0 && chosen === ticks.length;
    whole.indeterminate = chosen > 0 && chosen < ticks.length;
  };
  let last = null;
  document.addEventListener("click", (event) => {
    const tick = event.target;
    if (!tick.matches("[data-bulk] input[name=number]")) return;
    const ticks = all("input[name=number]", tick.form);
    if (event.shiftKey && last && ticks.includes(last)) {
      const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((one, other) => one - other);
      ticks.slice(from, to + 1).forEach((each) => { each.checked = tick.checked; });
    }
    last = tick;
    showBulk(tick.form);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-ticks-all]")) {
      all("input[name=number]", event.target.form).forEach((tick) => { tick.checked = event.target.checked; });
      showBulk(event.target.form);
    }
  });

  // Keys: one that stands at a link or button presses it, unless somebody writes, or a window lies over the page.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });

  // Filters are folded on narrow screens and open on wide ones.
  const fold = () => all("[data-wide-open]").forEach((each) => { each.open = window.innerWidth > 1080; });
  const begin = () => { fold(); all("[data-bulk]").forEach(showBulk); };
  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("htmx:afterSettle", begin);
  window.addEventListener("resize", () => { if (window.innerWidth > 1080) fold(); });

  // Parts of a page that the server keeps true while somebody looks.
  const listen = () => all("[data-events]").forEach((part) => {
    const source = new EventSource(part.dataset.events);
    source.addEventListener("part", (event) => { part.innerHTML = event.data; });
    source.addEventListener("end", () => {
      source.close();
      if (part.dataset.reloads !== undefined) window.location.reload();
    });
  });
  document.addEventListener("DOMContentLoaded", listen);

  // Notices go by themselves, unless somebody is about to use them.
  const fade = () => all(".toast:not(.wrong)").forEach((toast) => {
    setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); }, 12000);
  });
  document.addEventListener("DOMContentLoaded", fade);
})();
